// The generator input: copies of a few segments with a running number, as fast as they are taken; for benchmarks.
//
// Shape:   `:generator/segment` the map to copy (default {}), or `:generator/cycle` a vector of maps to copy in turn;
//          `:generator/counter` the key that counts 0, 1, 2 … (default none), `:generator/segments` how many in all (a number;
//          absent or :unlimited: without end). With several peers the peer in slot s of n makes the numbers s, s + n, s + 2n …
// Errors:  of start(): a key of the wrong kind.
#pragma once

#include "daemon/plugins/registry.h"

namespace onyx::plugins {

PluginKind generator_input_kind();  // :onyx.plugin.generator/input

}  // namespace onyx::plugins
