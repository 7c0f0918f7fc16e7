#include "daemon/runtime/task_strand.h"

#include <exception>

#include "daemon/runtime/workers.h"

namespace onyx::runtime {

TaskStrand::TaskStrand(OnFailed on_failed, std::function<void()> on_stopped, FencePtr fence)
    : on_failed_(std::move(on_failed)),
      on_stopped_(std::move(on_stopped)),
      fence_(std::move(fence)) {}

TaskStrand::~TaskStrand() = default;

Ran TaskStrand::run(Instant slice_end) {
  if (should_stop_.load(std::memory_order_acquire)) return stop_members();
  if (has_failed_) return Ran::waiting;
  Workers::set_should_stop(&should_stop_);
  ended_.resize(members_.size());
  wake_at_.reset();
  const Instant start = Workers::now();
  Instant now = start;
  Ran outcome = Ran::waiting;
  bool held = false;
  for (;;) {
    if ((held = is_held(fence_))) break;
    if (has_posts_.load(std::memory_order_acquire)) take_posts();
    bool worked = false;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (ended_[i]) continue;
      switch (step(members_[i], now)) {
        case task::Stepped::worked:
          worked = true;
          break;
        case task::Stepped::waiting:
          break;
        case task::Stepped::ended:
          ended_[i] = true;
          break;
        case task::Stepped::failed:
          if (should_stop_.load(std::memory_order_acquire)) return Ran::again;  // it was cancelled
          has_failed_ = true;
          on_failed_(members_[i], thrown_.has_value() ? *thrown_ : *members_[i].machine->failure());
          return Ran::waiting;
      }
    }
    if (should_stop_.load(std::memory_order_relaxed)) {
      outcome = Ran::again;
      break;
    }
    if (!worked && !has_posts_.load(std::memory_order_acquire)) break;
    now = Workers::now();
    if (now >= slice_end) {
      outcome = Ran::again;
      break;
    }
  }
  if (held) {
    wake_at_ = now + kHeldLook;
  } else if (outcome == Ran::waiting) {
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (ended_[i]) continue;
      const auto at = members_[i].machine->wake_at();
      if (at.has_value() && (!wake_at_.has_value() || *at < *wake_at_)) wake_at_ = at;
    }
  }
  busy_ns_.fetch_add(static_cast<std::uint64_t>((Workers::now() - start).count()),
                     std::memory_order_relaxed);
  return outcome;
}

// Failures are values; whatever is thrown all the same (memory, a library of a plugin) fails the task and not the daemon.
task::Stepped TaskStrand::step(TaskMember& member, Instant now) {
  try {
    return member.machine->step(now);
  } catch (const std::exception& thrown) {
    thrown_.emplace();
    thrown_->phase = "lifecycle/task";
    thrown_->message = std::string("an exception came out of the task: ") + thrown.what();
    thrown_->data = edn::Value::map();
    thrown_->text = thrown_->message;
    return task::Stepped::failed;
  }
}

void TaskStrand::take_posts() {
  std::deque<barrier::Barrier> barriers;
  std::deque<Epoch> publications;
  {
    std::lock_guard lock(mutex_);
    has_posts_.store(false, std::memory_order_relaxed);
    barriers.swap(barriers_);
    publications.swap(publications_);
  }
  for (auto& member : members_) {
    if (member.is_input) {
      for (const auto& barrier : barriers) member.machine->inject(barrier);
    }
    for (const Epoch epoch : publications) member.machine->publish(epoch);
  }
}

Ran TaskStrand::stop_members() {
  std::string event;
  {
    std::lock_guard lock(mutex_);
    event = scheduler_event_;
  }
  // Hooks that run now have the step budget of every call as their bound.
  Workers::set_should_stop(nullptr);
  for (auto& member : members_) {
    try {
      member.machine->stop(event);
    } catch (
        const std::
            exception&) {  // the others have to stop nevertheless, and `on_stopped` has to come
    }
  }
  on_stopped_();
  return Ran::finished;
}

void TaskStrand::post_barrier(const barrier::Barrier& barrier) {
  {
    std::lock_guard lock(mutex_);
    barriers_.push_back(barrier);
    has_posts_.store(true, std::memory_order_release);
  }
  wake();
}

void TaskStrand::post_publish(Epoch epoch) {
  {
    std::lock_guard lock(mutex_);
    publications_.push_back(epoch);
    has_posts_.store(true, std::memory_order_release);
  }
  wake();
}

void TaskStrand::post_stop(std::string scheduler_event) {
  {
    std::lock_guard lock(mutex_);
    if (should_stop_.load()) return;
    scheduler_event_ = std::move(scheduler_event);
    should_stop_.store(true, std::memory_order_release);
  }
  wake();
}

}  // namespace onyx::runtime
