// The pieces that one-line and pretty printing share.
#pragma once

#include <string>
#include <string_view>

#include "common/edn/value.h"

namespace onyx::edn {

// Anything that holds no other value.
void print_leaf(const Value& value, std::string& out);
// The opening bracket, or the tag and a space.
void print_opening(Kind kind, const Value& collection, std::string& out);
std::string_view closing_of(Kind kind);

}  // namespace onyx::edn
