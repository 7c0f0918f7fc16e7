#include "daemon/dataflow/router.h"

#include <bit>
#include <utility>

#include <fmt/format.h>

#include "common/lang/exception.h"
#include "daemon/dataflow/task_exception.h"

namespace onyx::dataflow {
namespace {

// Of a predicate: (event old new all-new …).
constexpr std::size_t kEvent = 0;
constexpr std::size_t kOld = 1;
constexpr std::size_t kNew = 2;
constexpr std::size_t kAllNew = 3;
constexpr std::size_t kFixedArguments = 4;

bool some_call_uses(const Condition& condition, const std::vector<FunctionTraits>& traits,
                    std::size_t parameter) {
  if (condition.kind == model::Predicate::Kind::call)
    return traits[condition.call.function].uses[parameter];
  for (const Condition& part : condition.parts) {
    if (some_call_uses(part, traits, parameter)) return true;
  }
  return false;
}

}  // namespace

Router::Router(const FlowConditions& conditions, const std::vector<FunctionTraits>& traits,
               edn::Value task, Evaluator& evaluator, std::function<void(std::string)> log)
    : conditions_(conditions),
      traits_(traits),
      task_(std::move(task)),
      evaluator_(evaluator),
      log_(std::move(log)) {
  for (const FunctionTraits& one : traits_) {
    matchers_.push_back(one.key_test.has_value() ? std::optional(KeyMatcher(*one.key_test))
                                                 : std::nullopt);
  }
  if (conditions_.segment_rules.size() == 1) {
    const Rule& rule = conditions_.segment_rules.front();
    const bool compares_key = rule.condition.kind == model::Predicate::Kind::call &&
                              rule.condition.call.arguments.empty() &&
                              matchers_[rule.condition.call.function].has_value();
    if (compares_key && rule.exclude_keys.empty() && rule.to.tasks != 0) only_rule_ = &rule;
  }
  for (const Rule& rule : conditions_.segment_rules) {
    needs_batch_ = needs_batch_ || rule.post_transform.has_value() ||
                   rule.predicate_errors_to.has_value() ||
                   some_call_uses(rule.condition, traits_, kOld);
  }
  for (const auto* rules : {&conditions_.segment_rules, &conditions_.exception_rules}) {
    for (const Rule& rule : *rules) {
      needs_all_new_ = needs_all_new_ || some_call_uses(rule.condition, traits_, kAllNew);
    }
  }
}

std::optional<RouteMask> Router::filter(Results& results) {
  if (only_rule_ == nullptr || !results.exceptions.empty()) return std::nullopt;
  KeyMatcher& matcher = *matchers_[only_rule_->condition.call.function];
  std::vector<edn::Value>& segments = results.segments;
  std::size_t kept = 0;
  for (edn::Value& segment : segments) {
    if (!matcher.matches(segment)) continue;
    if (edn::Value& place = segments[kept++]; &place != &segment) place = std::move(segment);
  }
  drops_.no_match += segments.size() - kept;
  segments.resize(kept);
  return only_rule_->to.tasks;
}

tl::expected<void, edn::Value> Router::route(const std::vector<edn::Value>& batch, Results& results,
                                             const edn::Value& event, std::vector<Routed>& out) {
  static const edn::Value kNoElement;
  std::size_t next_exception = 0;
  const std::size_t elements = results.elements();
  for (std::size_t i = 0; i < elements; ++i) {
    Origin origin{event, i < batch.size() ? batch[i] : kNoElement, {}};
    if (next_exception < results.exceptions.size() &&
        results.exceptions[next_exception].element == i) {
      Done done = route_exception(origin, results.exceptions[next_exception++].exception, out);
      if (!done.has_value()) return done;
      continue;
    }
    const std::size_t begin = results.begin_of(i);
    const std::size_t end = results.end_of(i);
    if (needs_all_new_) {
      origin.all_new =
          edn::Value::vector({results.segments.begin() + static_cast<std::ptrdiff_t>(begin),
                              results.segments.begin() + static_cast<std::ptrdiff_t>(end)});
    }
    for (std::size_t k = begin; k < end; ++k) {
      Done done = route_segment(origin, std::move(results.segments[k]), out);
      if (!done.has_value()) return done;
    }
  }
  return {};
}

Router::Done Router::route_segment(const Origin& origin, edn::Value segment,
                                   std::vector<Routed>& out) {
  if (conditions_.is_unconditional()) {
    if (conditions_.unconditional == 0) {
      ++drops_.no_match;
    } else {
      out.push_back({std::move(segment), conditions_.unconditional});
    }
    return {};
  }
  const Route route = ask_rules(conditions_.segment_rules, origin, segment);
  if (route.failed_at != nullptr) return route_predicate_error(origin, segment, route, out);
  if (route.to == 0) {
    count_dropped(route);
    return {};
  }
  out.push_back(
      {excluding_.empty() ? std::move(segment) : without_excluded(std::move(segment)), route.to});
  return {};
}

Router::Done Router::route_exception(const Origin& origin, const edn::Value& exception,
                                     std::vector<Routed>& out) {
  if (conditions_.exception_rules.empty()) {
    return Done(tl::unexpect, with_offender(exception, task_, "offending-segment", origin.old));
  }
  Origin of_exception{origin.event, origin.old,
                      needs_all_new_ ? edn::Value::vector({exception}) : edn::Value()};
  const Route route = ask_rules(conditions_.exception_rules, of_exception, exception);
  if (route.failed_at != nullptr) return route_predicate_error(origin, exception, route, out);
  if (route.decided_by == nullptr) {
    note_dropped_exception(exception);
    return {};
  }
  if (route.to == 0) {
    ++drops_.none;
    return {};
  }
  auto segment = post_transform(*route.decided_by, origin.event, origin.old, exception);
  if (!segment.has_value()) return Done(tl::unexpect, std::move(segment).error());
  out.push_back({without_excluded(std::move(*segment)), route.to});
  return {};
}

// `subject` is the segment, or the exception, whose rule could not be decided.
Router::Done Router::route_predicate_error(const Origin& origin, const edn::Value& subject,
                                           const Route& route, std::vector<Routed>& out) {
  const Rule& rule = *route.failed_at;
  const edn::Value exception = std::exchange(predicate_exception_, edn::Value());
  const bool is_segment = subject.is_map();
  if (!rule.post_transform.has_value() && !rule.predicate_errors_to.has_value()) {
    return Done(tl::unexpect, with_offender(exception, task_, "offending-segment",
                                            is_segment ? subject : origin.old));
  }
  if (route.to != 0 && is_segment) out.push_back({without_excluded(subject), route.to});
  if (!rule.predicate_errors_to.has_value()) {
    note_dropped_exception(exception);
    return {};
  }
  if (rule.predicate_errors_to->tasks == 0) {
    ++drops_.none;
    return {};
  }
  edn::Value pair = rule.post_transform.has_value()
                        ? edn::Value::map({{edn::Value::keyword("old"), origin.old},
                                           {edn::Value::keyword("new"), subject}})
                        : (is_segment ? subject : origin.old);
  auto segment = post_transform(rule, origin.event, std::move(pair), exception);
  if (!segment.has_value()) return Done(tl::unexpect, std::move(segment).error());
  if (!rule.exclude_keys.empty()) excluding_.push_back(&rule);
  out.push_back({without_excluded(std::move(*segment)), rule.predicate_errors_to->tasks});
  return {};
}

Route Router::ask_rules(const std::vector<Rule>& rules, const Origin& origin,
                        const edn::Value& subject) {
  excluding_.clear();
  const auto ask = [&](const PredicateCall& call) {
    if (std::optional<KeyMatcher>& matcher = matchers_[call.function];
        matcher.has_value() && call.arguments.empty()) {
      return matcher->matches(subject) ? Answer::yes : Answer::no;
    }
    const ParameterUse& used = traits_[call.function].uses;
    arguments_.resize(kFixedArguments + call.arguments.size());
    arguments_[kEvent] = used[kEvent] ? origin.event : edn::Value();
    arguments_[kOld] = used[kOld] ? origin.old : edn::Value();
    arguments_[kNew] = used[kNew] ? subject : edn::Value();
    arguments_[kAllNew] = used[kAllNew] ? origin.all_new : edn::Value();
    for (std::size_t i = 0; i < call.arguments.size(); ++i)
      arguments_[kFixedArguments + i] = call.arguments[i];
    Evaluated evaluated = evaluator_.call(call.function, arguments_);
    arguments_[kNew] = edn::Value();  // a segment that is sent on shall not be held here
    if (!evaluated.has_value()) {
      predicate_exception_ = std::move(evaluated).error();
      return Answer::threw;
    }
    return evaluated->is_truthy() ? Answer::yes : Answer::no;
  };
  return dataflow::route(rules, ask, excluding_);
}

tl::expected<edn::Value, edn::Value> Router::post_transform(const Rule& rule,
                                                            const edn::Value& event,
                                                            edn::Value subject,
                                                            const edn::Value& exception) {
  if (!rule.post_transform.has_value()) return error_segment(exception, task_, std::move(subject));
  edn::Value arguments[] = {event, std::move(subject), exception};
  Evaluated evaluated = evaluator_.call(*rule.post_transform, arguments);
  if (evaluated.has_value() && !evaluated->is_map()) {
    return tl::unexpected(task_exception(
        fmt::format(":flow/post-transform {} of flow condition {} returned {} in task :{}; it must "
                    "return one segment, that "
                    "is a map",
                    evaluator_.name_of(*rule.post_transform), rule.index,
                    evaluated->is_nil() ? "nil" : lang::describe(*evaluated), task_.name()->text)));
  }
  return evaluated;
}

edn::Value Router::without_excluded(edn::Value segment) const {
  for (const Rule* rule : excluding_) {
    for (const edn::Value& key : rule->exclude_keys) segment = std::move(segment).dissoc(key);
  }
  return segment;
}

void Router::count_dropped(const Route& route) {
  if (route.is_none || route.decided_by != nullptr) {
    ++drops_.none;
  } else {
    ++drops_.no_match;
  }
}

// D13: dropped, but counted, and in the task's log: the 1st, 2nd, 4th, 8th …
void Router::note_dropped_exception(const edn::Value& exception) {
  ++drops_.exceptions;
  if (!std::has_single_bit(drops_.exceptions) || log_ == nullptr) return;
  const lang::ExceptionInfo* info = lang::as_exception(exception);
  log_(fmt::format("exception dropped, no flow condition takes it count={} message={}",
                   drops_.exceptions, info == nullptr ? "" : info->message()));
}

}  // namespace onyx::dataflow
