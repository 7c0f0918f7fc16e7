// The seq input: segments from a sequence that the job carries, in order, then the end.
//
// Shape:   the sequence is `:seq/seq` of the event map (put there by a before-task-start hook), else `:seq/sequential` of the
//          catalog entry. Every element is a segment, so a map; nil, false or anything else is refused by its position.
// Errors:  of start(): no sequence, not a sequence, an element that is no segment.
// Source:  Onyx seq plugin, which ends at the first nil or false.
#pragma once

#include "daemon/plugins/registry.h"

namespace onyx::plugins {

PluginKind seq_input_kind();  // :onyx.plugin.seq/input

}  // namespace onyx::plugins
