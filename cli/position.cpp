#include "cli/position.h"

#include <fmt/format.h>

namespace onyx::cli {

Result<Position> parse_position(const std::string& text, const std::string& what) {
  constexpr std::size_t kDigitsMax = 12;
  if (text.empty() || text.size() > kDigitsMax ||
      text.find_first_not_of("0123456789") != std::string::npos) {
    return failure(ErrorCode::invalid_argument,
                   fmt::format("found `{}` for {}, wanted the number of an entry", text, what),
                   "CLI-03");
  }
  return std::stoll(text);
}

}  // namespace onyx::cli
