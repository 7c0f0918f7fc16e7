// The tasks of one job that run in one worker, in turn: a task with what is fused to it.
//
// Shape:   members in topological order; segments pass between them by direct edges, between strands by rings. Each turn steps
//          every member once, so a batch goes through the whole chain while it is in the cache.
// Thread:  run() on one worker at a time; the posts from any thread.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "daemon/messaging/messenger.h"
#include "daemon/runtime/held.h"
#include "daemon/runtime/strand.h"
#include "daemon/task/task_machine.h"

namespace onyx::runtime {

struct TaskMember {
  TaskId task;
  PeerId peer;
  SlotId slot = 0;
  bool is_input = false;
  std::unique_ptr<task::TaskMachine> machine;
};

class TaskStrand final : public Strand {
 public:
  using OnFailed = std::function<void(const TaskMember&, const task::Failure&)>;

  // `on_failed` on the worker, once; `on_stopped` on the worker, once, after every member has been stopped.
  // While the fence is closed no member is stepped.
  TaskStrand(OnFailed on_failed, std::function<void()> on_stopped, FencePtr fence = nullptr);
  ~TaskStrand() override;

  // Before it is added to the workers.
  void add_member(TaskMember member) { members_.push_back(std::move(member)); }
  const std::vector<TaskMember>& members() const { return members_; }

  Ran run(Instant slice_end) override;
  std::optional<Instant> wake_at() const override { return wake_at_; }

  // To the members that are inputs.
  void post_barrier(const barrier::Barrier& barrier);
  // To all members: this epoch is complete for the whole job.
  void post_publish(Epoch epoch);
  // Ends an evaluation that is going on; then stops every member with this scheduler event.
  void post_stop(std::string scheduler_event);

  std::uint64_t busy_ns() const { return busy_ns_.load(std::memory_order_relaxed); }

 private:
  void take_posts();
  task::Stepped step(TaskMember& member, Instant now);
  Ran stop_members();

  std::vector<TaskMember> members_;
  std::vector<bool> ended_;
  OnFailed on_failed_;
  std::function<void()> on_stopped_;
  const FencePtr fence_;
  bool has_failed_ = false;
  std::optional<task::Failure> thrown_;  // what a plugin or library threw at us
  std::optional<Instant> wake_at_;
  std::atomic<std::uint64_t> busy_ns_{0};

  std::atomic<bool> has_posts_{false};
  std::atomic<bool> should_stop_{false};
  std::mutex mutex_;
  std::deque<barrier::Barrier> barriers_;  // guarded by mutex_
  std::deque<Epoch> publications_;         // guarded by mutex_
  std::string scheduler_event_;            // guarded by mutex_
};

}  // namespace onyx::runtime
