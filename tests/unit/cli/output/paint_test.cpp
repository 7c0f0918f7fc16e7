#include "cli/output/paint.h"

#include <catch2/catch.hpp>
#include <map>
#include <sstream>

namespace onyx::cli {
namespace {

class StillClock final : public Clock {
 public:
  Instant monotonic() const override { return {}; }
  WallTimeMs wall_ms() const override { return 0; }
};

bool is_coloured(const std::map<std::string, std::string>& variables, Colour choice,
                 bool is_terminal) {
  std::ostringstream out;
  std::istringstream in;
  const StillClock clock;
  Terminal terminal{out,
                    out,
                    in,
                    is_terminal,
                    is_terminal,
                    80,
                    [&](const std::string& name) -> std::optional<std::string> {
                      const auto it = variables.find(name);
                      return it == variables.end() ? std::nullopt : std::optional(it->second);
                    },
                    clock};
  return paint_for(terminal, choice, is_terminal).is_on();
}

}  // namespace

TEST_CASE("colour: on a terminal only, unless something else is said", "[cli]") {
  CHECK(is_coloured({}, Colour::automatic, true));
  CHECK(!is_coloured({}, Colour::automatic, false));
  CHECK(!is_coloured({{"NO_COLOR", "1"}}, Colour::automatic, true));
  CHECK(is_coloured({{"NO_COLOR", ""}}, Colour::automatic, true));
  CHECK(!is_coloured({{"TERM", "dumb"}}, Colour::automatic, true));
  CHECK(is_coloured({{"CLICOLOR_FORCE", "1"}}, Colour::automatic, false));
  CHECK(!is_coloured({{"CLICOLOR_FORCE", "0"}}, Colour::automatic, false));
}

TEST_CASE("colour: the flag outranks the environment", "[cli]") {
  CHECK(is_coloured({{"NO_COLOR", "1"}}, Colour::always, false));
  CHECK(!is_coloured({{"CLICOLOR_FORCE", "1"}}, Colour::never, true));
}

}  // namespace onyx::cli
