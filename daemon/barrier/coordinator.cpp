#include "daemon/barrier/coordinator.h"

#include <utility>

namespace onyx::barrier {

namespace {

using Actions = std::vector<CoordinatorAction>;

void emit(CoordinatorState& state, bool sealing, Actions& actions) {
  ++state.epoch;
  Barrier barrier{.version = state.version, .epoch = state.epoch, .sealing = sealing};
  barrier.checkpoint =
      state.settings.checkpoints && (sealing || !state.checkpoint_in_progress.has_value());
  if (barrier.checkpoint) state.checkpoint_in_progress = state.epoch;
  state.due.reset();
  actions.emplace_back(EmitBarrier{std::move(barrier)});
}

void on(CoordinatorState& state, const Allocated& allocated, Instant, Actions& actions) {
  state.phase = CoordinatorPhase::recovering;
  state.version = allocated.version;
  state.epoch = 0;
  state.board.reset(allocated.version, allocated.inputs);
  state.due.reset();
  state.checkpoint_in_progress.reset();
  actions.emplace_back(
      EmitBarrier{{.version = allocated.version, .epoch = 0, .recover = allocated.recover}});
}

// What follows from the statuses and the time, after any event.
void advance(CoordinatorState& state, Instant now, Actions& actions) {
  if (state.phase == CoordinatorPhase::idle || state.phase == CoordinatorPhase::completed) return;
  const auto merged = state.board.merged();
  if (!merged || merged->min_epoch != state.epoch) return;  // the last barrier is still on its way
  if (state.checkpoint_in_progress && !merged->checkpointing &&
      merged->min_epoch >= *state.checkpoint_in_progress) {
    actions.emplace_back(CheckpointComplete{state.version, *state.checkpoint_in_progress});
    state.checkpoint_in_progress.reset();
  }
  if (state.phase == CoordinatorPhase::sealing) {
    if (state.checkpoint_in_progress) return;
    state.phase = CoordinatorPhase::completed;
    actions.emplace_back(Complete{state.version, state.epoch});
    return;
  }
  state.phase = CoordinatorPhase::running;
  if (merged->drained) {
    state.phase = CoordinatorPhase::sealing;
    emit(state, true, actions);
    return;
  }
  if (!state.due) {
    state.due = now + state.settings.period;
    actions.emplace_back(WakeAt{*state.due});
  } else if (now >= *state.due) {
    emit(state, false, actions);
  }
}

void on(CoordinatorState& state, const Reported& reported, Instant now, Actions& actions) {
  if (state.phase == CoordinatorPhase::idle || reported.input >= state.board.peers()) return;
  if (reported.status.version == state.version && reported.status.epoch > state.epoch) {
    actions.emplace_back(Misaligned{reported.input});
    return;
  }
  if (state.board.take(reported.input, reported.status) == StatusBoard::Verdict::misaligned) {
    actions.emplace_back(Misaligned{reported.input});
    return;
  }
  advance(state, now, actions);
}

void on(CoordinatorState& state, const Ticked&, Instant now, Actions& actions) {
  advance(state, now, actions);
}

void on(CoordinatorState& state, const Stopped&, Instant, Actions&) {
  state.phase = CoordinatorPhase::idle;
  state.version = -1;
  state.epoch = -1;
  state.due.reset();
  state.checkpoint_in_progress.reset();
}

}  // namespace

CoordinatorStep step(CoordinatorState state, const CoordinatorEvent& event, Instant now) {
  CoordinatorStep stepped{std::move(state), {}};
  std::visit([&](const auto& e) { on(stepped.state, e, now, stepped.actions); }, event);
  return stepped;
}

}  // namespace onyx::barrier
