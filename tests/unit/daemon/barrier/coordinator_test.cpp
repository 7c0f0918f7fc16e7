#include "daemon/barrier/coordinator.h"

#include <catch2/catch.hpp>

using namespace onyx;
using namespace onyx::barrier;
using namespace std::chrono_literals;

namespace {

// A coordinator and its clock, moved by hand.
struct Run {
  CoordinatorState state;
  Instant now{};
  std::vector<CoordinatorAction> actions;

  Run& on(const CoordinatorEvent& event) {
    auto stepped = step(std::move(state), event, now);
    state = std::move(stepped.state);
    actions = std::move(stepped.actions);
    return *this;
  }
  Run& report(std::size_t input, Epoch epoch, Epoch min_epoch, bool drained = false,
              bool checkpointing = false) {
    return on(Reported{input,
                       {.version = state.version,
                        .epoch = epoch,
                        .min_epoch = min_epoch,
                        .checkpointing = checkpointing,
                        .drained = drained}});
  }
  template <class A>
  const A* did() const {
    for (const auto& action : actions) {
      if (const A* found = std::get_if<A>(&action)) return found;
    }
    return nullptr;
  }
};

Run running(std::size_t inputs = 1, CoordinatorSettings settings = {}) {
  Run run;
  run.state.settings = settings;
  run.on(Allocated{.version = 5, .inputs = inputs});
  for (std::size_t i = 0; i < inputs; ++i) run.report(i, 0, 0);
  return run;
}

}  // namespace

TEST_CASE("coordinator: an allocation begins with the recovery barrier", "[barrier][coordinator]") {
  Run run;
  run.on(Allocated{.version = 5, .inputs = 1});
  REQUIRE(run.did<EmitBarrier>() != nullptr);
  CHECK((run.did<EmitBarrier>()->barrier == Barrier{.version = 5, .epoch = 0}));
  CHECK(run.state.phase == CoordinatorPhase::recovering);
}

TEST_CASE("coordinator: the next barrier is due a period after the last was through",
          "[barrier][coordinator]") {
  Run run = running();
  REQUIRE(run.did<WakeAt>() != nullptr);
  CHECK(run.did<WakeAt>()->at == run.now + 1000ms);
  run.now += 999ms;
  CHECK(run.on(Ticked{}).actions.empty());
  run.now += 1ms;
  REQUIRE(run.on(Ticked{}).did<EmitBarrier>() != nullptr);
  CHECK(run.did<EmitBarrier>()->barrier.epoch == 1);
  run.now += 5000ms;
  CHECK(run.on(Ticked{}).actions.empty());     // epoch 1 is still in the job
  CHECK(run.report(0, 1, 0).actions.empty());  // the input has passed it, not everyone below
  CHECK(run.report(0, 1, 1).did<WakeAt>()->at == run.now + 1000ms);
}

TEST_CASE(
    "coordinator: seals as soon as every input is drained, and completes when that is through",
    "[barrier][coordinator]") {
  Run run = running(2);
  CHECK(run.report(0, 0, 0, true).did<EmitBarrier>() == nullptr);
  run.report(1, 0, 0, true);
  REQUIRE(run.did<EmitBarrier>() != nullptr);
  CHECK(run.did<EmitBarrier>()->barrier.sealing);
  CHECK(run.did<EmitBarrier>()->barrier.epoch == 1);
  CHECK(run.report(0, 1, 1, true).actions.empty());
  CHECK(run.report(1, 1, 0, true).actions.empty());
  run.report(1, 1, 1, true);
  REQUIRE(run.did<Complete>() != nullptr);
  CHECK(run.did<Complete>()->version == 5);
  CHECK(run.did<Complete>()->epoch == 1);
  CHECK(run.report(1, 1, 1, true).actions.empty());  // says so once
}

TEST_CASE("coordinator: drained while a barrier is under way seals after it",
          "[barrier][coordinator]") {
  Run run = running();
  run.now += 1000ms;
  run.on(Ticked{});
  CHECK(run.report(0, 1, 0, true).actions.empty());
  REQUIRE(run.report(0, 1, 1, true).did<EmitBarrier>() != nullptr);
  CHECK(run.did<EmitBarrier>()->barrier.epoch == 2);
  CHECK(run.did<EmitBarrier>()->barrier.sealing);
}

TEST_CASE("coordinator: a new allocation starts over, old statuses do not count",
          "[barrier][coordinator]") {
  Run run = running();
  run.report(0, 0, 0, true);
  run.on(Allocated{.version = 9, .inputs = 1});
  CHECK((run.did<EmitBarrier>()->barrier == Barrier{.version = 9, .epoch = 0}));
  CHECK(run.on(Reported{0, {.version = 5, .epoch = 1, .min_epoch = 1, .drained = true}})
            .actions.empty());
  CHECK(run.state.phase == CoordinatorPhase::recovering);
  REQUIRE(run.report(0, 0, 0, true).did<EmitBarrier>() != nullptr);
  CHECK(run.did<EmitBarrier>()->barrier.sealing);
}

TEST_CASE("coordinator: an epoch that cannot be is a failure of its peer",
          "[barrier][coordinator]") {
  Run run = running();
  run.report(0, 1, 1);
  REQUIRE(run.did<Misaligned>() != nullptr);
  CHECK(run.did<Misaligned>()->input == 0);
}

TEST_CASE("coordinator: one snapshot at a time, complete when nobody writes any more",
          "[barrier][coordinator]") {
  Run run = running(1, {.period = 10ms, .checkpoints = true});
  run.now += 10ms;
  run.on(Ticked{});
  CHECK(run.did<EmitBarrier>()->barrier.checkpoint);
  CHECK(run.report(0, 1, 1, false, true).did<CheckpointComplete>() == nullptr);
  run.now += 10ms;
  run.on(Ticked{});
  REQUIRE(run.did<EmitBarrier>() != nullptr);
  CHECK_FALSE(run.did<EmitBarrier>()->barrier.checkpoint);
  run.report(0, 2, 2);
  REQUIRE(run.did<CheckpointComplete>() != nullptr);
  CHECK(run.did<CheckpointComplete>()->epoch == 1);
}

TEST_CASE("coordinator: stopped, it says nothing more", "[barrier][coordinator]") {
  Run run = running();
  run.on(Stopped{});
  run.now += 10'000ms;
  CHECK(run.on(Ticked{}).actions.empty());
  CHECK(run.on(Reported{0, {.version = 5, .epoch = 0, .drained = true}}).actions.empty());
}
