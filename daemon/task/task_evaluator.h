// A peer's own instance of the job's program: functions by number, definitions by name.
//
// Thread:  the task's.
// Errors:  an exception of the code is a value. A definition that does not exist is an exception too.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "daemon/dataflow/evaluator.h"

namespace onyx::lang {
class Program;
class Yield;
}  // namespace onyx::lang

namespace onyx::task {

class TaskEvaluator final : public dataflow::Evaluator {
 public:
  // All references but `peer_config`, which has the limits of a call, outlive this. `line` gets what println writes.
  TaskEvaluator(std::shared_ptr<const lang::Program> program,
                const dataflow::FunctionTable& functions, const edn::Value& peer_config,
                lang::Yield* yield, std::function<void(std::string)> line);
  ~TaskEvaluator() override;

  // Resolves every function of the table.
  tl::expected<void, edn::Value> bind();

  std::size_t call_each(dataflow::FunctionIndex function, std::span<const edn::Value> leading,
                        std::span<edn::Value> elements, dataflow::Evaluated& other) override;
  dataflow::Evaluated call(dataflow::FunctionIndex function,
                           std::span<edn::Value> arguments) override;
  std::string name_of(dataflow::FunctionIndex function) const override;

  // What a function position says: the value of a definition, or the function of an inline form.
  dataflow::Evaluated value_of(const model::FunctionRef& function);
  dataflow::Evaluated invoke(const edn::Value& function, std::span<edn::Value> arguments);
  const edn::Value& bound(dataflow::FunctionIndex function) const;

 private:
  struct Bound;

  const dataflow::FunctionTable& table_;
  std::unique_ptr<Bound> bound_;
};

}  // namespace onyx::task
