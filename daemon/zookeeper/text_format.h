// Lines of ours inside znodes: a kind with its version, then words. `onyx/parts/1 bytes=9 count=1
// sha256=…`
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace onyx::zookeeper {

// The value of `key=` in a line that begins with `kind`; nothing when either is not there.
std::optional<std::string_view> word_in(std::string_view line, std::string_view kind,
                                        std::string_view key);
std::optional<std::int64_t> number_in(std::string_view line, std::string_view kind,
                                      std::string_view key);

}  // namespace onyx::zookeeper
