// Laws of the fold over flow conditions, whatever the rules are.
#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

#include "daemon/dataflow/key_groups.h"
#include "tests/unit/daemon/dataflow/fixture.h"

namespace onyx::dataflow {
namespace {

constexpr const char* kEgress = "abcd";

// One generated rule: whether it is true, where it sends, what it excludes.
struct Drawn {
  bool is_true = false;
  std::string to;
  bool is_short_circuit = false;
  std::vector<int> excluded;
};

Drawn draw(bool may_short_circuit) {
  Drawn drawn;
  drawn.is_true = *rc::gen::arbitrary<bool>();
  drawn.is_short_circuit = may_short_circuit && *rc::gen::arbitrary<bool>();
  const int kind = *rc::gen::inRange(0, 10);
  if (kind == 0) {
    drawn.to = "all";
  } else if (kind == 1 && may_short_circuit) {
    drawn.to = "none";
  } else {
    const int bits = *rc::gen::inRange(0, 16);
    for (int i = 0; i < 4; ++i) {
      if ((bits >> i & 1) != 0) drawn.to += kEgress[i];
    }
  }
  drawn.excluded = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 5));
  return drawn;
}

std::vector<Drawn> draw_rules(bool may_short_circuit) {
  std::vector<Drawn> rules;
  const int count = *rc::gen::inRange(0, 8);
  for (int i = 0; i < count; ++i) rules.push_back(draw(may_short_circuit));
  return rules;
}

struct Folded {
  RouteMask to = 0;
  std::vector<std::string> excluded;  // sorted, each once
  bool operator==(const Folded&) const = default;
};

Folded fold(const std::vector<Drawn>& rules) {
  std::vector<ConditionBuilder> builders;
  for (const Drawn& rule : rules) {
    ConditionBuilder builder(calls(rule.is_true ? "T" : "F"), rule.to);
    builder.condition.is_short_circuit = rule.is_short_circuit;
    for (const int key : rule.excluded) {
      builder.condition.exclude_keys.push_back(edn::Value::keyword("k" + std::to_string(key)));
    }
    builders.push_back(std::move(builder));
  }
  FunctionTable functions;
  const FlowConditions conditions = *compile_flow_conditions(
      job_of(std::move(builders)), TaskId("t"), successors(kEgress), functions);
  const auto ask = [&](const PredicateCall& call) {
    return functions.functions()[call.function].name() == "T" ? Answer::yes : Answer::no;
  };
  std::vector<const Rule*> excluding;
  Folded folded;
  folded.to = conditions.is_unconditional() ? conditions.unconditional
                                            : route(conditions.segment_rules, ask, excluding).to;
  for (const Rule* rule : excluding) {
    for (const edn::Value& key : rule->exclude_keys) folded.excluded.push_back(key.name()->text);
  }
  std::sort(folded.excluded.begin(), folded.excluded.end());
  folded.excluded.erase(std::unique(folded.excluded.begin(), folded.excluded.end()),
                        folded.excluded.end());
  return folded;
}

TEST_CASE("flow conditions: a segment never goes anywhere but to a successor", "[flow]") {
  CHECK(rc::check("destinations are successors",
                  [] { RC_ASSERT(fold(draw_rules(true)).to <= 0b1111); }));
}

TEST_CASE("flow conditions: rules that are false have no effect", "[flow]") {
  CHECK(rc::check("false rules may be removed, as long as a rule is left", [] {
    const std::vector<Drawn> rules = draw_rules(true);
    std::vector<Drawn> true_ones;
    std::copy_if(rules.begin(), rules.end(), std::back_inserter(true_ones),
                 [](const Drawn& r) { return r.is_true; });
    RC_PRE(!true_ones.empty());
    RC_ASSERT(fold(rules) == fold(true_ones));
  }));
}

TEST_CASE("flow conditions: nothing after a true rule that short-circuits matters", "[flow]") {
  CHECK(rc::check("the rest may be cut off", [] {
    std::vector<Drawn> rules = draw_rules(true);
    const auto stop = std::find_if(rules.begin(), rules.end(),
                                   [](const Drawn& r) { return r.is_true && r.is_short_circuit; });
    RC_PRE(stop != rules.end());
    const Folded whole = fold(rules);
    rules.erase(stop + 1, rules.end());
    RC_ASSERT(fold(rules) == whole);
  }));
}

TEST_CASE("flow conditions: the order of rules that do not short-circuit does not matter",
          "[flow]") {
  CHECK(rc::check("any rotation gives the same", [] {
    std::vector<Drawn> rules = draw_rules(false);
    RC_PRE(!rules.empty());
    const Folded before = fold(rules);
    std::rotate(rules.begin(),
                rules.begin() + *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(rules)),
                rules.end());
    RC_ASSERT(fold(rules) == before);
  }));
}

TEST_CASE("flow conditions: the keys excluded are those of all rules that matched", "[flow]") {
  CHECK(rc::check("the union over true rules", [] {
    const std::vector<Drawn> rules = draw_rules(false);
    RC_PRE(!rules.empty());
    std::vector<std::string> expected;
    for (const Drawn& rule : rules) {
      if (!rule.is_true) continue;
      for (const int key : rule.excluded) expected.push_back("k" + std::to_string(key));
    }
    std::sort(expected.begin(), expected.end());
    expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
    RC_ASSERT(fold(rules).excluded == expected);
  }));
}

TEST_CASE("key groups: one slot more moves a group by at most one slot", "[grouping]") {
  CHECK(rc::check("between two numbers of slots", [] {
    const std::uint32_t key_group = key_group_of(*rc::gen::arbitrary<std::uint64_t>());
    const SlotId slots = *rc::gen::inRange(1, 128);
    const SlotId slot = slot_of(key_group, slots);
    RC_ASSERT(slot >= 0);
    RC_ASSERT(slot < slots);
    RC_ASSERT(slot_of(key_group, slots + 1) >= slot);
    RC_ASSERT(slot_of(key_group, slots + 1) <= slot + 1);
  }));
}

}  // namespace
}  // namespace onyx::dataflow
