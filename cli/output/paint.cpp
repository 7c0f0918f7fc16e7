#include "cli/output/paint.h"

#include <fmt/format.h>

namespace onyx::cli {

std::string Paint::wrap(std::string_view code, std::string_view text) const {
  return is_on_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

Paint paint_for(const Terminal& terminal, Colour choice, bool is_terminal) {
  if (choice != Colour::automatic) return Paint(choice == Colour::always);
  const auto forced = terminal.variable("CLICOLOR_FORCE");
  if (forced && *forced != "0") return Paint(true);
  if (terminal.variable("NO_COLOR") || terminal.variable("TERM") == "dumb") return Paint(false);
  return Paint(is_terminal);
}

}  // namespace onyx::cli
