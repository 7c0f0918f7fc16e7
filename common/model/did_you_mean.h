// The names that someone who wrote another name probably meant.
//
// Shape:   names are texts without colon, "ns/name". A swap of neighbours, like an insertion, a removal and a
//          replacement, counts 1. A candidate is near when its distance is at most a third of the name's length, at
//          least 1 and at most 5; with another namespace, that distance counts too, but a bare name is near every
//          `ns/name` with the same name part.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace onyx::model {

// Best first; ties in the order of `candidates`; at most `count_max`.
std::vector<std::string_view> nearest(std::string_view name,
                                      std::span<const std::string_view> candidates,
                                      std::size_t count_max = 3);

// Of two texts, or `distance_max` + 1 when it is larger.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t distance_max);

}  // namespace onyx::model
