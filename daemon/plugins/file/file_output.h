// The file output: one file a peer, which appears under its name when the job completes.
//
// Thread:  making it durable and renaming it happens on a thread of its own; the task is woken when that is done.
// Errors:  a directory that is missing or may not be written, a file that exists under :fail, a full disk, a segment that the
//          format cannot say.
#pragma once

#include "daemon/plugins/registry.h"

namespace onyx::plugins {

PluginKind file_output_kind();  // :onyx.plugin.file/output

}  // namespace onyx::plugins
