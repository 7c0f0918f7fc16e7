#include "common/api/job_codec.h"

#include "common/api/error_codec.h"

namespace onyx::api {

v1::JobState encode(JobState state) {
  switch (state) {
    case JobState::submitted:
      return v1::JOB_STATE_SUBMITTED;
    case JobState::waiting:
      return v1::JOB_STATE_WAITING;
    case JobState::running:
      return v1::JOB_STATE_RUNNING;
    case JobState::completed:
      return v1::JOB_STATE_COMPLETED;
    case JobState::killed:
      return v1::JOB_STATE_KILLED;
  }
  return v1::JOB_STATE_UNSPECIFIED;
}

JobState decode(v1::JobState state) {
  switch (state) {
    case v1::JOB_STATE_WAITING:
      return JobState::waiting;
    case v1::JOB_STATE_RUNNING:
      return JobState::running;
    case v1::JOB_STATE_COMPLETED:
      return JobState::completed;
    case v1::JOB_STATE_KILLED:
      return JobState::killed;
    default:
      return JobState::submitted;
  }
}

void encode(const Source& source, v1::Source* message) {
  message->set_text(source.text);
  message->set_file(source.file);
}

Source decode(const v1::Source& message) { return {message.text(), message.file()}; }

void encode(const JobRef& ref, v1::JobRef* message) {
  message->set_id(ref.id.text());
  message->set_name(ref.name);
  message->set_state(encode(ref.state));
}

JobRef decode(const v1::JobRef& message) {
  return {JobId(message.id()), message.name(), decode(message.state())};
}

namespace {

void encode_task(const TaskView& task, v1::Task* message) {
  message->set_name(task.name);
  message->set_type(task.type);
  message->set_peers(task.peers);
  message->set_min_peers(task.min_peers);
  message->set_max_peers(task.max_peers);
  for (const GroupId& site : task.sites) message->add_sites(site.text());
  message->set_segments_in(task.segments_in);
  message->set_segments_out(task.segments_out);
  message->set_dropped(task.dropped);
  message->set_bad_lines(task.bad_lines);
  if (task.progress) message->set_progress(*task.progress);
  message->set_busy_ns(task.busy_ns);
  message->set_backpressured_ns(task.backpressured_ns);
}

TaskView decode_task(const v1::Task& message) {
  TaskView task;
  task.name = message.name();
  task.type = message.type();
  task.peers = message.peers();
  task.min_peers = message.min_peers();
  task.max_peers = message.max_peers();
  for (const std::string& site : message.sites()) task.sites.emplace_back(site);
  task.segments_in = message.segments_in();
  task.segments_out = message.segments_out();
  task.dropped = message.dropped();
  task.bad_lines = message.bad_lines();
  if (message.has_progress()) task.progress = message.progress();
  task.busy_ns = message.busy_ns();
  task.backpressured_ns = message.backpressured_ns();
  return task;
}

}  // namespace

void encode(const JobView& view, v1::Job* message) {
  encode(view.ref, message->mutable_ref());
  message->set_submitted_ms(view.submitted_ms);
  message->set_started_ms(view.started_ms);
  message->set_ended_ms(view.ended_ms);
  message->set_position(view.position);
  message->set_version(view.version);
  message->set_restarts(view.restarts);
  message->set_task_scheduler(view.task_scheduler);
  message->set_reason(view.reason);
  message->mutable_exception()->set_text(view.exception_edn);
  for (const TaskView& task : view.tasks) encode_task(task, message->add_tasks());
  for (const GroupId& group : view.silent_groups) message->add_silent_groups(group.text());
  message->set_numbers_lost(view.numbers_lost);
  message->set_as_of_position(view.as_of_position);
  message->set_as_of_ms(view.as_of_ms);
}

JobView decode(const v1::Job& message) {
  JobView view;
  view.ref = decode(message.ref());
  view.submitted_ms = message.submitted_ms();
  view.started_ms = message.started_ms();
  view.ended_ms = message.ended_ms();
  view.position = message.position();
  view.version = message.version();
  view.restarts = message.restarts();
  view.task_scheduler = message.task_scheduler();
  view.reason = message.reason();
  view.exception_edn = message.exception().text();
  for (const v1::Task& task : message.tasks()) view.tasks.push_back(decode_task(task));
  for (const std::string& group : message.silent_groups()) view.silent_groups.emplace_back(group);
  view.numbers_lost = message.numbers_lost();
  view.as_of_position = message.as_of_position();
  view.as_of_ms = message.as_of_ms();
  return view;
}

void encode(const WhyView& view, v1::Why* message) {
  encode(view.job, message->mutable_job());
  message->set_reason(view.reason);
  message->set_text(view.text);
  message->set_peers_needed(view.peers_needed);
  message->set_peers_total(view.peers_total);
  message->set_peers_free(view.peers_free);
  for (const WhyView::Need& need : view.needs) {
    v1::Why::Need* item = message->add_needs();
    item->set_task(need.task);
    item->set_min_peers(need.min_peers);
    item->set_note(need.note);
  }
  for (const WhyView::Holder& holder : view.holders) {
    v1::Why::Holder* item = message->add_holders();
    encode(holder.job, item->mutable_job());
    item->set_peers(holder.peers);
    item->set_min_peers(holder.min_peers);
  }
  for (const std::string& deed : view.unblock) message->add_unblock(deed);
}

WhyView decode(const v1::Why& message) {
  WhyView view;
  view.job = decode(message.job());
  view.reason = message.reason();
  view.text = message.text();
  view.peers_needed = message.peers_needed();
  view.peers_total = message.peers_total();
  view.peers_free = message.peers_free();
  for (const v1::Why::Need& need : message.needs()) {
    view.needs.push_back({need.task(), need.min_peers(), need.note()});
  }
  for (const v1::Why::Holder& holder : message.holders()) {
    view.holders.push_back({decode(holder.job()), holder.peers(), holder.min_peers()});
  }
  view.unblock = {message.unblock().begin(), message.unblock().end()};
  return view;
}

void encode(const SubmitRequest& request, v1::SubmitRequest* message) {
  encode(request.job, message->mutable_job());
  for (const Source& functions : request.functions) encode(functions, message->add_functions());
  message->set_id(request.id.value_or(""));
}

SubmitRequest decode(const v1::SubmitRequest& message) {
  SubmitRequest request;
  request.job = decode(message.job());
  for (const v1::Source& functions : message.functions()) {
    request.functions.push_back(decode(functions));
  }
  if (!message.id().empty()) request.id = message.id();
  return request;
}

void encode(const SubmitView& view, v1::SubmitResponse* message) {
  encode(view.job, message->mutable_job());
  message->set_position(view.position);
  message->set_placed(view.placed);
  message->set_already(view.already);
  for (const edn::Diagnostic& warning : view.warnings) encode(warning, message->add_warnings());
  if (view.why) encode(*view.why, message->mutable_why());
}

SubmitView decode(const v1::SubmitResponse& message) {
  SubmitView view;
  view.job = decode(message.job());
  view.position = message.position();
  view.placed = message.placed();
  view.already = message.already();
  for (const v1::Diagnostic& warning : message.warnings()) {
    view.warnings.push_back(decode(warning));
  }
  if (message.has_why()) view.why = decode(message.why());
  return view;
}

void encode(const KillView& view, v1::KillResponse* message) {
  encode(view.job, message->mutable_job());
  message->set_previous(encode(view.previous));
  message->set_position(view.position);
  message->set_peers_released(view.peers_released);
}

KillView decode(const v1::KillResponse& message) {
  return {decode(message.job()), decode(message.previous()), message.position(),
          message.peers_released()};
}

void encode(const OutputView& view, v1::OutputResponse* message) {
  encode(view.job, message->mutable_job());
  message->set_task(view.task);
  for (const std::string& segment : view.segments_edn) message->add_segments()->set_text(segment);
  message->set_total(view.total);
  for (const GroupId& group : view.silent_groups) message->add_silent_groups(group.text());
}

OutputView decode(const v1::OutputResponse& message) {
  OutputView view;
  view.job = decode(message.job());
  view.task = message.task();
  for (const v1::Edn& segment : message.segments()) view.segments_edn.push_back(segment.text());
  view.total = message.total();
  for (const std::string& group : message.silent_groups()) view.silent_groups.emplace_back(group);
  return view;
}

void encode(const CaseRequest& request, v1::RunCaseRequest* message) {
  encode(request.text, message->mutable_text());
  message->set_local(request.local);
  message->set_seed(request.seed);
}

CaseRequest decode(const v1::RunCaseRequest& message) {
  return {decode(message.text()), message.local(), message.seed()};
}

void encode(const CaseView& view, v1::RunCaseResponse* message) {
  switch (view.ended) {
    case CaseView::Ended::rejected:
      message->set_ended(v1::RunCaseResponse::ENDED_REJECTED);
      break;
    case CaseView::Ended::completed:
      message->set_ended(v1::RunCaseResponse::ENDED_COMPLETED);
      break;
    case CaseView::Ended::killed:
      message->set_ended(v1::RunCaseResponse::ENDED_KILLED);
      break;
    case CaseView::Ended::timed_out:
      message->set_ended(v1::RunCaseResponse::ENDED_TIMED_OUT);
      break;
  }
  for (const edn::Diagnostic& found : view.diagnostics) encode(found, message->add_diagnostics());
  for (const auto& [task, segments] : view.outputs_edn) {
    v1::RunCaseResponse::TaskOutput* output = message->add_outputs();
    output->set_task(task);
    for (const std::string& segment : segments) output->add_segments()->set_text(segment);
  }
  message->mutable_exception()->set_text(view.exception_edn);
  message->set_duration_ms(view.duration_ms);
}

CaseView decode(const v1::RunCaseResponse& message) {
  CaseView view;
  switch (message.ended()) {
    case v1::RunCaseResponse::ENDED_COMPLETED:
      view.ended = CaseView::Ended::completed;
      break;
    case v1::RunCaseResponse::ENDED_KILLED:
      view.ended = CaseView::Ended::killed;
      break;
    case v1::RunCaseResponse::ENDED_TIMED_OUT:
      view.ended = CaseView::Ended::timed_out;
      break;
    default:
      view.ended = CaseView::Ended::rejected;
      break;
  }
  for (const v1::Diagnostic& found : message.diagnostics()) {
    view.diagnostics.push_back(decode(found));
  }
  for (const v1::RunCaseResponse::TaskOutput& output : message.outputs()) {
    std::vector<std::string>& segments = view.outputs_edn[output.task()];
    for (const v1::Edn& segment : output.segments()) segments.push_back(segment.text());
  }
  view.exception_edn = message.exception().text();
  view.duration_ms = message.duration_ms();
  return view;
}

}  // namespace onyx::api
