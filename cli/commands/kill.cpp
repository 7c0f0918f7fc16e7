#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/output/job_report.h"
#include "cli/output/words.h"

namespace onyx::cli {
namespace {

struct KillArguments {
  std::vector<std::string> jobs;
  std::string reason;
  bool is_all = false;
};

bool is_confirmed(Context& context, std::size_t count) {
  if (context.options.is_confirmed) return true;
  if (!context.terminal.is_err_terminal) return false;
  context.terminal.err << fmt::format("kill {}? [y/N] ",
                                      count_of(static_cast<std::int64_t>(count), "job"));
  context.terminal.err.flush();
  std::string answer;
  std::getline(context.terminal.in, answer);
  return answer == "y" || answer == "yes";
}

std::string line_of(const api::KillView& view) {
  if (view.position < 0) {
    return fmt::format("{} had ended already: {}\n", label_of(view.job), word(view.job.state));
  }
  return fmt::format("{} killed (log entry {}) · {} released\n", label_of(view.job), view.position,
                     count_of(view.peers_released, "peer"));
}

ExitCode kill(Context& context, KillArguments& arguments) {
  if (arguments.jobs.empty() != arguments.is_all) {
    context.complain(Error(ErrorCode::invalid_argument,
                           "`onyxctl kill` wants the jobs to kill, or --all", "CLI-03"));
    return ExitCode::usage;
  }
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  if (arguments.is_all) {
    const auto jobs = (*client)->list_jobs();
    if (!jobs) return context.complain(jobs.error());
    for (const api::JobView& job : *jobs) {
      if (!api::is_ended(job.ref.state)) arguments.jobs.push_back(job.ref.id.text());
    }
    if (!arguments.jobs.empty() && !is_confirmed(context, arguments.jobs.size())) {
      context.complain(
          Error(ErrorCode::failed_precondition,
                fmt::format("{} would be killed; confirm with --yes",
                            count_of(static_cast<std::int64_t>(arguments.jobs.size()), "job")),
                "CLI-06"));
      return ExitCode::usage;
    }
  }
  Report report;
  report.kind = "KillList";
  report.items = "jobs";
  std::vector<edn::Value> items;
  ExitCode worst = ExitCode::done;
  for (const std::string& job : arguments.jobs) {
    const auto view = (*client)->kill(job, arguments.reason);
    if (!view) {
      worst = std::max(worst, context.complain(view.error()));
      continue;
    }
    items.push_back(fields_of({{"job", value_of(view->job)},
                               {"previous", edn::Value::string(word(view->previous))},
                               {"position", edn::Value::integer(view->position)},
                               {"peers_released", edn::Value::integer(view->peers_released)}}));
    report.names.push_back(view->job.id.text());
    report.text += line_of(*view);
  }
  report.fields = fields_of({{"jobs", edn::Value::vector(std::move(items))}});
  context.emit(report);
  return worst;
}

}  // namespace

Command kill_command(Context& context) {
  auto arguments = std::make_shared<KillArguments>();
  Command command;
  command.name = "kill";
  command.summary = "End jobs now";
  command.examples = {"onyxctl kill clicks", "onyxctl kill 6f1c --reason 'wrong input'",
                      "onyxctl kill --all --yes"};
  command.arguments = {
      {"JOB", "", "Id, prefix or name", &arguments->jobs},
      {"--reason", "TEXT", "Why; it stands in the log and in `job status`", &arguments->reason},
      {"--all", "", "Every job that has not ended", &arguments->is_all},
  };
  command.run = [&context, arguments] { return kill(context, *arguments); };
  return command;
}

}  // namespace onyx::cli
