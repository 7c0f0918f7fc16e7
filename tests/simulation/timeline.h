// The simulation's only clock: what is to happen, by time, and in the order in which it was asked for at one time.
//
// Units:   milliseconds from the start of the run.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "tests/simulation/noise.h"

namespace onyx::simulation {

class Timeline {
 public:
  using What = std::function<void()>;

  std::int64_t now() const { return now_; }
  // Of all that has happened: equal for equal runs.
  std::uint64_t hash() const { return hash_; }
  std::uint64_t steps() const { return steps_; }

  void at(std::int64_t time, What what) {
    heap_.push_back({std::max(time, now_), asked_++, std::move(what)});
    std::push_heap(heap_.begin(), heap_.end(), later);
  }
  void after(std::int64_t delay, What what) { at(now_ + delay, std::move(what)); }

  // Does everything up to `time`, which is then the present.
  void run_until(std::int64_t time) {
    while (step(time)) {
    }
    now_ = std::max(now_, time);
  }
  void note(std::uint64_t value) { hash_ = mix(hash_ ^ value); }

 private:
  struct Planned {
    std::int64_t time;
    std::uint64_t asked;
    What what;
  };
  // Does the next thing, if there is one up to `limit`.
  bool step(std::int64_t limit) {
    if (heap_.empty() || heap_.front().time > limit) return false;
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Planned next = std::move(heap_.back());
    heap_.pop_back();
    now_ = next.time;
    ++steps_;
    hash_ = mix(hash_ ^ (static_cast<std::uint64_t>(next.time) << 24U) ^ next.asked);
    next.what();
    return true;
  }
  static bool later(const Planned& a, const Planned& b) {
    return a.time != b.time ? a.time > b.time : a.asked > b.asked;
  }

  std::vector<Planned> heap_;
  std::int64_t now_ = 0;
  std::uint64_t asked_ = 0;
  std::uint64_t steps_ = 0;
  std::uint64_t hash_ = 0;
};

}  // namespace onyx::simulation
