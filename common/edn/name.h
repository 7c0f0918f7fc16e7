// The interned text of a keyword or symbol: `ns/name`, without the colon.
//
// Shape:   one Name per distinct text, for the life of the process; compared by address. `ns` is empty when there is none.
// Thread:  intern() from any thread; a Name never changes.
// Errors:  the table holds kNamesMax names; past that intern() gives nullptr, which readers report as an error that
//          says to keep such keys as strings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace onyx::edn {

inline constexpr std::size_t kNamesMax = 4'000'000;

struct Name {
  std::string text;       // "ns/name" or "name"
  std::size_t ns_length;  // 0 when there is no namespace
  std::uint64_t hash;     // stable_hash of the text; the same on every machine

  std::string_view ns() const { return std::string_view(text).substr(0, ns_length); }
  std::string_view name() const {
    return ns_length == 0 ? std::string_view(text) : std::string_view(text).substr(ns_length + 1);
  }
};

// The first slash splits, except in the name "/" itself.
const Name* intern(std::string_view text);

// The name if somebody has interned it, else nullptr; never adds one.
const Name* find_name(std::string_view text);

}  // namespace onyx::edn
