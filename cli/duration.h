// Durations as people write them: `90s`, `5m`, `1h30m`, `500ms`.
#pragma once

#include <chrono>
#include <string_view>

#include "common/base/result.h"

namespace onyx::cli {

// Units ms, s, m, h, d, each at most once, from the largest down; a number without one counts seconds.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace onyx::cli
