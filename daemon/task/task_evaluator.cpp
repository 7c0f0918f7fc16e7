#include "daemon/task/task_evaluator.h"

#include <utility>

#include <fmt/format.h>

#include "common/edn/printer.h"
#include "common/lang/program.h"
#include "daemon/dataflow/task_exception.h"

namespace onyx::task {
namespace {

class LogLines final : public lang::LineSink {
 public:
  explicit LogLines(std::function<void(std::string)> log) : log_(std::move(log)) {}
  void line(std::string_view text) override {
    if (log_ != nullptr) log_(std::string(text));
  }

 private:
  std::function<void(std::string)> log_;
};

edn::Value unknown(const lang::Program& program, const edn::Value& reference) {
  std::string message = fmt::format("there is no function {}", edn::print(reference));
  if (reference.is_keyword()) {
    if (const std::vector<std::string> near = program.did_you_mean(reference); !near.empty()) {
      message += fmt::format("; did you mean {}?", near.front());
    }
  }
  return dataflow::task_exception(std::move(message));
}

dataflow::Evaluated evaluated(lang::Outcome outcome) {
  if (outcome.is_value()) [[likely]]
    return std::move(outcome.value);
  return tl::unexpected(std::move(outcome.value));
}

// What the daemon's configuration allows one call; the language's own limits where it says nothing.
lang::Limits limits_of(const edn::Value& peer_config) {
  lang::Limits limits;
  if (!peer_config.is_map()) return limits;
  const auto take = [&](std::string_view key, auto& limit) {
    const edn::Value& value = peer_config.get(key);
    if (value.is_integer() && value.as_integer() > 0) {
      limit = static_cast<std::remove_reference_t<decltype(limit)>>(value.as_integer());
    }
  };
  take("onyxd/function-steps-max", limits.steps);
  take("onyxd/function-bytes-max", limits.bytes);
  take("onyxd/function-depth-max", limits.depth);
  return limits;
}

}  // namespace

struct TaskEvaluator::Bound {
  Bound(std::shared_ptr<const lang::Program> program, const lang::Limits& limits,
        lang::Yield* yield, std::function<void(std::string)> log)
      : lines(std::move(log)), instance(std::move(program), limits, yield, &lines) {}

  LogLines lines;
  lang::Instance instance;
  std::vector<edn::Value> functions;
};

TaskEvaluator::TaskEvaluator(std::shared_ptr<const lang::Program> program,
                             const dataflow::FunctionTable& functions,
                             const edn::Value& peer_config, lang::Yield* yield,
                             std::function<void(std::string)> line)
    : table_(functions),
      bound_(std::make_unique<Bound>(std::move(program), limits_of(peer_config), yield,
                                     std::move(line))) {}

TaskEvaluator::~TaskEvaluator() = default;

tl::expected<void, edn::Value> TaskEvaluator::bind() {
  bound_->functions.clear();
  for (const model::FunctionRef& function : table_.functions()) {
    dataflow::Evaluated value = value_of(function);
    if (!value.has_value()) return tl::unexpected(std::move(value).error());
    bound_->functions.push_back(std::move(*value));
  }
  return {};
}

dataflow::Evaluated TaskEvaluator::call(dataflow::FunctionIndex function,
                                        std::span<edn::Value> arguments) {
  return invoke(bound_->functions[function], arguments);
}

std::size_t TaskEvaluator::call_each(dataflow::FunctionIndex function,
                                     std::span<const edn::Value> leading,
                                     std::span<edn::Value> elements, dataflow::Evaluated& other) {
  lang::Outcome outcome;
  const std::size_t done =
      bound_->instance.call_each(bound_->functions[function], leading, elements, outcome);
  if (done < elements.size()) other = evaluated(std::move(outcome));
  return done;
}

std::string TaskEvaluator::name_of(dataflow::FunctionIndex function) const {
  const model::FunctionRef& reference = table_.functions()[function];
  return reference.is_inline() ? "the inline function " + lang::describe(reference.value())
                               : ":" + std::string(reference.name());
}

dataflow::Evaluated TaskEvaluator::value_of(const model::FunctionRef& function) {
  const std::optional<lang::Reference> reference =
      bound_->instance.program().find(function.value());
  if (!reference.has_value())
    return tl::unexpected(unknown(bound_->instance.program(), function.value()));
  return bound_->instance.value(*reference);
}

dataflow::Evaluated TaskEvaluator::invoke(const edn::Value& function,
                                          std::span<edn::Value> arguments) {
  return evaluated(bound_->instance.call(function, arguments));
}

const edn::Value& TaskEvaluator::bound(dataflow::FunctionIndex function) const {
  return bound_->functions[function];
}

}  // namespace onyx::task
