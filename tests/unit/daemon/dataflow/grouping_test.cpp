#include "daemon/dataflow/grouping.h"

#include <catch2/catch.hpp>

#include <set>

#include "tests/unit/daemon/dataflow/fixture.h"

namespace onyx::dataflow {
namespace {

edn::Value group_by(std::string_view key, std::string_view segment) {
  model::CatalogEntry entry;
  entry.group_by_key = value(key);
  FunctionTable functions;
  const GroupBy group_by = compile_grouping(entry, functions);
  return Grouper(group_by).group_of(value(segment));
}

TEST_CASE("grouping: the group of a segment by key and by keys", "[grouping]") {
  const char* segment = R"({:a 1 :b 2 "s" 3})";
  CHECK(group_by(":a", segment) == value("1"));
  CHECK(group_by("[:a :b]", segment) == value("{:a 1 :b 2}"));
  CHECK(group_by("[:a :zz]", segment) == value("{:a 1}"));
  CHECK(group_by("[:y :zz]", segment) == value("{}"));
  CHECK(group_by(R"("s")", segment) == value("3"));
  CHECK(group_by(":zz", segment).is_nil());
  CHECK(group_by(":a", "{:a nil}").is_nil());
  CHECK(group_by("[:a]", "{:a nil}") == value("{:a nil}"));
  CHECK(group_by("1", "{1 :one}") == value(":one"));
}

TEST_CASE("grouping: a grouper follows a change of shape", "[grouping]") {
  model::CatalogEntry entry;
  entry.group_by_key = value(":k");
  FunctionTable functions;
  const GroupBy group_by = compile_grouping(entry, functions);
  Grouper grouper(group_by);
  CHECK(grouper.group_of(value("{:k 1 :x 2}")) == value("1"));
  CHECK(grouper.group_of(value("{:x 2 :k 3}")) == value("3"));
  CHECK(grouper.group_of(value("{:x 2}")).is_nil());
  CHECK(grouper.group_of(value("{[1] 2 :k 4}")) == value("4"));
  CHECK(grouper.group_of(value("{:k 5 :x 2}")) == value("5"));
}

TEST_CASE("grouping: a function is kept for the caller", "[grouping]") {
  model::CatalogEntry entry;
  entry.group_by_fn = function("my/group");
  FunctionTable functions;
  const GroupBy group_by = compile_grouping(entry, functions);
  CHECK(group_by.kind == GroupBy::Kind::function);
  CHECK(functions.functions()[group_by.function].name() == "my/group");
}

TEST_CASE("key groups: each slot has one run of neighbours, none is empty up to 128 slots",
          "[grouping]") {
  for (SlotId slots = 1; slots <= 128; ++slots) {
    SlotId last = 0;
    std::set<SlotId> seen;
    for (std::uint32_t group = 0; group < kKeyGroups; ++group) {
      const SlotId slot = slot_of(group, slots);
      REQUIRE(slot >= last);
      REQUIRE(slot < slots);
      last = slot;
      seen.insert(slot);
    }
    REQUIRE(seen.size() == static_cast<std::size_t>(slots));
  }
}

TEST_CASE("key groups: the documented rows", "[grouping]") {
  const std::uint32_t groups[] = {0, 42, 43, 63, 64, 85, 86, 127};
  const SlotId of_three[] = {0, 0, 1, 1, 1, 1, 2, 2};
  const SlotId of_five[] = {0, 1, 1, 2, 2, 3, 3, 4};
  for (std::size_t i = 0; i < 8; ++i) {
    CHECK(slot_of(groups[i], 1) == 0);
    CHECK(slot_of(groups[i], 2) == (groups[i] < 64 ? 0 : 1));
    CHECK(slot_of(groups[i], 3) == of_three[i]);
    CHECK(slot_of(groups[i], 5) == of_five[i]);
  }
}

TEST_CASE("key groups: equal groups meet, whatever they are written as", "[grouping]") {
  for (SlotId slots : {2, 3, 5, 7}) {
    CHECK(slot_of(value("[1 2]"), slots) == slot_of(value("(1 2)"), slots));
    CHECK(slot_of(value("{:a 1 :b 2}"), slots) == slot_of(value("{:b 2 :a 1}"), slots));
  }
}

}  // namespace
}  // namespace onyx::dataflow
