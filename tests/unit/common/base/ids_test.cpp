#include "common/base/ids.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace onyx {

namespace {

TEST_CASE("an id keeps its text, whatever that is", "[ids]") {
  for (const std::string text :
       {"", "a", "0123abcd-4567-89ef-0123-456789abcdef", "0123ABCD-4567-89ef-0123-456789abcdef",
        "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "0123abcd-4567-89ef-0123-456789abcde", "0123abcd-4567-89ef-0123-456789abcdeg",
        "0123abcd_4567-89ef-0123-456789abcdef", "0123abcd-4567-89ef-0123-456789abcdef0", "ü"}) {
    CAPTURE(text);
    const PeerId id{text};
    CHECK(id.text() == text);
    CHECK(id == PeerId(text));
    CHECK(id.hash() == PeerId(text).hash());
    CHECK(id.empty() == text.empty());
  }
}

TEST_CASE("ids are in the order of their texts", "[ids]") {
  std::vector<std::string> texts = {"",
                                    "0",
                                    "00000000-0000-0000-0000-000000000000",
                                    "00000000-0000-0000-0000-000000000001",
                                    "00000000-0000-0001-0000-000000000000",
                                    "0123abcd-4567-89ef-0123-456789abcdef",
                                    "0123ABCD-4567-89ef-0123-456789abcdef",
                                    "0123abcd-4567-89ef-0123-456789abcdef-",
                                    "10000000-0000-0000-0000-000000000000",
                                    "a0000000-0000-0000-0000-000000000000",
                                    "f",
                                    "ffffffff-ffff-ffff-ffff-ffffffffffff",
                                    "g"};
  for (const auto& a : texts) {
    for (const auto& b : texts) {
      CAPTURE(a, b);
      CHECK((PeerId(a) < PeerId(b)) == (a < b));
      CHECK((PeerId(a) == PeerId(b)) == (a == b));
    }
  }
}

}  // namespace

}  // namespace onyx
