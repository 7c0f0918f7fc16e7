#include <fmt/format.h>

#include <cstdint>
#include <memory>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/output/job_report.h"
#include "cli/output/words.h"

namespace onyx::cli {
namespace {

struct OutputArguments {
  std::string job;
  std::string task;
  std::int64_t limit = 0;
};

ExitCode show_output(Context& context, const OutputArguments& arguments) {
  if (arguments.limit < 0) {
    context.complain(Error(ErrorCode::invalid_argument,
                           fmt::format("found {} for --limit, wanted 0 or more", arguments.limit),
                           "CLI-03"));
    return ExitCode::usage;
  }
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  std::string task = arguments.task;
  if (!task.empty() && task.front() == ':') task.erase(0, 1);
  const auto view =
      (*client)->job_output(arguments.job, task, static_cast<std::uint32_t>(arguments.limit));
  if (!view) return context.complain(view.error());
  Report report;
  report.kind = "Output";
  report.items = "segments";
  std::vector<edn::Value> segments;
  for (const std::string& segment : view->segments_edn) {
    segments.push_back(read_or_text(segment));
    report.text += segment + "\n";
  }
  report.names = view->segments_edn;
  report.fields = fields_of({
      {"job", value_of(view->job)},
      {"task", edn::Value::string(view->task)},
      {"total", edn::Value::integer(static_cast<std::int64_t>(view->total))},
      {"segments", edn::Value::vector(std::move(segments))},
      {"silent_groups", value_of(view->silent_groups)},
  });
  context.emit(report);
  for (const GroupId& group : view->silent_groups) {
    context.say("group " + short_id(group.text()) + " does not answer: what it has is missing");
  }
  if (view->total > view->segments_edn.size() && !context.is_machine_read()) {
    context.say(fmt::format("the last {} of {} segments", view->segments_edn.size(),
                            thousands(view->total)));
  }
  return ExitCode::done;
}

}  // namespace

Command job_output_command(Context& context) {
  auto arguments = std::make_shared<OutputArguments>();
  Command command;
  command.name = "output";
  command.summary = "The last segments that reached a seq output, one a line";
  command.examples = {"onyxctl job output hello", "onyxctl job output hello :out -n 10 -o ndjson"};
  command.arguments = {
      {"JOB", "", "Id, prefix or name", &arguments->job, true},
      {"TASK", "", "Output task; needed only when the job has several", &arguments->task},
      {"-n,--limit", "N", "Only the newest N", &arguments->limit},
  };
  command.run = [&context, arguments] { return show_output(context, *arguments); };
  return command;
}

}  // namespace onyx::cli
