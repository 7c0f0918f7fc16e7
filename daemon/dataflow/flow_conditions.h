// Which successors of a task a segment goes to: the flow conditions that apply to one task, compiled.
//
// Shape:   two lists of rules in the order of the job, for segments and for exceptions of the task's function. Destinations
//          are bits over the task's successors. route() folds a list; how a predicate is asked is the caller's business, so
//          the same fold runs on compiled functions and on constants in a test.
// Errors:  a task has at most kSuccessorsMax successors.
// Source:  spec of flow conditions. Differences, all from its "Better than Onyx" and the rulings: predicates are asked left
//          to right until decided; exception rules always short-circuit and may say :all and :none; whether exceptions are
//          routed is decided by the task's own rules; a predicate's error leaves the choices of earlier rules alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/ids.h"
#include "common/base/result.h"
#include "common/edn/value.h"
#include "common/model/job.h"
#include "daemon/dataflow/function_table.h"

namespace onyx::dataflow {

inline constexpr std::size_t kSuccessorsMax = 64;

// Bit i: the task at index i of the task's egress.
using RouteMask = std::uint64_t;

struct Destinations {
  RouteMask tasks = 0;   // for :all every successor
  bool is_none = false;  // :none also takes back what earlier rules chose
};

// A call of a user's predicate: (function event old new all-new arguments…).
struct PredicateCall {
  FunctionIndex function = 0;
  std::vector<edn::Value> arguments;
};

struct Condition {
  model::Predicate::Kind kind = model::Predicate::Kind::call;
  PredicateCall call;
  std::vector<Condition> parts;
};

struct Rule {
  std::size_t index = 0;  // in the job's :flow-conditions
  Condition condition;
  Destinations to;
  std::vector<edn::Value> exclude_keys;
  bool is_short_circuit = false;
  std::optional<FunctionIndex> post_transform;
  std::optional<Destinations> predicate_errors_to;
};

struct FlowConditions {
  RouteMask unconditional = 0;  // where a segment goes when there are no segment rules
  std::vector<Rule> segment_rules;
  std::vector<Rule> exception_rules;

  bool is_unconditional() const { return segment_rules.empty(); }
};

Result<FlowConditions> compile_flow_conditions(const model::Job& job, const TaskId& task,
                                               const std::vector<TaskId>& egress,
                                               FunctionTable& functions);

enum class Answer : std::uint8_t { no, yes, threw };

struct Route {
  RouteMask to = 0;
  const Rule* decided_by = nullptr;  // the rule that short-circuited
  const Rule* failed_at =
      nullptr;           // the rule whose predicate threw; `to` is what earlier rules chose
  bool is_none = false;  // a rule said :none last
};

template <class Ask>
Answer decide(const Condition& condition, Ask& ask) {
  using Kind = model::Predicate::Kind;
  switch (condition.kind) {
    case Kind::call:
      return ask(condition.call);
    case Kind::negation: {
      const Answer answer = decide(condition.parts[0], ask);
      if (answer == Answer::threw) return answer;
      return answer == Answer::yes ? Answer::no : Answer::yes;
    }
    case Kind::all_of:
      for (const Condition& part : condition.parts) {
        if (const Answer answer = decide(part, ask); answer != Answer::yes) return answer;
      }
      return Answer::yes;
    case Kind::any_of:
      for (const Condition& part : condition.parts) {
        if (const Answer answer = decide(part, ask); answer != Answer::no) return answer;
      }
      return Answer::no;
  }
  return Answer::no;
}

// `ask(const PredicateCall&)` gives an Answer. The rules that matched and exclude keys are added to `excluding`, which the
// caller clears; with `failed_at`, that rule is not among them.
template <class Ask>
Route route(const std::vector<Rule>& rules, Ask&& ask, std::vector<const Rule*>& excluding) {
  Route route;
  for (const Rule& rule : rules) {
    const Answer answer = rule.condition.kind == model::Predicate::Kind::call
                              ? ask(rule.condition.call)
                              : decide(rule.condition, ask);
    if (answer == Answer::no) continue;
    if (answer == Answer::threw) {
      route.failed_at = &rule;
      return route;
    }
    route.to = rule.to.is_none ? 0 : (route.to | rule.to.tasks);
    route.is_none = rule.to.is_none;
    if (!rule.exclude_keys.empty()) excluding.push_back(&rule);
    if (rule.is_short_circuit) {
      route.decided_by = &rule;
      return route;
    }
  }
  return route;
}

}  // namespace onyx::dataflow
