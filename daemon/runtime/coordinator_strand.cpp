#include "daemon/runtime/coordinator_strand.h"

#include <algorithm>

#include "common/base/cases.h"
#include "daemon/runtime/workers.h"

namespace onyx::runtime {

CoordinatorStrand::CoordinatorStrand(ReplicaVersion version, std::size_t members,
                                     std::size_t inputs, barrier::CoordinatorSettings settings,
                                     Hooks hooks, FencePtr fence)
    : version_(version),
      inputs_(inputs),
      hooks_(std::move(hooks)),
      fence_(std::move(fence)),
      statuses_(members),
      reported_(members) {
  state_.settings = settings;
}

Ran CoordinatorStrand::run(Instant) {
  const Instant now = Workers::now();
  bool stopping = false;
  {
    std::lock_guard lock(mutex_);
    stopping = stopping_;
  }
  if (stopping) {
    feed(barrier::Stopped{}, now);
    hooks_.stopped();
    return Ran::finished;
  }
  if (is_held(fence_)) {
    wake_at_ = now + kHeldLook;
    return Ran::waiting;
  }
  if (!has_started_) {
    has_started_ = true;
    feed(barrier::Allocated{version_, inputs_, std::nullopt}, now);
  }
  feed_reports(now);
  feed(barrier::Ticked{}, now);
  if (sealing_epoch_.has_value() && !has_completed_ &&
      std::all_of(statuses_.begin(), statuses_.end(), [](const auto& s) { return s.published; })) {
    has_completed_ = true;
    hooks_.complete(*sealing_epoch_);
  }
  wake_at_ = state_.phase == barrier::CoordinatorPhase::running ? state_.due : std::nullopt;
  return Ran::waiting;
}

void CoordinatorStrand::feed_reports(Instant now) {
  {
    std::lock_guard lock(mutex_);
    statuses_ = reported_;
  }
  Epoch least = statuses_.empty() ? -1 : statuses_.front().epoch;
  for (const auto& status : statuses_) least = std::min(least, status.epoch);
  for (std::size_t i = 0; i < inputs_; ++i) {
    if (statuses_[i].epoch < 0) continue;
    barrier::Status status;
    status.version = version_;
    status.epoch = statuses_[i].epoch;
    status.min_epoch = least;
    status.drained = statuses_[i].drained;
    feed(barrier::Reported{i, status}, now);
  }
}

void CoordinatorStrand::feed(const barrier::CoordinatorEvent& event, Instant now) {
  auto stepped = barrier::step(std::move(state_), event, now);
  state_ = std::move(stepped.state);
  for (const auto& action : stepped.actions) {
    std::visit(Cases{
                   [&](const barrier::EmitBarrier& emit) { hooks_.emit(emit.barrier); },
                   [](const barrier::CheckpointComplete&) {},  // snapshots do not exist yet
                   [&](const barrier::Complete& complete) {
                     sealing_epoch_ = complete.epoch;
                     hooks_.publish(complete.epoch);
                   },
                   [](const barrier::WakeAt&) {},      // wake_at() reads the state
                   [](const barrier::Misaligned&) {},  // our own peers report in order
               },
               action);
  }
}

void CoordinatorStrand::report(std::size_t member, const task::TaskStatus& status) {
  {
    std::lock_guard lock(mutex_);
    reported_[member] = status;
  }
  wake();
}

void CoordinatorStrand::post_stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake();
}

}  // namespace onyx::runtime
