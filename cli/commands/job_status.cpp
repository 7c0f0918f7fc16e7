#include <fmt/format.h>

#include <memory>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/output/job_report.h"
#include "cli/output/words.h"

namespace onyx::cli {
namespace {

Table task_table(const api::JobView& job) {
  Table table;
  table.columns = {{"task"},
                   {"type"},
                   {"peers", true},
                   {"in", true},
                   {"out", true},
                   {"dropped", true},
                   {"bad lines", true},
                   {"progress", true},
                   {"groups", false, true}};
  const auto count = [&](std::uint64_t n) { return job.numbers_lost ? "?" : thousands(n); };
  for (const api::TaskView& task : job.tasks) {
    std::string groups;
    for (const GroupId& site : task.sites) {
      groups += (groups.empty() ? "" : " ") + short_id(site.text());
    }
    table.rows.push_back({task.name, task.type, std::to_string(task.peers), count(task.segments_in),
                          count(task.segments_out), count(task.dropped), count(task.bad_lines),
                          task.progress && !job.numbers_lost ? percent(*task.progress) : "-",
                          groups});
  }
  return table;
}

std::string text_of(const Context& context, const api::JobView& job) {
  const Paint paint = context.out_paint();
  const WallTimeMs now = context.terminal.clock.wall_ms();
  std::string text = paint.bold(label_of(job.ref)) + "   ";
  if (api::is_ended(job.ref.state)) {
    text += outcome_of(job);
  } else {
    text += word(job.ref.state);
    if (job.started_ms != 0) text += " " + span_of_time(now - job.started_ms);
    if (!job.reason.empty()) text += ": " + job.reason;
  }
  text += fmt::format("   log entry {}", job.position);
  if (job.version >= 0) text += fmt::format("   version {}", job.version);
  if (job.restarts > 0) text += "   restarted " + count_of(job.restarts, "time");
  text += "\n" + exception_lines(job, paint);
  if (!job.tasks.empty()) {
    text += task_table(job).aligned(context.options.format == Format::wide, paint);
  }
  if (job.numbers_lost) {
    text +=
        "what its peers have done is not known any more: a daemon that ran it has stopped or was "
        "started anew\n";
  }
  for (const GroupId& group : job.silent_groups) {
    text += "group " + short_id(group.text()) +
            " does not answer: what its peers have done is missing here\n";
  }
  if (job.ref.state == api::JobState::waiting) {
    text += "why  onyxctl job why " + short_id(job.ref.id.text()) + "\n";
  }
  return text;
}

ExitCode show_job(Context& context, const std::string& typed) {
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  const auto job = (*client)->get_job(typed);
  if (!job) return context.complain(job.error());
  Report report;
  report.kind = "Job";
  report.fields = value_of(*job);
  report.names = {job->ref.id.text()};
  report.text = text_of(context, *job);
  return context.emit(report);
}

}  // namespace

Command job_status_command(Context& context) {
  auto job = std::make_shared<std::string>();
  Command command;
  command.name = "status";
  command.summary = "One screen about a job: state, tasks, counters, last error";
  command.examples = {"onyxctl job status clicks", "onyxctl job status 6f1c -o json"};
  command.arguments = {{"JOB", "", "Id, prefix or name", job.get(), true}};
  command.run = [&context, job] { return show_job(context, *job); };
  return command;
}

}  // namespace onyx::cli
