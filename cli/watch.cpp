#include "cli/watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "cli/output/job_report.h"
#include "cli/output/progress.h"
#include "cli/output/words.h"

namespace onyx::cli {
namespace {

void detach(Context& context, const std::string& job) {
  context.say(fmt::format("detached; {} goes on.  follow with  onyxctl await {}", job, job));
}

ExitCode report_end(Context& context, const api::JobView& view) {
  const bool is_completed = view.ref.state == api::JobState::completed;
  const Paint paint = context.out_paint();
  Report report;
  report.kind = "Job";
  report.fields = value_of(view);
  report.names = {view.ref.id.text()};
  report.text = fmt::format("{} {} {}\n", is_completed ? paint.green("✓") : paint.red("✗"),
                            label_of(view.ref), outcome_of(view));
  if (!is_completed) report.text += exception_lines(view, paint);
  context.emit(report);
  return is_completed ? ExitCode::done : ExitCode::job_ended_badly;
}

ExitCode report_running(Context& context, const api::JobView& view) {
  Report report;
  report.kind = "Job";
  report.fields = value_of(view);
  report.names = {view.ref.id.text()};
  report.text =
      fmt::format("{} is running on {}\n", label_of(view.ref), count_of(peers_of(view), "peer"));
  return context.emit(report);
}

ExitCode watch_job(Context& context, Client& client, const std::string& job,
                   std::optional<Instant> deadline, Until until) {
  std::optional<std::chrono::milliseconds> left;
  if (deadline) {
    left = std::max(std::chrono::milliseconds(1),
                    std::chrono::duration_cast<std::chrono::milliseconds>(
                        *deadline - context.terminal.clock.monotonic()));
  }
  Progress progress(context);
  std::optional<api::JobView> last;
  const auto end = client.await(job, left, [&](const api::JobView& view) {
    progress.show(view);
    last = view;
    return until == Until::ended || view.ref.state != api::JobState::running;
  });
  progress.clear();
  if (!end) return context.complain(end.error());
  const std::string label = last ? label_of(last->ref) : job;
  const std::string id = last ? short_id(last->ref.id.text()) : job;
  switch (*end) {
    case StreamEnd::cancelled:
      detach(context, id);
      return ExitCode::interrupted;
    case StreamEnd::timed_out:
      context.say(fmt::format("timed out; {} is {}.  follow with  onyxctl await {}", label,
                              last ? word(last->ref.state) : "still there", id));
      return ExitCode::timed_out;
    case StreamEnd::stopped:
      return report_running(context, *last);
    default:
      break;
  }
  if (!last || !api::is_ended(last->ref.state)) {
    return context.complain(Error(ErrorCode::unavailable,
                                  fmt::format("the daemon stopped before {} ended", label),
                                  "NET-12"));
  }
  return report_end(context, *last);
}

}  // namespace

ExitCode watch_jobs(Context& context, Client& client, const std::vector<std::string>& jobs,
                    Until until) {
  const Interrupts::Scope scope(context.terminal.interrupts, [&client] { client.cancel(); });
  std::optional<Instant> deadline;
  if (context.options.timeout) {
    deadline = context.terminal.clock.monotonic() + *context.options.timeout;
  }
  ExitCode worst = ExitCode::done;
  for (const std::string& job : jobs) {
    const ExitCode code = watch_job(context, client, job, deadline, until);
    worst = std::max(worst, code);
    if (code == ExitCode::interrupted) break;
  }
  return worst;
}

}  // namespace onyx::cli
