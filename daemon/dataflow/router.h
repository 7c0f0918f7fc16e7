// Where the results of a batch go: the task's flow conditions asked for every segment and every exception.
//
// Shape:   in: the elements of a batch and what the function made of them; out: segments with the successors they go to, in
//          order, without the excluded keys. What goes nowhere is counted and left out.
// Errors:  an exception that no rule takes care of comes back from route(): one of a predicate or post-transform, or one of
//          the function on a task without exception rules.
// Source:  spec of flow conditions, 3 to 7.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "common/edn/value.h"
#include "daemon/dataflow/evaluator.h"
#include "daemon/dataflow/flow_conditions.h"
#include "daemon/dataflow/function_traits.h"
#include "daemon/dataflow/transform.h"

namespace onyx::dataflow {

struct Routed {
  edn::Value segment;
  RouteMask to = 0;  // not 0
};

// Segments and exceptions that went nowhere.
struct Drops {
  std::uint64_t no_match = 0;    // no rule was true
  std::uint64_t none = 0;        // :none, or an empty vector of tasks
  std::uint64_t exceptions = 0;  // no exception rule was true
};

class Router {
 public:
  // `traits[i]` says what is known of function i. `log` gets a line about dropped exceptions, the first and then ever
  // fewer. All references outlive this.
  Router(const FlowConditions& conditions, const std::vector<FunctionTraits>& traits,
         edn::Value task, Evaluator& evaluator, std::function<void(std::string)> log);

  // Takes the segments out of `results`. `batch` is only looked at where needs_batch() says so.
  tl::expected<void, edn::Value> route(const std::vector<edn::Value>& batch, Results& results,
                                       const edn::Value& event, std::vector<Routed>& out);

  // The commonest conditions, without asking one segment after another: where there is but one rule, which only compares a
  // key, what does not match is taken out of `results`, and the successors of the rest are returned. nullopt, and nothing is
  // done, where there are other conditions, or exceptions to route.
  std::optional<RouteMask> filter(Results& results);

  // Some rule looks at the element that a segment was made from. Those that gave exceptions are needed in any case.
  bool needs_batch() const { return needs_batch_; }
  const Drops& drops() const { return drops_; }

 private:
  using Done = tl::expected<void, edn::Value>;

  // One element of the batch, with what it gave.
  struct Origin {
    const edn::Value& event;
    const edn::Value& old;
    edn::Value all_new;  // only where a rule looks at it
  };

  Done route_segment(const Origin& origin, edn::Value segment, std::vector<Routed>& out);
  Done route_exception(const Origin& origin, const edn::Value& exception, std::vector<Routed>& out);
  Done route_predicate_error(const Origin& origin, const edn::Value& subject, const Route& route,
                             std::vector<Routed>& out);
  Route ask_rules(const std::vector<Rule>& rules, const Origin& origin, const edn::Value& subject);
  tl::expected<edn::Value, edn::Value> post_transform(const Rule& rule, const edn::Value& event,
                                                      edn::Value subject,
                                                      const edn::Value& exception);
  edn::Value without_excluded(edn::Value segment) const;
  void count_dropped(const Route& route);
  void note_dropped_exception(const edn::Value& exception);

  const FlowConditions& conditions_;
  const std::vector<FunctionTraits>& traits_;
  const Rule* only_rule_ = nullptr;                  // the one that filter() applies
  std::vector<std::optional<KeyMatcher>> matchers_;  // by function: predicates that need no call
  const edn::Value task_;
  Evaluator& evaluator_;
  const std::function<void(std::string)> log_;
  bool needs_batch_ = false;
  bool needs_all_new_ = false;
  Drops drops_;
  std::vector<edn::Value> arguments_;
  std::vector<const Rule*> excluding_;
  edn::Value predicate_exception_;  // of the rule that route() failed at
};

}  // namespace onyx::dataflow
