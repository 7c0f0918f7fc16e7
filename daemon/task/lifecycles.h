// The lifecycle entries of one task: hooks around the task and its batches, and handlers of exceptions.
//
// Shape:   an entry names a map of hooks. Each hook is called for every entry that has it, in the order of the job, with the
//          event map as those before left it; what it returns is merged into the event map.
// Thread:  the task's.
// Errors:  an exception of a hook, or an answer that makes no sense, is an exception of the phase that the hook belongs to.
// Source:  spec of the task lifecycle, 12. Handlers are asked until one decides.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "common/base/ids.h"
#include "common/edn/value.h"
#include "common/model/job.h"

namespace onyx::task {

class TaskEvaluator;

enum class Hook : std::uint8_t {
  start_task,
  before_task_start,
  before_batch,
  after_read_batch,
  after_apply_fn,
  after_batch,
  after_task_stop,
  handle_exception,
};
inline constexpr std::size_t kHooks = 8;

std::string_view key_of(Hook hook);  // "lifecycle/start-task?"

struct LifecycleEntry {
  model::FunctionRef calls;
  bool is_legacy_plugin = false;  // Onyx's own plugins': nothing is called
  bool injects_sequence = false;  // puts :seq/sequential of the entry into the event as :seq/seq
  edn::Value entry;
};

// Those that apply to `task`.
std::vector<LifecycleEntry> compile_lifecycles(const model::Job& job, const TaskId& task);

enum class FailureAction : std::uint8_t;

class Lifecycles {
 public:
  using Merged = tl::expected<edn::Value, edn::Value>;

  // Looks the hooks up. The error is an exception.
  tl::expected<void, edn::Value> bind(const std::vector<LifecycleEntry>& entries,
                                      TaskEvaluator& evaluator,
                                      const std::function<void(std::string)>& log);

  bool has(Hook hook) const { return present_[static_cast<std::size_t>(hook)]; }
  // Some hook runs with every batch.
  bool has_batch_hooks() const {
    return has(Hook::before_batch) || has(Hook::after_read_batch) || has(Hook::after_apply_fn) ||
           has(Hook::after_batch);
  }

  // Every start-task? answers true.
  tl::expected<bool, edn::Value> may_start(const edn::Value& event);
  // The event after all hooks of this kind.
  Merged run(Hook hook, edn::Value event);
  // What the handlers decide about an exception in `phase`, "lifecycle/apply-fn".
  FailureAction decide(const edn::Value& event, std::string_view phase,
                       const edn::Value& exception);

 private:
  struct Calls {
    edn::Value entry;
    std::array<edn::Value, kHooks> hooks;  // nil where absent
    bool injects_sequence = false;
  };

  edn::Value wrong_answer(Hook hook, const edn::Value& answer, std::string_view needs) const;

  std::vector<Calls> calls_;
  std::bitset<kHooks> present_;
  TaskEvaluator* evaluator_ = nullptr;
  std::function<void(std::string)> log_;
};

}  // namespace onyx::task
