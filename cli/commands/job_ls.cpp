#include <algorithm>
#include <memory>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/output/job_report.h"
#include "cli/output/words.h"

namespace onyx::cli {
namespace {

ExitCode list_jobs(Context& context, const std::vector<std::string>& states) {
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  const auto jobs = (*client)->list_jobs();
  if (!jobs) return context.complain(jobs.error());
  const bool is_terminal = context.terminal.is_out_terminal;
  const WallTimeMs now = context.terminal.clock.wall_ms();
  const auto moment = [&](WallTimeMs time) { return is_terminal ? ago(time, now) : rfc3339(time); };
  Report report;
  report.kind = "JobList";
  report.items = "jobs";
  report.table.columns = {{"id"},
                          {"name"},
                          {"state"},
                          {"peers", true},
                          {"in", true},
                          {"out", true},
                          {"submitted"},
                          {"ended", false, true},
                          {"reason", false, true}};
  const auto count = [&](const api::JobView& job, std::uint64_t n) {
    return job.numbers_lost ? "?" : is_terminal ? thousands(n) : std::to_string(n);
  };
  std::vector<edn::Value> items;
  for (const api::JobView& job : *jobs) {
    const std::string state(word(job.ref.state));
    if (!states.empty() && std::find(states.begin(), states.end(), state) == states.end()) continue;
    items.push_back(value_of(job));
    report.names.push_back(job.ref.id.text());
    report.table.rows.push_back({is_terminal ? short_id(job.ref.id.text()) : job.ref.id.text(),
                                 job.ref.name.empty() ? "-" : job.ref.name,
                                 state_cell(job.ref.state), std::to_string(peers_of(job)),
                                 count(job, segments_in(job)), count(job, segments_out(job)),
                                 moment(job.submitted_ms), moment(job.ended_ms), job.reason});
  }
  report.fields = fields_of({{"jobs", edn::Value::vector(std::move(items))}});
  return context.emit(report);
}

}  // namespace

Command job_ls_command(Context& context) {
  auto states = std::make_shared<std::vector<std::string>>();
  Command command;
  command.name = "ls";
  command.summary = "List jobs, newest last";
  command.examples = {"onyxctl job ls", "onyxctl job ls --state running -o json"};
  command.arguments = {{"--state",
                        "STATE",
                        "Only these; may be repeated",
                        states.get(),
                        false,
                        {"submitted", "waiting", "running", "completed", "killed"}}};
  command.run = [&context, states] { return list_jobs(context, *states); };
  return command;
}

}  // namespace onyx::cli
