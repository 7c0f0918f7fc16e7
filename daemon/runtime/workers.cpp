#include "daemon/runtime/workers.h"

#include <pthread.h>

#include <algorithm>

#include "common/base/check.h"
#include "daemon/runtime/fiber.h"

namespace onyx::runtime {

namespace {

constexpr int kSpins = 2'000;

// The slice that this thread is in.
struct Slice {
  Fiber* fiber = nullptr;
  Instant end;
  const std::atomic<bool>* should_stop = nullptr;
  const std::atomic<bool>* is_closing = nullptr;  // the workers end
};
thread_local Slice slice;

bool is_set(const std::atomic<bool>* flag) {
  return flag != nullptr && flag->load(std::memory_order_relaxed);
}

class FiberYield final : public lang::Yield {
 public:
  bool poll() override {
    // The flag belongs to the strand, so it is kept across the pause; other strands set their own meanwhile.
    const std::atomic<bool>* should_stop = slice.should_stop;
    if (is_set(should_stop) || is_set(slice.is_closing)) return false;
    if (slice.fiber == nullptr || Workers::now() < slice.end) return true;
    slice.fiber->pause();
    slice.should_stop = should_stop;
    return !is_set(should_stop) && !is_set(slice.is_closing);
  }
};

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

}  // namespace

Strand::~Strand() = default;

void Strand::wake() {
  // Orders what the caller made available before the look at the state; the worker's exchange does the same for it.
  std::atomic_thread_fence(std::memory_order_seq_cst);
  State state = state_.load(std::memory_order_relaxed);
  for (;;) {
    if (state == State::idle) {
      if (!state_.compare_exchange_weak(state, State::queued, std::memory_order_seq_cst)) continue;
      workers_->enqueue(shared_from_this());
      return;
    }
    if (state != State::running) return;
    if (state_.compare_exchange_weak(state, State::running_woken, std::memory_order_seq_cst))
      return;
  }
}

Instant Workers::now() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now());
}

lang::Yield& Workers::yield() {
  static FiberYield instance;
  return instance;
}

void Workers::set_should_stop(const std::atomic<bool>* flag) { slice.should_stop = flag; }

Workers::Workers(std::size_t threads) {
  for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i) {
    workers_.push_back(std::make_unique<Worker>());
  }
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    workers_[i]->thread = std::thread([this, i] { work(i); });
    pthread_setname_np(workers_[i]->thread.native_handle(),
                       ("worker-" + std::to_string(i)).c_str());
  }
}

Workers::~Workers() { stop(); }

void Workers::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    is_closing_.store(true);
    for (auto& worker : workers_) worker->has_work.notify_all();
  }
  for (auto& worker : workers_) {
    if (worker->thread.joinable()) worker->thread.join();
  }
}

void Workers::add(const std::vector<std::shared_ptr<Strand>>& strands) {
  for (const auto& strand : strands) {
    ONYX_CHECK(strand->workers_ == nullptr, "a strand is added twice");
    strand->home_ = next_home_.fetch_add(1, std::memory_order_relaxed) % workers_.size();
    strand->workers_ = this;
  }
  for (const auto& strand : strands) strand->wake();
}

void Workers::enqueue(std::shared_ptr<Strand> strand) {
  std::lock_guard lock(mutex_);
  Worker& home = *workers_[strand->home_];
  const bool is_paused = strand->fiber_ != nullptr;
  home.ready.push_back(std::move(strand));
  ready_count_.fetch_add(1, std::memory_order_release);
  if (rouse(home) || is_paused) return;
  rouse_any();  // its own worker is busy: somebody who sleeps may take it
}

// Whoever is roused counts as awake from here on, so that the next strand rouses another.
bool Workers::rouse(Worker& worker) {
  if (!worker.sleeps) return false;
  worker.sleeps = false;
  worker.has_work.notify_one();
  return true;
}

void Workers::rouse_any() {
  for (auto& worker : workers_) {
    if (rouse(*worker)) return;
  }
}

std::size_t Workers::timers() const {
  std::lock_guard lock(mutex_);
  return timers_.size();
}

// A strand that is woken often asks for a new time after every slice. It keeps one timer, the earliest asked for: coming too
// early costs a slice, after which it says when it wants to come next.
void Workers::set_timer(const std::shared_ptr<Strand>& strand, Instant at) {
  std::lock_guard lock(mutex_);
  if (strand->timer_.has_value()) {
    if (*strand->timer_ <= at) return;
    auto [first, last] = timers_.equal_range(*strand->timer_);
    for (; first != last; ++first) {
      if (first->second.lock() != strand) continue;
      timers_.erase(first);
      break;
    }
  }
  strand->timer_ = at;
  const auto placed = timers_.emplace(at, strand);
  if (placed == timers_.begin()) rouse_any();  // a sleeper waits for a later one
}

