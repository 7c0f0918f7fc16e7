#include "daemon/dataflow/flow_conditions.h"

#include <catch2/catch.hpp>

#include "tests/unit/daemon/dataflow/fixture.h"

namespace onyx::dataflow {
namespace {

FlowConditions compiled(std::vector<ConditionBuilder> builders, std::string_view egress = "abc") {
  FunctionTable functions;
  auto result = compile_flow_conditions(job_of(std::move(builders)), TaskId("t"),
                                        successors(egress), functions);
  REQUIRE(result.has_value());
  return *result;
}

const model::Predicate T = calls("T");
const model::Predicate F = calls("F");
const model::Predicate X = calls("X");

// What a predicate comes to, and the names of what was asked, in order.
std::pair<Answer, std::string> decided(const model::Predicate& predicate) {
  FunctionTable functions;
  model::Job job = job_of({ConditionBuilder(predicate, "a")});
  const FlowConditions conditions =
      *compile_flow_conditions(job, TaskId("t"), successors("a"), functions);
  std::string asked;
  auto ask = [&](const PredicateCall& call) {
    asked += functions.functions()[call.function].name();
    return asked.back() == 'T' ? Answer::yes : asked.back() == 'F' ? Answer::no : Answer::threw;
  };
  const Answer answer = decide(conditions.segment_rules[0].condition, ask);
  return {answer, asked};
}

TEST_CASE("flow conditions: predicate trees are decided left to right and stop when decided",
          "[flow]") {
  using Row = std::pair<Answer, std::string>;
  CHECK(decided(all_of({T, F})) == Row{Answer::no, "TF"});
  CHECK(decided(all_of({F, T})) == Row{Answer::no, "F"});
  CHECK(decided(all_of({T, T})) == Row{Answer::yes, "TT"});
  CHECK(decided(all_of({T, all_of({T, T})})) == Row{Answer::yes, "TTT"});
  CHECK(decided(any_of({T, F})) == Row{Answer::yes, "T"});
  CHECK(decided(any_of({T, all_of({F, F})})) == Row{Answer::yes, "T"});
  CHECK(decided(any_of({F, F})) == Row{Answer::no, "FF"});
  CHECK(decided(any_of({negation(T), all_of({F, F})})) == Row{Answer::no, "TF"});
  CHECK(decided(negation(T)) == Row{Answer::no, "T"});
  CHECK(decided(negation(negation(F))) == Row{Answer::no, "F"});
  CHECK(decided(negation(F)) == Row{Answer::yes, "F"});
}

TEST_CASE("flow conditions: a predicate that throws ends the decision unless it was not needed",
          "[flow]") {
  using Row = std::pair<Answer, std::string>;
  CHECK(decided(X) == Row{Answer::threw, "X"});
  CHECK(decided(negation(X)) == Row{Answer::threw, "X"});
  CHECK(decided(all_of({T, X, T})) == Row{Answer::threw, "TX"});
  CHECK(decided(all_of({F, X})) == Row{Answer::no, "F"});
  CHECK(decided(any_of({F, X, T})) == Row{Answer::threw, "FX"});
  CHECK(decided(any_of({T, X})) == Row{Answer::yes, "T"});
}

// Destinations by letter, and the keys that are excluded.
std::string folded(std::vector<ConditionBuilder> builders) {
  FunctionTable functions;
  const std::vector<TaskId> egress = successors("abc");
  const FlowConditions conditions =
      *compile_flow_conditions(job_of(std::move(builders)), TaskId("t"), egress, functions);
  const auto ask = [&](const PredicateCall& call) {
    return functions.functions()[call.function].name() == "T" ? Answer::yes : Answer::no;
  };
  std::vector<const Rule*> excluding;
  const Route result = route(conditions.segment_rules, ask, excluding);
  std::string text =
      letters_of(conditions.is_unconditional() ? conditions.unconditional : result.to, egress);
  for (const Rule* rule : excluding) {
    for (const edn::Value& key : rule->exclude_keys) text += " " + key.name()->text;
  }
  return text;
}

using C = ConditionBuilder;

TEST_CASE("flow conditions: the fold gives the destinations of the specification's table",
          "[flow]") {
  CHECK(folded({}) == "abc");
  CHECK(folded({C(F, "a")}) == "");
  CHECK(folded({C(T, "a").excluding("[:x]"), C(T, "b").excluding("[:y]"),
                C(F, "c").excluding("[:z]")}) == "ab x y");
  CHECK(folded({C(T, "a").short_circuit(), C(T, "b")}) == "a");
  CHECK(folded({C(F, "a").short_circuit(), C(T, "b")}) == "b");
  CHECK(folded({C(T, "all").short_circuit()}) == "abc");
  CHECK(folded({C(T, "none").short_circuit(), C(T, "a")}) == "");
  CHECK(folded({C(T, "a").excluding("[:x]"), C(T, "all").short_circuit().excluding("[:n]")}) ==
        "abc x n");
  CHECK(folded({C(T, "a"), C(T, "b").short_circuit(), C(T, "c")}) == "ab");
  CHECK(folded({C(T, "a"), C(T, "none").short_circuit()}) == "");
  CHECK(folded({C(T, "ab"), C(T, "bc"), C(T, "b")}) == "abc");
}

TEST_CASE("flow conditions: a rule from another task does not apply", "[flow]") {
  auto other = C(T, "a");
  other.condition.from = TaskId("u");
  CHECK(folded({std::move(other)}) == "abc");
}

TEST_CASE("flow conditions: a rule from :all applies where all its destinations follow", "[flow]") {
  CHECK(folded({C(T, "a").from_all()}) == "a");
  CHECK(folded({C(T, "az").from_all()}) == "abc");
  CHECK(folded({C(T, "all").from_all().short_circuit()}) == "abc");
  CHECK(folded({C(T, "").from_all()}) == "");
  CHECK(folded({C(T, "none").from_all().short_circuit()}) == "");
}

TEST_CASE("flow conditions: rules of :all and of the task keep the order of the job", "[flow]") {
  const FlowConditions conditions = compiled({C(T, "a"), C(T, "b").from_all(), C(T, "c")});
  REQUIRE(conditions.segment_rules.size() == 3);
  CHECK(conditions.segment_rules[0].index == 0);
  CHECK(conditions.segment_rules[1].index == 1);
  CHECK(conditions.segment_rules[2].index == 2);
}

TEST_CASE("flow conditions: with only exception rules segments go everywhere but to their tasks",
          "[flow]") {
  CHECK(compiled({C(T, "a").for_exceptions()}).unconditional == 0b110);
  CHECK(compiled({C(T, "none").for_exceptions()}).unconditional == 0b111);
  CHECK(compiled({C(T, "all").for_exceptions()}).unconditional == 0b111);
  CHECK(compiled({C(T, "a").for_exceptions(), C(T, "b").for_exceptions()}).unconditional == 0b100);
}

TEST_CASE(
    "flow conditions: with a segment rule the tasks of exception rules are ordinary successors",
    "[flow]") {
  CHECK(folded({C(T, "a").for_exceptions(), C(T, "a")}) == "a");
}

TEST_CASE("flow conditions: exception rules always short-circuit", "[flow]") {
  CHECK(compiled({C(T, "a").for_exceptions()}).exception_rules[0].is_short_circuit);
}

TEST_CASE("flow conditions: 64 successors are possible, 65 are refused by number", "[flow]") {
  std::vector<TaskId> egress;
  for (int i = 0; i < 64; ++i) egress.emplace_back("t" + std::to_string(i));
  FunctionTable functions;
  const model::Job job = job_of({});
  CHECK(compile_flow_conditions(job, TaskId("t"), egress, functions)->unconditional ==
        ~RouteMask{0});
  egress.emplace_back("one-more");
  const auto refused = compile_flow_conditions(job, TaskId("t"), egress, functions);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message().find("65 successors") != std::string::npos);
}

TEST_CASE("flow conditions: a destination that does not follow the task is refused by name",
          "[flow]") {
  FunctionTable functions;
  const auto refused = compile_flow_conditions(job_of({C(T, "a").errors_to("z").post("p")}),
                                               TaskId("t"), successors("abc"), functions);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message() ==
        ":flow/predicate-errors-to of flow condition 0 names :z, which does not follow task :t in "
        "the workflow");
}

}  // namespace
}  // namespace onyx::dataflow
