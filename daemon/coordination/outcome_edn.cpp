#include "daemon/coordination/outcome_edn.h"

#include "daemon/coordination/entry_edn.h"
#include "daemon/replica/edn_fields.h"

namespace onyx::coordination {

using edn::Value;
using replica::ids_to_edn;
using replica::MapBuilder;
using replica::to_edn;

namespace {

Value keyword(std::string_view text) { return Value::keyword(text); }

std::string_view event_name(SchedulerEvent event) {
  switch (event) {
    case SchedulerEvent::peer_reallocated:
      return "peer-reallocated";
    case SchedulerEvent::peer_left:
      return "peer-left";
    case SchedulerEvent::job_killed:
      return "job-killed";
    case SchedulerEvent::job_completed:
      return "job-completed";
  }
  return "";
}

std::string_view state_name(replica::JobState state) {
  switch (state) {
    case replica::JobState::waiting:
      return "waiting";
    case replica::JobState::running:
      return "running";
    case replica::JobState::completed:
      return "completed";
    case replica::JobState::killed:
      return "killed";
  }
  return "";
}

std::string_view refusal_name(Refusal refusal) {
  switch (refusal) {
    case Refusal::senseless:
      return "senseless";
    case Refusal::duplicate:
      return "duplicate";
    case Refusal::unknown:
      return "unknown";
    case Refusal::stale:
      return "stale";
    case Refusal::finished:
      return "finished";
    case Refusal::known:
      return "known";
    case Refusal::invalid:
      return "invalid";
  }
  return "";
}

Value place_to_edn(const replica::Place& place) {
  return Value::vector({to_edn(place.job), to_edn(place.task), Value::integer(place.slot)});
}

// --- effects ---

template <class T>
MapBuilder on_task(const T& effect) {
  MapBuilder map;
  map.put("peer", to_edn(effect.peer))
      .put("job", to_edn(effect.job))
      .put("task", to_edn(effect.task))
      .put("slot", Value::integer(effect.slot))
      .put("version", Value::integer(effect.version));
  return map;
}

template <class T>
MapBuilder on_coordinator(const T& effect) {
  MapBuilder map;
  map.put("peer", to_edn(effect.peer))
      .put("job", to_edn(effect.job))
      .put("version", Value::integer(effect.version));
  return map;
}

Value effect(std::string_view name, MapBuilder map) {
  return Value::vector({keyword(name), map.build()});
}
Value effect(std::string_view name, const GroupId& group) {
  return Value::vector({keyword(name), to_edn(group)});
}

Value show(const StopTask& e) {
  return effect("stop-task", on_task(e).put("event", keyword(event_name(e.event))));
}
Value show(const StartTask& e) { return effect("start-task", on_task(e)); }
Value show(const RecoverTask& e) { return effect("recover-task", on_task(e)); }
Value show(const StopCoordinator& e) {
  return effect("stop-coordinator", on_coordinator(e).put("event", keyword(event_name(e.event))));
}
Value show(const StartCoordinator& e) { return effect("start-coordinator", on_coordinator(e)); }
Value show(const RecoverCoordinator& e) { return effect("recover-coordinator", on_coordinator(e)); }
Value show(const DropJobState& e) {
  MapBuilder map;
  map.put("job", to_edn(e.job)).put("version", Value::integer(e.version));
  return effect("drop-job-state", std::move(map));
}
Value show(const JobAllocationChanged& e) {
  MapBuilder map;
  map.put("job", to_edn(e.job))
      .put("before", Value::integer(e.before))
      .put("after", Value::integer(e.after))
      .put("has-peers", Value::boolean(e.has_peers));
  return effect("job-allocation-changed", std::move(map));
}
Value show(const JobFinished& e) {
  MapBuilder map;
  map.put("job", to_edn(e.job)).put("state", keyword(state_name(e.state)));
  if (!e.reason.empty()) map.put("reason", Value::string(e.reason));
  return effect("job-finished", std::move(map));
}
Value show(const WatchPulses& e) {
  std::vector<Value> groups;
  for (const GroupId& group : e.groups) groups.push_back(to_edn(group));
  return Value::vector({keyword("watch-pulses"), Value::set(std::move(groups))});
}
Value show(const ProbePulse& e) { return effect("probe-pulse", e.group); }
Value show(const AppendAfterBackOff& e) {
  return Value::vector(
      {keyword("append-after-back-off"), to_edn(e.draft), Value::integer(e.failures)});
}
Value show(const RestartGroup&) { return Value::vector({keyword("restart-group")}); }
Value show(const BringPeersBack& e) {
  return Value::vector({keyword("bring-peers-back"), Value::integer(e.peers)});
}
Value show(const StopDaemon&) { return Value::vector({keyword("stop-daemon")}); }
Value show(const RestartPeer& e) {
  return Value::vector({keyword("restart-peer"), to_edn(e.peer)});
}
Value show(const TruncateLog& e) {
  return Value::vector({keyword("truncate-log"), Value::integer(e.position)});
}

// --- changes ---

void put(MapBuilder& map, const Unchanged&) { map.put("change", keyword("unchanged")); }
void put(MapBuilder& map, const Rejected& c) {
  map.put("rejected", keyword(refusal_name(c.refusal))).put("why", Value::string(c.why));
}
void put(MapBuilder& map, const JoinPrepared& c) {
  map.put("change", keyword("join-prepared")).put("subject", to_edn(c.joiner));
  if (c.observer) map.put("observer", to_edn(*c.observer));
  if (!c.observer) map.put("busy", ids_to_edn(c.busy));
}
void put(MapBuilder& map, const JoinAccepted& c) {
  map.put("change", keyword("join-accepted"))
      .put("observer", to_edn(c.joiner))
      .put("subject", to_edn(c.subject))
      .put("accepted-observer", to_edn(c.observer))
      .put("accepted-joiner", to_edn(c.joiner));
}
void put(MapBuilder& map, const GroupJoined& c) {
  map.put("change", keyword("group-joined"))
      .put("group", to_edn(c.group))
      .put("peers", ids_to_edn(c.peers));
}
void put(MapBuilder& map, const JoinAborted& c) {
  map.put("change", keyword("join-aborted"))
      .put("aborted", to_edn(c.joiner))
      .put("failures", Value::integer(c.failures));
}
void put(MapBuilder& map, const GroupLeft& c) {
  map.put("change", keyword("group-left"))
      .put("died", to_edn(c.group))
      .put("peers", ids_to_edn(c.peers));
  if (!c.aborted_joiners.empty()) map.put("aborted", ids_to_edn(c.aborted_joiners));
}
void put(MapBuilder& map, const GroupDrained& c) {
  map.put("change", keyword("group-drained"))
      .put("group", to_edn(c.group))
      .put("peers", ids_to_edn(c.peers));
  if (c.stop) map.put("stop", Value::boolean(true));
}
void put(MapBuilder& map, const GroupUndrained& c) {
  map.put("change", keyword("group-undrained"))
      .put("group", to_edn(c.group))
      .put("peers", Value::integer(c.peers));
}
void put(MapBuilder& map, const PeersAdded& c) {
  map.put("change", keyword("peers-added"))
      .put("group", to_edn(c.group))
      .put("peers", ids_to_edn(c.peers))
      .put("schedulable", Value::boolean(c.schedulable));
}
void put(MapBuilder& map, const PeerLeft& c) {
  map.put("change", keyword("peer-left")).put("died", to_edn(c.peer)).put("group", to_edn(c.group));
}
void put(MapBuilder& map, const JobSubmitted& c) {
  map.put("change", keyword("job-submitted")).put("job", to_edn(c.job));
}
void put(MapBuilder& map, const JobRestarted& c) {
  map.put("change", keyword("job-restarted"))
      .put("job", to_edn(c.job))
      .put("failures", Value::integer(c.failures));
}
void put(MapBuilder& map, const JobEnded& c) {
  map.put("change", keyword("job-ended")).put("job", to_edn(c.job));
}
void put(MapBuilder& map, const Collected& c) {
  map.put("change", keyword("collected"))
      .put("jobs", ids_to_edn(c.jobs))
      .put("forgotten", ids_to_edn(c.forgotten));
}
void put(MapBuilder& map, const ReplicaReplaced&) {
  map.put("change", keyword("replica-replaced"));
}

Value move_to_edn(const Diff& diff, const PeerMove& move) {
  MapBuilder map;
  map.put("peer", to_edn(move.peer)).put("group", to_edn(move.group));
  if (move.before) map.put("from", place_to_edn(diff.place_of(*move.before)));
  if (move.after) map.put("to", place_to_edn(diff.place_of(*move.after)));
  if (move.left) map.put("left", Value::boolean(true));
  return map.build();
}

Value job_to_edn(const JobChange& job) {
  MapBuilder map;
  map.put("job", to_edn(job.job)).put("version", Value::integer(job.after));
  if (job.before >= 0) map.put("version-before", Value::integer(job.before));
  if (job.coordinator_after) map.put("coordinator", to_edn(*job.coordinator_after));
  if (job.ended) map.put("ended", keyword(state_name(*job.ended)));
  return map.build();
}

}  // namespace

Value to_edn(const Draft& draft) {
  LogEntry entry;
  entry.command = draft.command;
  entry.peer_parent = draft.peer_parent;
  entry.entry_parent = draft.entry_parent;
  return to_edn(entry);
}

Value to_edn(const Effect& effect) {
  return std::visit([](const auto& e) { return show(e); }, effect);
}

Value to_edn(const Diff& diff) {
  MapBuilder map;
  std::visit([&](const auto& change) { put(map, change); }, diff.change);
  std::vector<Value> moves;
  for (const PeerMove& move : diff.moves) moves.push_back(move_to_edn(diff, move));
  if (!moves.empty()) map.put("moves", Value::vector(std::move(moves)));
  std::vector<Value> jobs;
  for (const JobChange& job : diff.jobs) jobs.push_back(job_to_edn(job));
  if (!jobs.empty()) map.put("jobs", Value::vector(std::move(jobs)));
  return map.build();
}

}  // namespace onyx::coordination
