#include "daemon/task/lifecycles.h"

#include <utility>

#include <fmt/format.h>

#include "common/lang/exception.h"
#include "daemon/dataflow/task_exception.h"
#include "daemon/task/task_evaluator.h"
#include "daemon/task/task_machine.h"

namespace onyx::task {
namespace {

constexpr std::string_view kKeys[kHooks] = {
    "lifecycle/start-task?",      "lifecycle/before-task-start", "lifecycle/before-batch",
    "lifecycle/after-read-batch", "lifecycle/after-apply-fn",    "lifecycle/after-batch",
    "lifecycle/after-task-stop",  "lifecycle/handle-exception"};

constexpr std::string_view kInjectSequence = "onyx.plugin.seq/inject-seq-via-lifecycle";

edn::Value merged(edn::Value event, const edn::Value& more) {
  for (const edn::Entry entry : more.entries())
    event = std::move(event).assoc(entry.key, entry.value);
  return event;
}

}  // namespace

std::string_view key_of(Hook hook) { return kKeys[static_cast<std::size_t>(hook)]; }

std::vector<LifecycleEntry> compile_lifecycles(const model::Job& job, const TaskId& task) {
  std::vector<LifecycleEntry> entries;
  for (const model::Lifecycle& lifecycle : job.lifecycles) {
    if (lifecycle.task.has_value() && *lifecycle.task != task) continue;
    entries.push_back({lifecycle.calls, lifecycle.is_legacy_plugin,
                       lifecycle.calls.name() == kInjectSequence, lifecycle.entry});
  }
  return entries;
}

tl::expected<void, edn::Value> Lifecycles::bind(const std::vector<LifecycleEntry>& entries,
                                                TaskEvaluator& evaluator,
                                                const std::function<void(std::string)>& log) {
  evaluator_ = &evaluator;
  log_ = log;
  for (const LifecycleEntry& entry : entries) {
    Calls calls;
    calls.entry = entry.entry;
    if (entry.injects_sequence) {
      calls.injects_sequence = true;
      present_.set(static_cast<std::size_t>(Hook::before_task_start));
    } else if (entry.is_legacy_plugin) {
      log_(fmt::format("lifecycle calls of a plugin are not needed here and do nothing calls=:{}",
                       entry.calls.name()));
      continue;
    } else {
      auto hooks = evaluator.value_of(entry.calls);
      if (!hooks.has_value()) return tl::unexpected(std::move(hooks).error());
      if (!hooks->is_map()) {
        return tl::unexpected(
            dataflow::task_exception(fmt::format(":lifecycle/calls :{} must be a map of hooks such "
                                                 "as {{:lifecycle/before-batch f}}, got {}",
                                                 entry.calls.name(), lang::describe(*hooks))));
      }
      for (std::size_t i = 0; i < kHooks; ++i) {
        calls.hooks[i] = hooks->get(kKeys[i]);
        if (!calls.hooks[i].is_nil()) present_.set(i);
      }
    }
    calls_.push_back(std::move(calls));
  }
  return {};
}

tl::expected<bool, edn::Value> Lifecycles::may_start(const edn::Value& event) {
  bool all = true;
  for (const Calls& calls : calls_) {
    const edn::Value& hook = calls.hooks[static_cast<std::size_t>(Hook::start_task)];
    if (hook.is_nil()) continue;
    edn::Value arguments[] = {event, calls.entry};
    const dataflow::Evaluated answer = evaluator_->invoke(hook, arguments);
    if (!answer.has_value()) return tl::unexpected(answer.error());
    all = all && *answer == edn::Value::boolean(true);
  }
  return all;
}

Lifecycles::Merged Lifecycles::run(Hook hook, edn::Value event) {
  for (const Calls& calls : calls_) {
    if (hook == Hook::before_task_start && calls.injects_sequence) {
      event =
          std::move(event).assoc(edn::Value::keyword("seq/seq"), calls.entry.get("seq/sequential"));
      continue;
    }
    const edn::Value& function = calls.hooks[static_cast<std::size_t>(hook)];
    if (function.is_nil()) continue;
    edn::Value arguments[] = {event, calls.entry};
    dataflow::Evaluated answer = evaluator_->invoke(function, arguments);
    if (!answer.has_value()) return answer;
    if (hook == Hook::after_task_stop || answer->is_nil()) continue;
    if (!answer->is_map())
      return tl::unexpected(wrong_answer(hook, *answer, "a map to merge into the event, or nil"));
    event = merged(std::move(event), *answer);
  }
  return event;
}

FailureAction Lifecycles::decide(const edn::Value& event, std::string_view phase,
                                 const edn::Value& exception) {
  const lang::ExceptionInfo* info = lang::as_exception(exception);
  if (info != nullptr && info->data().is_map() &&
      info->data().get("kill-job?") == edn::Value::boolean(true)) {
    return FailureAction::kill;
  }
  for (const Calls& calls : calls_) {
    const edn::Value& handler = calls.hooks[static_cast<std::size_t>(Hook::handle_exception)];
    if (handler.is_nil()) continue;
    edn::Value arguments[] = {event, calls.entry, edn::Value::keyword(phase), exception};
    const dataflow::Evaluated answer = evaluator_->invoke(handler, arguments);
    if (!answer.has_value()) {
      const lang::ExceptionInfo* second = lang::as_exception(answer.error());
      log_(
          fmt::format("the exception handler failed itself, the job is killed phase=:{} message={}",
                      phase, second == nullptr ? "" : second->message()));
      return FailureAction::kill;
    }
    if (answer->is_keyword("defer")) continue;
    if (answer->is_keyword("restart")) return FailureAction::restart;
    if (!answer->is_keyword("kill") && !answer->is_nil()) {
      log_(
          fmt::format("the exception handler answered {}, which is none of :restart :kill :defer; "
                      "the job is killed phase=:{}",
                      lang::describe(*answer), phase));
    }
    return FailureAction::kill;
  }
  return FailureAction::kill;
}

edn::Value Lifecycles::wrong_answer(Hook hook, const edn::Value& answer,
                                    std::string_view needs) const {
  return dataflow::task_exception(fmt::format("a :{} hook returned {}; it must return {}",
                                              key_of(hook), lang::describe(answer), needs));
}

}  // namespace onyx::task
