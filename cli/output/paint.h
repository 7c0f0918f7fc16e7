// Colour on one stream, or none.
//
// Shape:   decided per stream: --color, else CLICOLOR_FORCE, else NO_COLOR and TERM=dumb, else whether it is a terminal.
// Source:  no-color.org; cli.md 3.1.
#pragma once

#include <string>
#include <string_view>

#include "cli/terminal.h"

namespace onyx::cli {

enum class Colour { automatic, always, never };

class Paint {
 public:
  explicit Paint(bool is_on = false) : is_on_(is_on) {}

  bool is_on() const { return is_on_; }
  std::string bold(std::string_view text) const { return wrap("1", text); }
  std::string dim(std::string_view text) const { return wrap("2", text); }
  std::string red(std::string_view text) const { return wrap("31", text); }
  std::string green(std::string_view text) const { return wrap("32", text); }
  std::string yellow(std::string_view text) const { return wrap("33", text); }
  std::string cyan(std::string_view text) const { return wrap("36", text); }

 private:
  std::string wrap(std::string_view code, std::string_view text) const;

  bool is_on_;
};

Paint paint_for(const Terminal& terminal, Colour choice, bool is_terminal);

}  // namespace onyx::cli
