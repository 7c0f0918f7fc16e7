#include "common/edn/did_you_mean.h"

#include <catch2/catch.hpp>

using namespace onyx::edn;
using Words = std::vector<std::string>;

TEST_CASE("did you mean: swapped neighbours are one edit", "[edn]") {
  CHECK(edit_distance("prase", "parse", 5) == 1);
  CHECK(edit_distance("kitten", "sitting", 5) == 3);
  CHECK(edit_distance("é", "e", 5) == 1);
  CHECK(edit_distance("", "abc", 5) == 3);
  CHECK(edit_distance("abcdef", "uvwxyz", 2) == 3);
}

TEST_CASE("did you mean: near names, best first, ties in order of declaration", "[edn]") {
  const Words keys = {":onyx/name",      ":onyx/fn",        ":onyx/type",
                      ":onyx/min-peers", ":onyx/max-peers", ":onyx/batch-size"};
  CHECK(did_you_mean(":onyx/batchsize", keys) == Words{":onyx/batch-size"});
  CHECK(did_you_mean(":onyx/mun-peers", keys) == Words{":onyx/min-peers", ":onyx/max-peers"});
  CHECK(did_you_mean(":onx/name", keys) == Words{":onyx/name"});
  CHECK(did_you_mean(":name", keys) == Words{":onyx/name"});
  CHECK(did_you_mean(":onyx/colour", keys).empty());
}

TEST_CASE("did you mean: short words allow one edit, long ones five", "[edn]") {
  CHECK(did_you_mean("in", Words{"on", "up"}) == Words{"on"});
  CHECK(did_you_mean("abcdefghijklmnopqr", Words{"abcdefghijklmnopq123456"}).empty());
  CHECK(did_you_mean("abcdefghijklmnopqr", Words{"abcdefghijklm12345"}).size() == 1);
  CHECK(did_you_mean("same", Words{"same"}).empty());
}
