#include "daemon/runtime/workers.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <functional>
#include <mutex>

using namespace onyx::runtime;
using onyx::Instant;

namespace {

// Something that happens on another thread and is waited for.
class Signal {
 public:
  void raise() {
    std::lock_guard lock(mutex_);
    raised_ = true;
    changed_.notify_all();
  }
  bool wait() {  // the limit is a hang guard
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(60), [&] { return raised_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool raised_ = false;
};

class FunctionStrand final : public Strand {
 public:
  explicit FunctionStrand(std::function<Ran(FunctionStrand&)> body) : body_(std::move(body)) {}
  Ran run(Instant) override { return body_(*this); }
  std::optional<Instant> wake_at() const override { return at; }
  std::optional<Instant> at;

 private:
  std::function<Ran(FunctionStrand&)> body_;
};

}  // namespace

TEST_CASE("workers: a strand runs when it is added and whenever it is woken",
          "[runtime][workers]") {
  Workers workers(2);
  std::atomic<int> runs{0};
  Signal first, second;
  auto strand = std::make_shared<FunctionStrand>([&](FunctionStrand&) {
    (++runs == 1 ? first : second).raise();
    return Ran::waiting;
  });
  workers.add({strand});
  REQUIRE(first.wait());
  strand->wake();
  REQUIRE(second.wait());
  workers.stop();
}

TEST_CASE("workers: no wake-up is lost while the strand runs", "[runtime][workers]") {
  Workers workers(2);
  constexpr int kItems = 20'000;
  std::atomic<int> produced{0};
  int consumed = 0;
  Signal done;
  auto consumer = std::make_shared<FunctionStrand>([&](FunctionStrand&) {
    while (consumed < produced.load()) ++consumed;
    if (consumed == kItems) {
      done.raise();
      return Ran::finished;
    }
    return Ran::waiting;
  });
  workers.add({consumer});
  std::thread producer([&] {
    for (int i = 0; i < kItems; ++i) {
      produced.fetch_add(1);
      consumer->wake();
    }
  });
  CHECK(done.wait());
  producer.join();
  workers.stop();
}

TEST_CASE("workers: a waiting strand runs again at its own time", "[runtime][workers]") {
  Workers workers(1);
  Signal done;
  Instant woken_at{};
  Instant wanted{};
  auto strand = std::make_shared<FunctionStrand>([&](FunctionStrand& self) {
    if (!self.at.has_value()) {
      wanted = Workers::now() + std::chrono::milliseconds(5);
      self.at = wanted;
      return Ran::waiting;
    }
    woken_at = Workers::now();
    done.raise();
    return Ran::finished;
  });
  workers.add({strand});
  REQUIRE(done.wait());
  CHECK(woken_at >= wanted);
  workers.stop();
}

TEST_CASE("workers: an evaluation without end lets others run on the same worker",
          "[runtime][workers]") {
  Workers workers(1);
  std::atomic<bool> stop{false};
  Signal other_ran, ended;
  auto endless = std::make_shared<FunctionStrand>([&](FunctionStrand&) {
    Workers::set_should_stop(&stop);
    if (stop.load()) {
      ended.raise();
      return Ran::finished;
    }
    while (Workers::yield().poll()) {
    }
    return Ran::again;
  });
  auto other = std::make_shared<FunctionStrand>([&](FunctionStrand&) {
    other_ran.raise();
    return Ran::finished;
  });
  workers.add({endless});
  workers.add({other});
  CHECK(other_ran.wait());
  stop = true;
  CHECK(ended.wait());
  workers.stop();
}

TEST_CASE("workers: stop ends evaluations that are paused and releases what they hold",
          "[runtime][workers]") {
  auto held = std::make_shared<int>(1);
  std::weak_ptr<int> watch = held;
  Signal started;
  {
    Workers workers(2);
    auto endless = std::make_shared<FunctionStrand>([&started, held](FunctionStrand&) {
      auto local = held;
      started.raise();
      while (Workers::yield().poll()) {
      }
      return Ran::waiting;
    });
    held.reset();
    workers.add({std::move(endless)});
    REQUIRE(started.wait());
    workers.stop();
  }
  CHECK(watch.expired());
}

TEST_CASE("workers: a strand that is woken often keeps one timer", "[runtime][workers]") {
  Workers workers(2);
  constexpr int kWakes = 5'000;
  std::atomic<int> asked{0};
  Signal first, last;
  auto strand = std::make_shared<FunctionStrand>([&](FunctionStrand& self) {
    self.at = Workers::now() + std::chrono::hours(1) + std::chrono::nanoseconds(++asked);
    if (asked == 1) first.raise();
    if (asked == kWakes) last.raise();
    if (asked < kWakes) self.wake();  // while it runs: runs again at once
    return Ran::waiting;
  });
  workers.add({strand});
  REQUIRE(first.wait());
  REQUIRE(last.wait());
  for (int i = 0; i < kWakes; ++i) strand->wake();
  workers.stop();
  CHECK(workers.timers() <= 1);
}

TEST_CASE("workers: an earlier time takes the place of a later one", "[runtime][workers]") {
  Workers workers(1);
  Signal started, came;
  std::atomic<int> runs{0};
  auto strand = std::make_shared<FunctionStrand>([&](FunctionStrand& self) {
    switch (++runs) {
      case 1:
        self.at = Workers::now() + std::chrono::hours(1);
        started.raise();
        return Ran::waiting;
      case 2:  // woken
        self.at = Workers::now() + std::chrono::milliseconds(5);
        return Ran::waiting;
      default:  // by the second timer
        came.raise();
        return Ran::finished;
    }
  });
  workers.add({strand});
  REQUIRE(started.wait());
  strand->wake();
  CHECK(came.wait());
  workers.stop();
}
