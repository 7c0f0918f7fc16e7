#include "daemon/dataflow/flow_conditions.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace onyx::dataflow {
namespace {

class RuleCompiler {
 public:
  RuleCompiler(const TaskId& task, const std::vector<TaskId>& egress, FunctionTable& functions)
      : task_(task), egress_(egress), functions_(functions), every_(all_of(egress.size())) {}

  static RouteMask all_of(std::size_t count) {
    return count == kSuccessorsMax ? ~RouteMask{0} : (RouteMask{1} << count) - 1;
  }

  // A rule from :all concerns the tasks that have all of its destinations right behind them.
  bool applies(const model::FlowCondition& condition) const {
    if (condition.from.has_value()) return *condition.from == task_;
    return condition.to.kind != model::Routes::Kind::tasks ||
           std::all_of(condition.to.tasks.begin(), condition.to.tasks.end(),
                       [this](const TaskId& to) { return index_of(to).has_value(); });
  }

  Result<Rule> compile(const model::FlowCondition& condition, std::size_t index) {
    Rule rule;
    rule.index = index;
    rule.condition = compile(condition.predicate);
    ONYX_ASSIGN_OR_RETURN(rule.to, compile(condition.to, index, ":flow/to"));
    rule.exclude_keys = condition.exclude_keys;
    rule.is_short_circuit = condition.is_short_circuit || condition.is_for_exceptions;
    if (condition.post_transform.is_given())
      rule.post_transform = functions_.add(condition.post_transform);
    if (condition.predicate_errors_to.has_value()) {
      ONYX_ASSIGN_OR_RETURN(rule.predicate_errors_to, compile(*condition.predicate_errors_to, index,
                                                              ":flow/predicate-errors-to"));
    }
    return rule;
  }

 private:
  std::optional<std::size_t> index_of(const TaskId& task) const {
    const auto found = std::find(egress_.begin(), egress_.end(), task);
    if (found == egress_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - egress_.begin());
  }

  Condition compile(const model::Predicate& predicate) {
    Condition condition;
    condition.kind = predicate.kind;
    if (predicate.kind == model::Predicate::Kind::call) {
      condition.call.function = functions_.add(predicate.function);
      condition.call.arguments = predicate.arguments;
    }
    for (const model::Predicate& part : predicate.parts) condition.parts.push_back(compile(part));
    return condition;
  }

  Result<Destinations> compile(const model::Routes& routes, std::size_t index,
                               const char* key) const {
    Destinations destinations;
    switch (routes.kind) {
      case model::Routes::Kind::all:
        destinations.tasks = every_;
        break;
      case model::Routes::Kind::none:
        destinations.is_none = true;
        break;
      case model::Routes::Kind::tasks:
        for (const TaskId& to : routes.tasks) {
          const std::optional<std::size_t> bit = index_of(to);
          if (!bit.has_value()) {
            return failure(ErrorCode::invalid_argument,
                           fmt::format("{} of flow condition {} names :{}, which does not follow "
                                       "task :{} in the workflow",
                                       key, index, to.text(), task_.text()));
          }
          destinations.tasks |= RouteMask{1} << *bit;
        }
        break;
    }
    return destinations;
  }

  const TaskId& task_;
  const std::vector<TaskId>& egress_;
  FunctionTable& functions_;
  const RouteMask every_;
};

}  // namespace

Result<FlowConditions> compile_flow_conditions(const model::Job& job, const TaskId& task,
                                               const std::vector<TaskId>& egress,
                                               FunctionTable& functions) {
  if (egress.size() > kSuccessorsMax) {
    return failure(
        ErrorCode::unimplemented,
        fmt::format("task :{} has {} successors in the workflow; at most {} are possible",
                    task.text(), egress.size(), kSuccessorsMax));
  }
  FlowConditions conditions;
  conditions.unconditional = RuleCompiler::all_of(egress.size());
  RuleCompiler compiler(task, egress, functions);
  RouteMask only_exceptions = 0;
  for (std::size_t i = 0; i < job.flow_conditions.size(); ++i) {
    const model::FlowCondition& condition = job.flow_conditions[i];
    if (!compiler.applies(condition)) continue;
    ONYX_ASSIGN_OR_RETURN(Rule rule, compiler.compile(condition, i));
    if (condition.is_for_exceptions) {
      if (condition.to.kind == model::Routes::Kind::tasks) only_exceptions |= rule.to.tasks;
      conditions.exception_rules.push_back(std::move(rule));
    } else {
      conditions.segment_rules.push_back(std::move(rule));
    }
  }
  if (conditions.segment_rules.empty()) conditions.unconditional &= ~only_exceptions;
  return conditions;
}

}  // namespace onyx::dataflow
