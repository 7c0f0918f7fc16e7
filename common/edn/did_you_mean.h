// The nearest of the names that would have been right.
//
// Source:  spec of validation: Levenshtein distance with transpositions; at most a third of the length, and 5, away; ties
//          in order of declaration. Namespaces are compared as well as names.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace onyx::edn {

// Edits (insert, remove, replace, swap two neighbours) from `a` to `b`, in code points; `limit` + 1 when more.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

// The candidates near `found`, best first, at most `most`. Texts of keywords or symbols with or without their colon, or
// any other words; `found` itself is not suggested.
std::vector<std::string> did_you_mean(std::string_view found,
                                      std::span<const std::string> candidates,
                                      std::size_t most = 3);

}  // namespace onyx::edn
