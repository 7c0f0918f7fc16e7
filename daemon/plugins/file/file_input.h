// The file input: the segments of one or more files, to their end.
//
// Shape:   slot s of n takes files s, s + n, … in the order of their names.
// Errors:  a missing file, a file outside the daemon's roots, a bad line under :fail: with file:line.
#pragma once

#include "daemon/plugins/registry.h"

namespace onyx::plugins {

PluginKind file_input_kind();  // :onyx.plugin.file/input

}  // namespace onyx::plugins
