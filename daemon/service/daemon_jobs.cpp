#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "common/base/case_job.h"
#include "common/edn/printer.h"
#include "daemon/cluster/coordination_log.h"
#include "daemon/cluster/job_store.h"
#include "daemon/coordination/entry_edn.h"
#include "daemon/query/start_words.h"
#include "daemon/replica/queries.h"
#include "daemon/runtime/job_spec.h"
#include "daemon/scheduling/reason_words.h"
#include "daemon/service/daemon_backend.h"
#include "daemon/service/job_state.h"
#include "daemon/service/limits.h"

namespace onyx::service {

namespace {

std::string scheduler_name(replica::TaskScheduler scheduler) {
  switch (scheduler) {
    case replica::TaskScheduler::balanced:
      return "balanced";
    case replica::TaskScheduler::percentage:
      return "percentage";
    case replica::TaskScheduler::colocated:
      return "colocated";
  }
  return {};
}

// Before the job is compiled here, the replica's own words have to do.
std::string type_of(const replica::TaskSpec& task) {
  if (task.reduces) return "reduce";
  switch (task.kind) {
    case replica::TaskKind::input:
      return "input";
    case replica::TaskKind::output:
      return "output";
    case replica::TaskKind::function:
      return "function";
  }
  return {};
}

std::vector<TaskView> task_views(const replica::JobSpec& spec, const replica::Job* job,
                                 const replica::Replica& replica) {
  std::vector<TaskView> views;
  for (std::size_t i = 0; i < spec.tasks.size(); ++i) {
    const replica::TaskSpec& task = spec.tasks[i];
    TaskView view;
    view.name = task.id.text();
    view.type = type_of(task);
    view.min_peers = static_cast<std::int32_t>(task.min_peers);
    view.max_peers = static_cast<std::int32_t>(task.max_peers.value_or(0));
    if (job != nullptr && i < job->seats.size()) {
      view.peers = static_cast<std::int32_t>(job->seats[i].size());
      for (const PeerId& peer : job->seats[i]) {
        view.sites.push_back(replica::group_of(replica, peer).value_or(GroupId()));
      }
    }
    views.push_back(std::move(view));
  }
  return views;
}

// What the daemons say their peers have done, under the job's present allocation or its last. False: some peers that ran it are
// accounted for by nobody.
bool add_reports(JobView& view, const std::map<GroupId, runtime::JobReport>& reports) {
  bool is_all = true;
  for (TaskView& task : view.tasks) {
    std::int32_t peers = 0;
    std::uint64_t bytes = 0;
    std::uint64_t bytes_total = 0;
    for (const auto& [group, report] : reports) {
      if (report.version != view.version) continue;
      for (const runtime::TaskProgress& found : report.tasks) {
        if (found.task.text() != task.name) continue;
        peers += found.peers;
        task.segments_in += found.segments_in;
        task.segments_out += found.segments_out;
        task.dropped += found.dropped;
        task.bad_lines += found.plugin.bad_records;
        task.busy_ns += found.busy_ns;
        bytes += found.plugin.bytes;
        bytes_total += found.plugin.bytes_total;
      }
    }
    if (bytes_total > 0) {
      task.progress = std::min(1.0, static_cast<double>(bytes) / static_cast<double>(bytes_total));
    }
    is_all &= peers >= std::max(1, task.min_peers);
  }
  return is_all && !view.tasks.empty();
}

// With who has said nothing, and whether somebody who could say something is gone.
void add_heard(JobView& view, const runtime::HeardReports& heard) {
  const auto reports = heard.of.find(view.ref.id);
  const bool is_all = reports != heard.of.end() && add_reports(view, reports->second);
  const bool has_run = view.version >= 0;
  view.numbers_lost = is_ended(view.ref.state) && has_run && !is_all;
  if (const auto silent = heard.silent.find(view.ref.id); silent != heard.silent.end())
    view.silent_groups.assign(silent->second.begin(), silent->second.end());
}

Instant hearing_deadline() { return runtime::Workers::now() + kHearingMax; }

}  // namespace

Answer<runtime::PeerGroup::Handle> DaemonBackend::handle() const {
  if (auto handle = group_.handle()) return *handle;
  if (const auto broken = group_.halted_by()) {
    return failure(ErrorCode::failed_precondition,
                   fmt::format("this daemon has stopped its peers; mend this and restart it: {}",
                               broken->text()),
                   broken->rule().empty() ? "NET-42" : broken->rule());
  }
  return failure(
      ErrorCode::unavailable,
      "this daemon has lost its session and is joining the cluster again; try again in a moment",
      "NET-08");
}

runtime::JobSource DaemonBackend::source_of(const Source& job,
                                            const std::vector<Source>& functions) {
  runtime::JobSource source;
  source.text.job = {job.file, job.text};
  for (const Source& file : functions) source.text.functions.push_back({file.file, file.text});
  return source;
}

runtime::CompileContext DaemonBackend::compile_context() const {
  runtime::CompileContext context;
  context.job_scheduler = facts_.job_scheduler;
  context.peer_config = facts_.peer_config;
  const Snapshot replica = feed_.replica();
  context.peers = replica::schedulable_peers(*replica);
  for (const replica::Pool& pool : *replica->pools) {
    const auto& tags = pool.capability.tags;
    if (!tags.empty()) context.tagged_peers.push_back({{tags.begin(), tags.end()}, pool.peers});
  }
  return context;
}

Answer<std::shared_ptr<const runtime::CompiledJob>> DaemonBackend::compile(
    runtime::JobSource source) const {
  auto compiled = runtime::compile_job(std::move(source), compile_context());
  if (compiled.has_value()) return *compiled;
  auto& found = compiled.error();
  const auto errors = std::count_if(found.begin(), found.end(), [](const edn::Diagnostic& d) {
    return d.severity == edn::Severity::error;
  });
  return tl::unexpected(
      Refusal(Error(ErrorCode::invalid_argument,
                    fmt::format("the job has {} error{}", errors, errors == 1 ? "" : "s")),
              std::move(found)));
}

Answer<std::vector<edn::Diagnostic>> DaemonBackend::validate(const Source& job,
                                                             const std::vector<Source>& functions) {
  auto compiled = runtime::compile_job(source_of(job, functions), compile_context());
  return compiled.has_value() ? (*compiled)->warnings : compiled.error();
}

Answer<SubmitView> DaemonBackend::submit(const SubmitRequest& request, const Call& call) {
  runtime::JobSource source = source_of(request.job, request.functions);
  source.text.id = request.id.value_or("");
  ONYX_ASSIGN_OR_RETURN(const auto job, compile(std::move(source)));
  const JobId id(job->job.id.empty() ? ids_.uuid() : job->job.id);
  return submit_compiled(job, id, call);
}

Answer<SubmitView> DaemonBackend::submit_compiled(
    const std::shared_ptr<const runtime::CompiledJob>& job, const JobId& id, const Call& call) {
  ONYX_ASSIGN_OR_RETURN(const auto self, handle());
  coordination::SubmitJob command{id, runtime::job_spec(job->job, job->plan)};
  cluster::JobSubmission submission;
  submission.job = id;
  submission.hash = job->hash;
  submission.chunks.push_back({"source", job->source.encode()});
  // No writer: submission is idempotent by the job's id, and this entry may stand anywhere among the group's own.
  submission.entry_text = coordination::encode({command, "client", std::nullopt}, GroupId(), 0);
  if (!command.spec->name.empty()) submission.name = command.spec->name;
  self.launcher->remember(id, job);
  auto submitted = self.cluster->jobs().submit(submission);
  if (!submitted.has_value()) {
    self.launcher->take_back(id, job);
    if (submitted.error().code() == ErrorCode::already_exists) {
      return failure(
          ErrorCode::already_exists,
          fmt::format(
              "job id {} belongs to another job: its content differs from what was submitted "
              "before; submit it under another id, or without one",
              id.text()),
          "NET-06");
    }
    return tl::unexpected(Refusal(std::move(submitted).error()));
  }
  const auto snapshot = feed_.wait_for(
      [&](const replica::Replica& replica) {
        return submitted->position.has_value() ? replica.version >= *submitted->position
                                               : replica::state_of(replica, id).has_value();
      },
      call.deadline, call.is_abandoned);
  if (snapshot == nullptr) {
    return failure(ErrorCode::deadline_exceeded,
                   fmt::format("job {} is submitted, but this daemon has not applied the entry yet",
                               id.text()),
                   "NET-11");
  }
  SubmitView view;
  const auto job_view = view_of(id, *snapshot);
  if (!job_view.has_value()) return tl::unexpected(unknown_job(id));
  view.job = job_view->ref;
  view.position = submitted->position.value_or(job_view->position);
  view.already = submitted->already;
  view.placed = view.job.state != JobState::waiting && view.job.state != JobState::submitted;
  view.warnings = job->warnings;
  if (!view.placed) view.why = why_of(*job_view, *snapshot);
  return view;
}

Answer<KillView> DaemonBackend::kill(const JobId& id, const std::string& reason, const Call& call) {
  const Snapshot before = feed_.replica();
  const auto view = view_of(id, *before);
  if (!view.has_value()) return tl::unexpected(unknown_job(id));
  KillView answer;
  answer.job = view->ref;
  answer.previous = view->ref.state;
  if (is_ended(view->ref.state)) return answer;
  for (const TaskView& task : view->tasks) answer.peers_released += task.peers;
  coordination::KillJob command;
  command.job = id;
  command.reason = reason.empty() ? "killed on request" : reason;
  command.by = "client";
  ONYX_ASSIGN_OR_RETURN(answer.position, append(command, call));
  if (const auto after = view_of(id, *feed_.replica())) answer.job = after->ref;
  return answer;
}

std::vector<JobRef> DaemonBackend::job_refs() {
  const Snapshot replica = feed_.replica();
  std::vector<JobRef> refs;
  for (const replica::FinishedJob& job : replica->finished) {
    if (!is_case_job(job.id)) refs.push_back({job.id, job.name, state_from(job.state)});
  }
  for (const replica::Job& job : replica->jobs) {
    if (is_case_job(job.id)) continue;
    refs.push_back(
        {job.id, job.spec->name, job.has_peers() ? JobState::running : JobState::waiting});
  }
  return refs;
}

std::optional<JobView> DaemonBackend::view_of(const JobId& id,
                                              const replica::Replica& replica) const {
  const auto state = replica::state_of(replica, id);
  if (!state.has_value()) return std::nullopt;
  JobView view;
  view.ref.id = id;
  view.ref.state = state_from(*state);
  view.as_of_position = replica.version;
  view.started_ms = feed_.started_at_ms(id);
  if (const replica::Job* job = replica::find_job(replica, id)) {
    view.ref.name = job->spec->name;
    view.submitted_ms = job->submitted_at_ms;
    view.position = job->submitted_at;
    view.version = job->version;
    view.restarts = static_cast<std::int32_t>(job->restarts);
    view.reason = job->last_failure;
    view.task_scheduler = scheduler_name(job->spec->task_scheduler);
    view.tasks = task_views(*job->spec, job, replica);
  } else if (const replica::FinishedJob* ended = replica.finished.find(id)) {
    view.ref.name = ended->name;
    view.submitted_ms = ended->submitted_at_ms;
    view.ended_ms = ended->ended_at_ms;
    view.position = ended->submitted_at;
    view.version = ended->version;
    view.restarts = static_cast<std::int32_t>(ended->restarts);
    view.reason = ended->reason;
    if (ended->spec != nullptr) {
      view.task_scheduler = scheduler_name(ended->spec->task_scheduler);
      view.tasks = task_views(*ended->spec, nullptr, replica);
    }
    const auto self = group_.handle();
    if (view.ref.state == JobState::killed && self.has_value() &&
        self->cluster->session() == cluster::SessionState::connected) {
      if (auto text = self->cluster->jobs().exception(id); text.has_value() && text->has_value()) {
        view.exception_edn = **text;
      }
    }
  }
  return view;
}

std::vector<JobView> DaemonBackend::full_views(const std::vector<JobId>& ids,
                                               const replica::Replica& replica) const {
  std::vector<JobView> views;
  std::vector<JobId> known;
  for (const JobId& id : ids) {
    if (auto view = view_of(id, replica)) {
      views.push_back(std::move(*view));
      known.push_back(id);
    }
  }
  const auto self = group_.handle();
  if (!self.has_value()) return views;
  const auto heard = self->inquiries->reports(replica, known, hearing_deadline());
  for (JobView& view : views) add_heard(view, heard);
  return views;
}

std::optional<JobWatches::Glimpse> DaemonBackend::glimpse_of(const JobId& id) const {
  const Snapshot replica = feed_.replica();
  const auto state = replica::state_of(*replica, id);
  if (!state.has_value()) return std::nullopt;
  JobWatches::Glimpse glimpse{state_from(*state), -1};
  if (const replica::Job* job = replica::find_job(*replica, id)) {
    glimpse.version = job->version;
  } else if (const replica::FinishedJob* ended = replica->finished.find(id)) {
    glimpse.version = ended->version;
  }
  return glimpse;
}

Answer<JobView> DaemonBackend::get_job(const JobId& id) {
  auto views = full_views({id}, *feed_.replica());
  if (views.empty()) return tl::unexpected(unknown_job(id));
  return std::move(views.front());
}

std::vector<JobView> DaemonBackend::list_jobs() {
  const Snapshot replica = feed_.replica();
  std::vector<JobId> ids;
  for (const JobRef& ref : job_refs()) ids.push_back(ref.id);
  std::vector<JobView> views = full_views(ids, *replica);
  std::stable_sort(views.begin(), views.end(),
                   [](const JobView& a, const JobView& b) { return a.position < b.position; });
  return views;
}

WhyView DaemonBackend::why_of(const JobView& view, const replica::Replica& replica) const {
  const auto explained = scheduling::explain(replica, view.ref.id);
  WhyView why;
  why.job = view;
  why.reason = scheduling::name_of(explained.reason);
  why.text = scheduling::sentence(explained);
  why.peers_needed = static_cast<std::int32_t>(explained.needs);
  why.peers_total = static_cast<std::int32_t>(explained.peers);
  why.peers_free = static_cast<std::int32_t>(explained.idle);
  for (const auto& task : explained.tasks) {
    WhyView::Need need;
    need.task = task.task.text();
    need.min_peers = static_cast<std::int32_t>(task.min);
    need.note = scheduling::note_of(task);
    why.needs.push_back(std::move(need));
  }
  for (const auto& holder : explained.holders) {
    JobRef ref;
    ref.id = holder.job;
    ref.name = holder.name;
    ref.state = JobState::running;
    why.holders.push_back(
        {ref, static_cast<std::int32_t>(holder.peers), static_cast<std::int32_t>(holder.least)});
  }
  why.unblock = scheduling::deeds(explained);
  if (view.ref.state != JobState::running) return why;
  const auto self = group_.handle();
  const auto session =
      self.has_value() ? self->cluster->session() : cluster::SessionState::connected;
  if (session == cluster::SessionState::suspect || session == cluster::SessionState::fenced) {
    why.text += fmt::format(". The session of this daemon is {}: ZooKeeper does not answer, {}",
                            cluster::name_of(session),
                            session == cluster::SessionState::fenced
                                ? "and its peers hold still until it does"
                                : "and if it stays silent its peers will hold still");
  }
  return why;
}

Answer<WhyView> DaemonBackend::why(const JobId& id) {
  const Snapshot replica = feed_.replica();
  auto view = view_of(id, *replica);
  if (!view.has_value()) return not_applied(id);
  runtime::HeardReports heard;
  if (const auto self = group_.handle())
    heard = self->inquiries->reports(*replica, {id}, hearing_deadline());
  add_heard(*view, heard);
  WhyView why = why_of(*view, *replica);
  const replica::Job* job = replica::find_job(*replica, id);
  if (job == nullptr || !job->has_peers()) return why;
  if (auto text = query::starting_text(*replica, *job, heard)) {
    why.reason = "starting";
    why.text = std::move(*text);
  }
  return why;
}

// Nobody can tell a job that was never submitted from one whose entry is on its way, but by its node in the store.
Answer<WhyView> DaemonBackend::not_applied(const JobId& id) const {
  const auto self = group_.handle();
  if (!self.has_value()) return tl::unexpected(unknown_job(id));
  ONYX_ASSIGN_OR_RETURN(const auto hash, self->cluster->jobs().hash(id));
  if (!hash.has_value()) return tl::unexpected(unknown_job(id));
  const Position newest = self->cluster->log().newest().value_or(-1);
  const Position read = feed_.position();
  WhyView why;
  why.job.ref.id = id;
  why.reason = "submitted";
  why.text = newest > read
                 ? fmt::format(
                       "is submitted, but not applied here yet: this daemon has read the log up "
                       "to entry {}, the newest is {}",
                       read, newest)
                 : fmt::format(
                       "is stored, but no entry of the log, which is read up to {}, submits it: "
                       "it is forgotten since, or whoever submitted it was cut off",
                       read);
  why.unblock = {newest > read ? "onyxctl group ls  shows how far each daemon has read"
                               : "submit it again under the same id"};
  return why;
}

Answer<OutputView> DaemonBackend::job_output(const JobId& id, const std::string& task,
                                             std::uint32_t limit) {
  const Snapshot replica = feed_.replica();
  const auto view = view_of(id, *replica);
  if (!view.has_value()) return tl::unexpected(unknown_job(id));
  ONYX_ASSIGN_OR_RETURN(const auto self, handle());
  const auto hear = [&](const std::string& name) {
    return self.inquiries->outputs(*replica, id, TaskId(name), limit, hearing_deadline());
  };
  auto heard = hear(task);
  std::set<std::string> names;
  for (const auto& [group, report] : heard.of) {
    for (const TaskId& name : report.tasks) names.insert(name.text());
  }
  std::string chosen = task;
  if (task.empty() && names.size() == 1) {
    chosen = *names.begin();
    heard = hear(chosen);
  }
  if (!names.contains(chosen)) {
    Refusal refusal(Error(
        ErrorCode::not_found,
        names.empty()  ? fmt::format("job {} has no seq output that has started", id.text())
        : task.empty() ? fmt::format("job {} has {} seq outputs: name one", id.text(), names.size())
                       : fmt::format("job {} has no seq output {}", id.text(), task),
        "NET-04"));
    refusal.candidates.assign(names.begin(), names.end());
    return tl::unexpected(std::move(refusal));
  }
  OutputView answer;
  answer.job = view->ref;
  answer.task = chosen;
  answer.silent_groups.assign(heard.silent.begin(), heard.silent.end());
  // What was written under an older allocation is left over where the job has not come back to.
  ReplicaVersion newest = -1;
  for (const auto& [group, report] : heard.of) newest = std::max(newest, report.version);
  for (auto& [group, report] : heard.of) {
    if (report.version != newest) continue;
    answer.total += report.written;
    std::move(report.segments.begin(), report.segments.end(),
              std::back_inserter(answer.segments_edn));
  }
  if (limit != 0 && answer.segments_edn.size() > limit) {
    answer.segments_edn.erase(answer.segments_edn.begin(), answer.segments_edn.end() - limit);
  }
  return answer;
}

Answer<std::unique_ptr<Subscription>> DaemonBackend::watch_job(
    const JobId& id, std::function<void(JobView)> on_view) {
  if (!replica::state_of(*feed_.replica(), id).has_value()) return tl::unexpected(unknown_job(id));
  return watches_.watch(id, std::move(on_view));
}

Refusal DaemonBackend::unknown_job(const JobId& id) const {
  return Refusal(
      Error(ErrorCode::not_found,
            fmt::format("no job {}: it was never submitted in tenancy {}, or its record is gone",
                        id.text(), facts_.tenancy),
            "NET-04"));
}

}  // namespace onyx::service
