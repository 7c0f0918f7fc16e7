#include <fmt/format.h>

#include <memory>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/job_file.h"
#include "cli/offline_check.h"
#include "cli/output/job_report.h"
#include "cli/output/words.h"
#include "cli/watch.h"
#include "common/model/validation.h"

namespace onyx::cli {
namespace {

struct SubmitArguments {
  std::string file;
  std::vector<std::string> functions;
  std::string id;
  std::string wait;  // "done", "running"; empty: not at all
};

Report report_of(const api::SubmitView& view, const Paint& paint) {
  Report report;
  report.kind = "Submission";
  report.fields = fields_of({
      {"job", value_of(view.job)},
      {"position", edn::Value::integer(view.position)},
      {"placed", edn::Value::boolean(view.placed)},
      {"already", edn::Value::boolean(view.already)},
      {"why", view.why ? value_of(*view.why) : edn::Value()},
  });
  report.names = {view.job.id.text()};
  report.text = fmt::format("job {} {} (log entry {}) · {}\n", label_of(view.job),
                            view.already ? "is already there" : "accepted", view.position,
                            word(view.job.state));
  if (view.why) {
    report.text += "\n" + need_lines(*view.why, paint);
    report.text += "  follow          onyxctl job why " + short_id(view.job.id.text()) + "\n";
  }
  return report;
}

ExitCode submit(Context& context, const SubmitArguments& arguments) {
  const auto job = read_job_file(arguments.file, arguments.functions, context.terminal.in);
  if (!job) {
    const std::string_view text = job.error().text;
    return context.complain(job.error().refusal, [text](const edn::Diagnostic&) { return text; });
  }
  const auto text_of = [&](const edn::Diagnostic& d) { return job->text_of(d); };
  if (const auto found = check_offline(*job, arguments.id); model::has_errors(found)) {
    context.show(found, text_of);
    return ExitCode::invalid;
  }
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  api::SubmitRequest request{job->sent, job->functions, std::nullopt};
  if (!arguments.id.empty()) request.id = arguments.id;
  auto view = (*client)->submit(request);
  if (!view) {
    api::Refusal refusal = view.error();
    refusal.diagnostics = job->original(std::move(refusal.diagnostics));
    return context.complain(refusal, text_of);
  }
  if (!view->warnings.empty() && !context.options.is_quiet) {
    context.show(job->original(view->warnings), text_of);
  }
  if (!arguments.wait.empty()) {
    if (context.options.is_quiet) {
      context.emit(report_of(*view, context.out_paint()));
    } else if (!context.is_machine_read()) {
      context.say(
          fmt::format("job {} accepted (log entry {})", label_of(view->job), view->position));
    }
    return watch_jobs(context, **client, {view->job.id.text()},
                      arguments.wait == "running" ? Until::running : Until::ended);
  }
  context.emit(report_of(*view, context.out_paint()));
  const bool is_waiting_for_peers = !view->placed && !api::is_ended(view->job.state);
  return is_waiting_for_peers ? ExitCode::not_placed : ExitCode::done;
}

}  // namespace

Command submit_command(Context& context) {
  auto arguments = std::make_shared<SubmitArguments>();
  Command command;
  command.name = "submit";
  command.summary = "Submit a job; prints its id";
  command.examples = {"onyxctl submit job.edn", "onyxctl submit job.edn --functions fns.clj --wait",
                      "onyxctl submit job.edn --wait=running --timeout 30s",
                      "ID=$(onyxctl submit job.edn -q)"};
  command.arguments = {
      {"FILE", "", "The job, EDN; - reads stdin", &arguments->file, true},
      {"--functions", "FILE", "Functions to add to the job's; may be repeated",
       &arguments->functions},
      {"--id", "UUID", "Its id; submitting the same job again under it changes nothing",
       &arguments->id},
      {"--wait",
       "",
       "Wait until it ends, and exit as await; =running: until it runs",
       &arguments->wait,
       false,
       {"done", "running"},
       "done"},
  };
  command.run = [&context, arguments] { return submit(context, *arguments); };
  return command;
}

}  // namespace onyx::cli
