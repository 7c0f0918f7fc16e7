#include <fmt/format.h>

#include <algorithm>

#include "common/base/case_job.h"
#include "common/cases/case.h"
#include "common/edn/printer.h"
#include "common/edn/reader.h"
#include "daemon/cluster/job_store.h"
#include "daemon/replica/queries.h"
#include "daemon/runtime/local/local_runner.h"
#include "daemon/runtime/perform.h"
#include "daemon/service/daemon_backend.h"

namespace onyx::service {

namespace {

using edn::Value;

// A job that does neither complete nor get killed in this time has failed its case.
constexpr std::chrono::seconds kCaseTimeout{60};

// The case's job with its inputs in the catalog entries of the input tasks.
Value with_inputs(const cases::Case& one) {
  Value catalog = one.job.get("catalog");
  if (!catalog.is_vector()) return one.job;
  for (std::size_t i = 0; i < catalog.count(); ++i) {
    Value entry = catalog.at(i);
    if (!entry.is_map()) continue;
    const Value& name = entry.get("onyx/name");
    if (!name.is_keyword()) continue;
    const auto input = one.inputs.find(name.name()->text);
    if (input == one.inputs.end()) continue;
    entry = std::move(entry).assoc(Value::keyword("seq/sequential"), Value::vector(input->second));
    catalog = std::move(catalog).with_at(i, std::move(entry));
  }
  return Value(one.job).assoc(Value::keyword("catalog"), std::move(catalog));
}

std::int64_t peers_needed(const model::Plan& plan) {
  std::int64_t peers = 0;
  for (const auto& task : plan.tasks) peers += task.peers_min;
  return peers;
}

std::uint64_t milliseconds_since(Instant start) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(runtime::Workers::now() - start)
          .count());
}

CaseView run_locally(const runtime::CompiledJob& job, Value peer_config,
                     const plugins::Registry& plugins, std::uint64_t seed) {
  for (const edn::Entry entry : job.peer_config.entries()) {
    peer_config = std::move(peer_config).assoc(entry.key, entry.value);
  }
  runtime::LocalSettings settings;
  settings.peer_config = std::move(peer_config);
  settings.seed = seed;
  const auto run = runtime::run_local(job.job, job.plan, job.tasks, plugins, settings);
  CaseView view;
  switch (run.ended) {
    case runtime::LocalRun::Ended::completed:
      view.ended = CaseView::Ended::completed;
      break;
    case runtime::LocalRun::Ended::killed:
      view.ended = CaseView::Ended::killed;
      break;
    case runtime::LocalRun::Ended::stuck:
      view.ended = CaseView::Ended::timed_out;
      break;
  }
  if (run.failure.has_value()) {
    runtime::TaskFailure failure;
    failure.task = run.failed_task;
    failure.failure = *run.failure;
    view.exception_edn = runtime::exception_text(failure);
  }
  for (const auto& [task, segments] : run.outputs) {
    auto& texts = view.outputs_edn[task];
    for (const Value& segment : segments) texts.push_back(edn::print(segment));
  }
  return view;
}

}  // namespace

Answer<CaseView> DaemonBackend::run_case(const CaseRequest& request, const Call& call) {
  const Instant start = runtime::Workers::now();
  const auto document = edn::read_document(request.text.text, request.text.file);
  if (!document.has_value()) {
    return tl::unexpected(
        Refusal(Error(ErrorCode::invalid_argument, "the case cannot be read"), {document.error()}));
  }
  const auto one = cases::read_case(*document, request.text.file);
  if (!one.has_value()) {
    return tl::unexpected(
        Refusal(Error(ErrorCode::invalid_argument, "this is no case"), one.error()));
  }
  runtime::JobSource source;
  source.text.job = {request.text.file, edn::print(with_inputs(*one))};
  if (!one->peer_config.is_nil()) source.peer_config = edn::print(one->peer_config);
  CaseView view;
  auto job = compile(std::move(source));
  if (!job.has_value()) {
    view.ended = CaseView::Ended::rejected;
    view.diagnostics = std::move(job.error().diagnostics);
    view.duration_ms = milliseconds_since(start);
    return view;
  }
  if (request.local) {
    view = run_locally(**job, facts_.peer_config, plugins_, request.seed);
  } else {
    ONYX_ASSIGN_OR_RETURN(view, run_case_on_peers(*job, call));
  }
  view.duration_ms = milliseconds_since(start);
  return view;
}

Answer<CaseView> DaemonBackend::run_case_on_peers(
    const std::shared_ptr<const runtime::CompiledJob>& job, const Call& call) {
  const std::int64_t lacking =
      peers_needed(job->plan) - replica::schedulable_peers(*feed_.replica());
  if (lacking > 0) ONYX_TRY(add_peers(static_cast<std::int32_t>(lacking), call));

  const JobId id = case_job(ids_.uuid());
  const plugins::Capture capture(*outputs_, id);
  ONYX_TRY(submit_compiled(job, id, call));
  const auto has_ended = [&](const replica::Replica& r) {
    const auto state = replica::state_of(r, id);
    return state == replica::JobState::completed || state == replica::JobState::killed;
  };
  const Instant deadline = std::min<Instant>(call.deadline, runtime::Workers::now() + kCaseTimeout);
  const Snapshot snapshot = feed_.wait_for(has_ended, deadline, call.is_abandoned);
  CaseView view;
  if (snapshot == nullptr) {
    view.ended = CaseView::Ended::timed_out;
    coordination::KillJob kill;
    kill.job = id;
    kill.reason = "its case timed out";
    kill.by = "client";
    Call patient = call;
    patient.deadline = runtime::Workers::now() + std::chrono::seconds(5);
    ONYX_TRY(append(kill, patient));
  } else {
    const bool is_killed = replica::state_of(*snapshot, id) == replica::JobState::killed;
    view.ended = is_killed ? CaseView::Ended::killed : CaseView::Ended::completed;
    if (is_killed) {
      ONYX_ASSIGN_OR_RETURN(const auto self, handle());
      ONYX_ASSIGN_OR_RETURN(const auto text, self.cluster->jobs().exception(id));
      if (text.has_value()) view.exception_edn = *text;
    }
  }
  for (const auto& planned : job->plan.tasks) {
    const auto output = job_output(id, planned.name.text(), 0);
    if (!output.has_value()) continue;  // it is none
    if (!output->silent_groups.empty()) {
      return failure(ErrorCode::unavailable,
                     fmt::format("group {} does not say what output {} has written",
                                 output->silent_groups.front().text(), planned.name.text()),
                     "NET-48");
    }
    if (output->segments_edn.size() < output->total) {
      return failure(ErrorCode::resource_exhausted,
                     fmt::format("output {} has written {} segments, and only the last {} can be "
                                 "shown: a case of this size is too large",
                                 planned.name.text(), output->total, output->segments_edn.size()),
                     "CASE-03");
    }
    view.outputs_edn[planned.name.text()] = output->segments_edn;
  }
  return view;
}

}  // namespace onyx::service
