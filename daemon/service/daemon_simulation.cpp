#include <fmt/format.h>

#include <algorithm>

#include "common/base/case_job.h"
#include "daemon/cluster/coordination_log.h"
#include "daemon/query/entry_words.h"
#include "daemon/query/what_if.h"
#include "daemon/replica/queries.h"
#include "daemon/runtime/job_spec.h"
#include "daemon/scheduling/reason_words.h"
#include "daemon/service/daemon_backend.h"
#include "daemon/service/job_state.h"

namespace onyx::service {

namespace {

using replica::Replica;

SimulationView::Job view_of_fate(const query::JobFate& fate) {
  SimulationView::Job view;
  view.job = {fate.job, fate.name, state_from(fate.after)};
  if (fate.before) view.before = state_from(*fate.before);
  view.peers_before = static_cast<std::int32_t>(fate.peers_before);
  view.peers_after = static_cast<std::int32_t>(fate.peers_after);
  view.starts_over = fate.starts_over;
  for (const query::TaskFate& task : fate.tasks) {
    view.tasks.push_back({task.task.text(), static_cast<std::int32_t>(task.before),
                          static_cast<std::int32_t>(task.after)});
  }
  view.reason = scheduling::name_of(fate.why.reason);
  view.text = scheduling::sentence(fate.why);
  return view;
}

// The site of the group's peers, where the new ones would be too.
coordination::AddVirtualPeers peers_like(const Replica& replica, const GroupId& group,
                                         std::vector<std::string> tags) {
  coordination::AddVirtualPeers add{.group = group, .tags = std::move(tags)};
  const replica::Group* known = replica.groups.find(group);
  if (known != nullptr && !known->peers.empty())
    add.site = replica::site_of(replica, known->peers.front());
  return add;
}

}  // namespace

Answer<coordination::Command> DaemonBackend::command_of(const SimulationStep& step,
                                                        const Replica& replica,
                                                        std::size_t& made) const {
  if (step.submit) {
    ONYX_ASSIGN_OR_RETURN(const auto job,
                          compile(source_of(step.submit->job, step.submit->functions)));
    const JobId id(job->job.id.empty() ? ids_.uuid() : job->job.id);
    return coordination::Command(
        coordination::SubmitJob{id, runtime::job_spec(job->job, job->plan)});
  }
  if (!step.lose_group.empty())
    return coordination::Command(coordination::GroupLeaveCluster{GroupId(step.lose_group)});
  ONYX_ASSIGN_OR_RETURN(const auto self, handle());
  auto add = peers_like(replica, self.group, facts_.tags);
  if (add.site.empty()) add.site = facts_.host;
  for (std::int32_t i = 0; i < step.add_peers; ++i)
    add.peers.emplace_back(fmt::format("new-{}", ++made));
  return coordination::Command(std::move(add));
}

Answer<SimulationView> DaemonBackend::simulate(const std::vector<SimulationStep>& steps) {
  const Snapshot now = feed_.replica();
  std::vector<coordination::Command> commands;
  std::size_t made = 0;
  for (const SimulationStep& step : steps) {
    ONYX_ASSIGN_OR_RETURN(auto command, command_of(step, *now, made));
    commands.push_back(std::move(command));
  }
  ONYX_ASSIGN_OR_RETURN(const query::WhatIf outcome, query::what_if(*now, commands));
  const Replica& after = outcome.after;
  SimulationView view;
  view.as_of_position = now->version;
  view.peers_before = static_cast<std::int32_t>(replica::schedulable_peers(*now));
  view.peers_after = static_cast<std::int32_t>(replica::schedulable_peers(after));
  view.busy_before = view.peers_before - static_cast<std::int32_t>(replica::idle_peers(*now));
  view.busy_after = view.peers_after - static_cast<std::int32_t>(replica::idle_peers(after));
  for (std::size_t i = 0; i < commands.size(); ++i) {
    coordination::LogEntry entry;
    entry.command = commands[i];
    view.steps.push_back(fmt::format("{} {}: {}", coordination::name_of(commands[i]),
                                     query::subject_of(entry, after),
                                     query::effect_of(outcome.diffs[i], after)));
  }
  for (const query::JobFate& fate : query::fates_of_jobs(*now, after)) {
    if (!is_case_job(fate.job)) view.jobs.push_back(view_of_fate(fate));
  }
  for (const query::PeerFate& fate : query::fates_of_peers(*now, after)) {
    SimulationView::Move move;
    if (!fate.comes) move.before = peer_view(*now->peers.find(fate.peer), *now);
    if (!fate.leaves) move.after = peer_view(*after.peers.find(fate.peer), after);
    view.moves.push_back(std::move(move));
  }
  return view;
}

Answer<GcView> DaemonBackend::simulate_gc() {
  ONYX_ASSIGN_OR_RETURN(const auto self, handle());
  ONYX_ASSIGN_OR_RETURN(const auto origin, self.cluster->log().origin());
  const Snapshot now = feed_.replica();
  ONYX_ASSIGN_OR_RETURN(const query::WhatIf outcome,
                        query::what_if(*now, {coordination::Gc{ids_.uuid()}}));
  const auto& collected = std::get<coordination::Collected>(outcome.diffs.front().change);
  const auto refs = [&](const std::vector<JobId>& ids) {
    std::vector<JobRef> found;
    for (const JobId& id : ids) {
      const replica::FinishedJob* job = now->finished.find(id);
      found.push_back({id, job->name, state_from(job->state)});
    }
    return found;
  };
  GcView view;
  view.position = outcome.after.version;
  view.origin_before = std::max<Position>(origin.position, 0);
  view.origin = view.position;
  view.entries_deleted = view.origin - view.origin_before;
  view.jobs_forgotten = static_cast<std::int64_t>(collected.jobs.size());
  view.jobs = refs(collected.jobs);
  view.dropped = refs(collected.forgotten);
  return view;
}

}  // namespace onyx::service