std::shared_ptr<Strand> Workers::take_ready(std::size_t index) {
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    auto& ready = workers_[(index + i) % workers_.size()]->ready;
    for (auto it = ready.begin(); it != ready.end(); ++it) {
      if (i != 0 && (*it)->fiber_ != nullptr) continue;
      auto strand = std::move(*it);
      ready.erase(it);
      ready_count_.fetch_sub(1, std::memory_order_relaxed);
      strand->home_ = index;
      return strand;
    }
  }
  return nullptr;
}

void Workers::release_due_timers(Instant at) {
  while (!timers_.empty() && timers_.begin()->first <= at) {
    auto strand = timers_.begin()->second.lock();
    timers_.erase(timers_.begin());
    if (strand == nullptr) continue;
    strand->timer_.reset();
    auto expected = Strand::State::idle;
    if (!strand->state_.compare_exchange_strong(expected, Strand::State::queued)) continue;
    Worker& home = *workers_[strand->home_];
    home.ready.push_back(std::move(strand));
    ready_count_.fetch_add(1, std::memory_order_release);
    if (!rouse(home)) rouse_any();
  }
}

std::shared_ptr<Strand> Workers::next(std::size_t index) {
  for (int spin = 0; spin < kSpins && ready_count_.load(std::memory_order_acquire) == 0; ++spin)
    relax();
  std::unique_lock lock(mutex_);
  Worker& self = *workers_[index];
  for (;;) {
    if (stopping_) return nullptr;
    if (!timers_.empty()) release_due_timers(now());
    if (auto strand = take_ready(index)) return strand;
    self.sleeps = true;
    if (timers_.empty()) {
      self.has_work.wait(lock);
    } else {
      const Instant at = timers_.begin()->first;  // a copy: the timer may be gone while we sleep
      self.has_work.wait_until(lock, at);
    }
    self.sleeps = false;
  }
}

void Workers::work(std::size_t index) {
  Worker& self = *workers_[index];
  while (auto strand = next(index)) run_slice(self, std::move(strand));
  // Evaluations that are still paused are ended, so that what their stacks hold is released.
  std::deque<std::shared_ptr<Strand>> left;
  {
    std::lock_guard lock(mutex_);
    left.swap(self.ready);
  }
  for (auto& strand : left) {
    while (strand->fiber_ != nullptr) {
      slice = {strand->fiber_.get(), now(), nullptr, &is_closing_};
      if (strand->fiber_->resume()) strand->fiber_.reset();
    }
  }
  slice = {};
  self.fibers.clear();
}

void Workers::run_slice(Worker& worker, std::shared_ptr<Strand> strand) {
  strand->state_.exchange(Strand::State::running, std::memory_order_seq_cst);
  std::unique_ptr<Fiber> fiber = std::move(strand->fiber_);
  const bool resumes = fiber != nullptr;
  if (!resumes) {
    if (worker.fibers.empty()) worker.fibers.push_back(std::make_unique<Fiber>());
    fiber = std::move(worker.fibers.back());
    worker.fibers.pop_back();
  }
  slice = {fiber.get(), now() + kSlice, nullptr, &is_closing_};
  auto* raw = strand.get();
  const bool is_over =
      resumes ? fiber->resume() : fiber->run([raw] { raw->ran_ = raw->run(slice.end); });
  slice = {};
  if (!is_over) {
    strand->fiber_ = std::move(fiber);
    strand->state_.store(Strand::State::queued, std::memory_order_seq_cst);
    enqueue(std::move(strand));
    return;
  }
  worker.fibers.push_back(std::move(fiber));

  if (strand->ran_ == Ran::finished) {
    strand->state_.store(Strand::State::finished, std::memory_order_seq_cst);
    return;
  }
  if (strand->ran_ == Ran::waiting) {
    const auto at = strand->wake_at();
    auto expected = Strand::State::running;
    if (strand->state_.compare_exchange_strong(expected, Strand::State::idle,
                                               std::memory_order_seq_cst)) {
      if (at.has_value()) set_timer(strand, *at);
      return;
    }
  }
  strand->state_.store(Strand::State::queued, std::memory_order_seq_cst);
  enqueue(std::move(strand));
}

}  // namespace onyx::runtime
