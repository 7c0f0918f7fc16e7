// What functions that search in strings share: the pattern among their arguments, and the steps a search costs.
#pragma once

#include <string_view>

#include "common/base/utf8.h"
#include "common/lang/core/arguments.h"
#include "common/lang/core/pattern.h"

namespace onyx::lang::core {

const Pattern& pattern_of(std::string_view function, const Value& value);

// Steps in proportion to the bytes that native code will look at.
void count_search(Call& call, std::size_t bytes);

// The same for one of many matches: a pattern may look far ahead before it settles for a short match, so a share of
// what follows counts too.
void count_match(Call& call, std::size_t progress, std::size_t rest);

inline std::size_t after_character(std::string_view text, std::size_t at) {
  decode_utf8(text, at);
  return at;
}

}  // namespace onyx::lang::core
