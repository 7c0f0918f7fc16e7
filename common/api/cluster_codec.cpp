#include "common/api/cluster_codec.h"

#include "common/api/job_codec.h"
#include "common/api/replica_codec.h"

namespace onyx::api {

void encode(const VersionView& view, v1::VersionResponse* message) {
  message->set_version(view.version);
  message->set_log_version(view.log_version);
  message->set_tenancy(view.tenancy);
  message->set_group(view.group.text());
  message->set_host(view.host);
  message->set_zookeeper(view.zookeeper);
  message->set_dev(view.dev);
  message->set_started_ms(view.started_ms);
  message->set_position(view.position);
}

VersionView decode(const v1::VersionResponse& message) {
  VersionView view;
  view.version = message.version();
  view.log_version = message.log_version();
  view.tenancy = message.tenancy();
  view.group = GroupId(message.group());
  view.host = message.host();
  view.zookeeper = message.zookeeper();
  view.dev = message.dev();
  view.started_ms = message.started_ms();
  view.position = message.position();
  return view;
}

void encode(const GroupView& view, v1::Group* message) {
  message->set_id(view.id.text());
  message->set_host(view.host);
  message->set_version(view.version);
  message->set_state(view.state);
  message->set_peers(view.peers);
  message->set_busy(view.busy);
  for (const std::string& tag : view.tags) message->add_tags(tag);
  for (const std::string& plugin : view.plugins) message->add_plugins(plugin);
  message->set_position(view.position);
  message->set_is_self(view.is_self);
  message->set_stale(view.stale);
}

GroupView decode(const v1::Group& message) {
  GroupView view;
  view.id = GroupId(message.id());
  view.host = message.host();
  view.version = message.version();
  view.state = message.state();
  view.peers = message.peers();
  view.busy = message.busy();
  view.tags = {message.tags().begin(), message.tags().end()};
  view.plugins = {message.plugins().begin(), message.plugins().end()};
  view.position = message.position();
  view.is_self = message.is_self();
  view.stale = message.stale();
  return view;
}

void encode(const PeerView& view, v1::Peer* message) {
  message->set_id(view.id.text());
  message->set_group(view.group.text());
  message->set_host(view.host);
  message->set_job(view.job.text());
  message->set_job_name(view.job_name);
  message->set_task(view.task);
  message->set_slot(view.slot);
  message->set_state(view.state);
  for (const std::string& tag : view.tags) message->add_tags(tag);
}

PeerView decode(const v1::Peer& message) {
  PeerView view;
  view.id = PeerId(message.id());
  view.group = GroupId(message.group());
  view.host = message.host();
  view.job = JobId(message.job());
  view.job_name = message.job_name();
  view.task = message.task();
  view.slot = message.slot();
  view.state = message.state();
  view.tags = {message.tags().begin(), message.tags().end()};
  return view;
}

void encode(const ClusterView& view, v1::Cluster* message) {
  encode(view.daemon, message->mutable_daemon());
  message->set_job_scheduler(view.job_scheduler);
  for (const GroupView& group : view.groups) encode(group, message->add_groups());
  message->set_peers(view.peers);
  message->set_busy(view.busy);
  message->set_not_joined(view.not_joined);
  message->set_jobs_waiting(view.jobs_waiting);
  message->set_jobs_running(view.jobs_running);
  message->set_jobs_completed(view.jobs_completed);
  message->set_jobs_killed(view.jobs_killed);
  message->set_origin(view.origin);
  message->set_newest(view.newest);
}

ClusterView decode(const v1::Cluster& message) {
  ClusterView view;
  view.daemon = decode(message.daemon());
  view.job_scheduler = message.job_scheduler();
  for (const v1::Group& group : message.groups()) view.groups.push_back(decode(group));
  view.peers = message.peers();
  view.busy = message.busy();
  view.not_joined = message.not_joined();
  view.jobs_waiting = message.jobs_waiting();
  view.jobs_running = message.jobs_running();
  view.jobs_completed = message.jobs_completed();
  view.jobs_killed = message.jobs_killed();
  view.origin = message.origin();
  view.newest = message.newest();
  return view;
}

void encode(const GroupDetailView& view, v1::GroupDetail* message) {
  encode(view.group, message->mutable_group());
  message->set_session(view.session);
  message->set_site(view.site);
  for (const GroupId& group : view.watches) message->add_watches(group.text());
  message->set_watched_by(view.watched_by.text());
  for (const PeerView& peer : view.peers) encode(peer, message->add_peers());
}

GroupDetailView decode(const v1::GroupDetail& message) {
  GroupDetailView view;
  view.group = decode(message.group());
  view.session = message.session();
  view.site = message.site();
  for (const std::string& group : message.watches()) view.watches.emplace_back(group);
  view.watched_by = GroupId(message.watched_by());
  for (const v1::Peer& peer : message.peers()) view.peers.push_back(decode(peer));
  return view;
}

void encode(const AddPeersView& view, v1::AddPeersResponse* message) {
  for (const PeerId& id : view.ids) message->add_ids(id.text());
  message->set_peers_total(view.peers_total);
}

AddPeersView decode(const v1::AddPeersResponse& message) {
  AddPeersView view;
  for (const std::string& id : message.ids()) view.ids.emplace_back(id);
  view.peers_total = message.peers_total();
  return view;
}

void encode(const RemovePeerView& view, v1::RemovePeerResponse* message) {
  message->set_id(view.id.text());
  message->set_peers_total(view.peers_total);
}

RemovePeerView decode(const v1::RemovePeerResponse& message) {
  return {PeerId(message.id()), message.peers_total()};
}

void encode(const DrainView& view, v1::DrainGroupResponse* message) {
  encode(view.group, message->mutable_group());
  message->set_peers(view.peers);
  message->set_position(view.position);
  message->set_has_left(view.has_left);
}

DrainView decode(const v1::DrainGroupResponse& message) {
  return {decode(message.group()), message.peers(), message.position(), message.has_left()};
}

void encode(const UndrainView& view, v1::UndrainGroupResponse* message) {
  encode(view.group, message->mutable_group());
  message->set_peers(view.peers);
  message->set_position(view.position);
}

UndrainView decode(const v1::UndrainGroupResponse& message) {
  return {decode(message.group()), message.peers(), message.position()};
}

void encode(const std::vector<SimulationStep>& steps, v1::SimulateRequest* message) {
  for (const SimulationStep& step : steps) {
    auto* out = message->add_steps();
    if (step.submit) {
      auto* job = out->mutable_submit();
      encode(step.submit->job, job->mutable_job());
      for (const Source& file : step.submit->functions) encode(file, job->add_functions());
    } else if (!step.lose_group.empty()) {
      out->set_lose_group(step.lose_group);
    } else {
      out->set_add_peers(step.add_peers);
    }
  }
}

std::vector<SimulationStep> decode(const v1::SimulateRequest& message) {
  std::vector<SimulationStep> steps;
  for (const auto& in : message.steps()) {
    SimulationStep step;
    if (in.has_submit()) {
      step.submit.emplace();
      step.submit->job = decode(in.submit().job());
      for (const v1::Source& file : in.submit().functions())
        step.submit->functions.push_back(decode(file));
    }
    step.add_peers = in.add_peers();
    step.lose_group = in.lose_group();
    steps.push_back(std::move(step));
  }
  return steps;
}

namespace {

void encode(const SimulationView::Job& job, v1::Simulation::Job* message) {
  encode(job.job, message->mutable_job());
  if (job.before) message->set_before(encode(*job.before));
  message->set_peers_before(job.peers_before);
  message->set_peers_after(job.peers_after);
  message->set_starts_over(job.starts_over);
  for (const SimulationView::Task& task : job.tasks) {
    auto* out = message->add_tasks();
    out->set_name(task.name);
    out->set_before(task.before);
    out->set_after(task.after);
  }
  message->set_reason(job.reason);
  message->set_text(job.text);
}

SimulationView::Job decode(const v1::Simulation::Job& message) {
  SimulationView::Job job;
  job.job = api::decode(message.job());
  if (message.before() != v1::JOB_STATE_UNSPECIFIED) job.before = api::decode(message.before());
  job.peers_before = message.peers_before();
  job.peers_after = message.peers_after();
  job.starts_over = message.starts_over();
  for (const auto& task : message.tasks())
    job.tasks.push_back({task.name(), task.before(), task.after()});
  job.reason = message.reason();
  job.text = message.text();
  return job;
}

}  // namespace

void encode(const SimulationView& view, v1::Simulation* message) {
  message->set_as_of_position(view.as_of_position);
  message->set_peers_before(view.peers_before);
  message->set_peers_after(view.peers_after);
  message->set_busy_before(view.busy_before);
  message->set_busy_after(view.busy_after);
  for (const std::string& step : view.steps) message->add_steps(step);
  for (const SimulationView::Job& job : view.jobs) encode(job, message->add_jobs());
  for (const SimulationView::Move& move : view.moves) {
    auto* out = message->add_moves();
    if (move.before) encode(*move.before, out->mutable_before());
    if (move.after) encode(*move.after, out->mutable_after());
  }
}

SimulationView decode(const v1::Simulation& message) {
  SimulationView view;
  view.as_of_position = message.as_of_position();
  view.peers_before = message.peers_before();
  view.peers_after = message.peers_after();
  view.busy_before = message.busy_before();
  view.busy_after = message.busy_after();
  view.steps = {message.steps().begin(), message.steps().end()};
  for (const auto& job : message.jobs()) view.jobs.push_back(decode(job));
  for (const auto& move : message.moves()) {
    SimulationView::Move out;
    if (move.has_before()) out.before = decode(move.before());
    if (move.has_after()) out.after = decode(move.after());
    view.moves.push_back(std::move(out));
  }
  return view;
}

void encode(const ReplicaView& view, v1::GetReplicaResponse* message) {
  message->mutable_replica()->set_text(view.edn);
  message->set_as_of_position(view.as_of_position);
  message->set_as_of_ms(view.as_of_ms);
}

ReplicaView decode(const v1::GetReplicaResponse& message) {
  return {message.replica().text(), message.as_of_position(), message.as_of_ms()};
}

void encode(const ReplicaDiffView& view, v1::DiffReplicaResponse* message) {
  message->set_from(view.from);
  message->set_to(view.to);
  encode(view.changes, message->mutable_changes());
}

ReplicaDiffView decode(const v1::DiffReplicaResponse& message) {
  return {message.from(), message.to(), decode(message.changes())};
}

void encode(const GcView& view, v1::CollectGarbageResponse* message) {
  message->set_position(view.position);
  message->set_origin_before(view.origin_before);
  message->set_origin(view.origin);
  message->set_entries_deleted(view.entries_deleted);
  message->set_jobs_forgotten(view.jobs_forgotten);
  for (const JobRef& job : view.jobs) encode(job, message->add_jobs());
  for (const JobRef& job : view.dropped) encode(job, message->add_dropped());
}

GcView decode(const v1::CollectGarbageResponse& message) {
  GcView view{message.position(), message.origin_before(), message.origin(),
              message.entries_deleted(), message.jobs_forgotten()};
  for (const v1::JobRef& job : message.jobs()) view.jobs.push_back(decode(job));
  for (const v1::JobRef& job : message.dropped()) view.dropped.push_back(decode(job));
  return view;
}

}  // namespace onyx::api
