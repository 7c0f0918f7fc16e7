// Flow conditions and functions made by hand: predicates are C++ lambdas under keywords.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/edn/reader.h"
#include "common/edn/value.h"
#include "common/lang/exception.h"
#include "common/model/job.h"
#include "daemon/dataflow/evaluator.h"
#include "daemon/dataflow/flow_conditions.h"
#include "daemon/dataflow/function_traits.h"
#include "daemon/dataflow/task_exception.h"

namespace onyx::dataflow {

inline edn::Value value(std::string_view text) { return edn::read(text).value(); }

using Arguments = std::vector<edn::Value>;
using HandMade = std::function<Evaluated(const Arguments&)>;

inline Evaluated thrown(std::string message, edn::Value data = edn::Value::map()) {
  return tl::unexpected(
      lang::make_exception(lang::ErrorClass::exception_info, std::move(message), std::move(data)));
}

// Calls lambdas, and remembers what it called.
class HandMadeEvaluator final : public Evaluator {
 public:
  HandMadeEvaluator(const FunctionTable& table, std::map<std::string, HandMade> functions)
      : table_(table), functions_(std::move(functions)) {}

  Evaluated call(FunctionIndex function, std::span<edn::Value> arguments) override {
    const std::string name(table_.functions().at(function).name());
    called.push_back(name);
    return functions_.at(name)(Arguments(arguments.begin(), arguments.end()));
  }
  std::size_t call_each(FunctionIndex function, std::span<const edn::Value> leading,
                        std::span<edn::Value> elements, Evaluated& other) override {
    for (std::size_t i = 0; i < elements.size(); ++i) {
      Arguments arguments(leading.begin(), leading.end());
      arguments.push_back(elements[i]);
      Evaluated result = call(function, arguments);
      if (!result.has_value() || !result->is_map()) {
        other = std::move(result);
        return i;
      }
      elements[i] = std::move(*result);
    }
    return elements.size();
  }
  std::string name_of(FunctionIndex function) const override {
    return ":" + std::string(table_.functions().at(function).name());
  }

  std::vector<std::string> called;

 private:
  const FunctionTable& table_;
  std::map<std::string, HandMade> functions_;
};

inline model::FunctionRef function(std::string_view name) {
  return model::FunctionRef(edn::Value::keyword(name));
}

inline model::Predicate calls(std::string_view name, std::vector<edn::Value> arguments = {}) {
  model::Predicate predicate;
  predicate.function = function(name);
  predicate.arguments = std::move(arguments);
  return predicate;
}

inline model::Predicate all_of(std::vector<model::Predicate> parts) {
  model::Predicate predicate;
  predicate.kind = model::Predicate::Kind::all_of;
  predicate.parts = std::move(parts);
  return predicate;
}

inline model::Predicate any_of(std::vector<model::Predicate> parts) {
  model::Predicate predicate = all_of(std::move(parts));
  predicate.kind = model::Predicate::Kind::any_of;
  return predicate;
}

inline model::Predicate negation(model::Predicate part) {
  model::Predicate predicate = all_of({std::move(part)});
  predicate.kind = model::Predicate::Kind::negation;
  return predicate;
}

// "all", "none", or the letters of one-letter tasks: "ab".
inline model::Routes to(std::string_view text) {
  model::Routes routes;
  if (text == "all") {
    routes.kind = model::Routes::Kind::all;
  } else if (text == "none") {
    routes.kind = model::Routes::Kind::none;
  } else {
    for (const char letter : text) routes.tasks.emplace_back(std::string(1, letter));
  }
  return routes;
}

// A flow condition from task t, built up by methods.
struct ConditionBuilder {
  model::FlowCondition condition;

  ConditionBuilder(model::Predicate predicate, std::string_view destinations) {
    condition.from = TaskId("t");
    condition.predicate = std::move(predicate);
    condition.to = to(destinations);
  }
  ConditionBuilder from_all() && {
    condition.from.reset();
    return std::move(*this);
  }
  ConditionBuilder short_circuit() && {
    condition.is_short_circuit = true;
    return std::move(*this);
  }
  ConditionBuilder for_exceptions() && {
    condition.is_for_exceptions = true;
    return std::move(*this);
  }
  ConditionBuilder excluding(std::string_view keys) && {
    for (const edn::Value& key : value(keys).items()) condition.exclude_keys.push_back(key);
    return std::move(*this);
  }
  ConditionBuilder post(std::string_view name) && {
    condition.post_transform = function(name);
    return std::move(*this);
  }
  ConditionBuilder errors_to(std::string_view destinations) && {
    condition.predicate_errors_to = to(destinations);
    return std::move(*this);
  }
};

inline model::Job job_of(std::vector<ConditionBuilder> builders) {
  model::Job job;
  job.has_flow_conditions = !builders.empty();
  for (ConditionBuilder& builder : builders)
    job.flow_conditions.push_back(std::move(builder.condition));
  return job;
}

inline std::vector<TaskId> successors(std::string_view letters) {
  std::vector<TaskId> tasks;
  for (const char letter : letters) tasks.emplace_back(std::string(1, letter));
  return tasks;
}

inline std::string letters_of(RouteMask mask, const std::vector<TaskId>& egress) {
  std::string letters;
  for (std::size_t i = 0; i < egress.size(); ++i) {
    if ((mask >> i & 1) != 0) letters += egress[i].text();
  }
  return letters;
}

}  // namespace onyx::dataflow
