#include "common/cases/pattern.h"

#include <catch2/catch.hpp>

namespace onyx::cases {

TEST_CASE("pattern: found anywhere, in any case of letters", "[cases]") {
  CHECK(is_found("b+", "xxABBa"));
  CHECK(is_found("circular|cycl", "the workflow is CYCLIC"));
  CHECK(!is_found("^b", "ab"));
  CHECK(is_found("^ab$", "AB"));
}

TEST_CASE("pattern: characters of keywords stand for themselves", "[cases]") {
  CHECK(is_found(":flow/short-circuit\\? to be true", "set :flow/short-circuit? to be true"));
  CHECK(is_found(":onyx/group-by-key|:onyx/flux-policy", "give :onyx/flux-policy"));
}

TEST_CASE("pattern: what RE2 lacks is refused, and says so", "[cases]") {
  for (const char* pattern : {"(", "(a)\\1", "(?=a)", "(?<!a)b", "[z-a]", "*a"}) {
    INFO(pattern);
    const auto checked = check_pattern(pattern);
    REQUIRE(!checked);
    CHECK(checked.error().message().find(pattern) != std::string::npos);
    CHECK(!is_found(pattern, "a"));
  }
}

TEST_CASE("pattern: a text of any length is searched", "[cases]") {
  const std::string text(2'000'000, 'a');
  CHECK(is_found("(a|aa)+$", text));
  CHECK(!is_found("(a|aa)+b", text));
}

}  // namespace onyx::cases
