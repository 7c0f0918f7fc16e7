#include <memory>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/output/job_report.h"
#include "cli/output/words.h"

namespace onyx::cli {
namespace {

ExitCode explain_job(Context& context, const std::string& typed) {
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  const auto why = (*client)->why(typed);
  if (!why) return context.complain(why.error());
  const Paint paint = context.out_paint();
  Report report;
  report.kind = "Why";
  report.fields = value_of(*why);
  report.names = {why->reason};
  report.text = paint.bold(label_of(why->job.ref)) + "  " + std::string(word(why->job.ref.state)) +
                "\n  " + why->text + "\n";
  if (why->job.ref.state == api::JobState::waiting) report.text += need_lines(*why, paint);
  report.text += exception_lines(why->job, paint);
  return context.emit(report);
}

}  // namespace

Command job_why_command(Context& context) {
  auto job = std::make_shared<std::string>();
  Command command;
  command.name = "why";
  command.summary = "Why a job waits, or how it came to its end, with the numbers";
  command.examples = {"onyxctl job why clicks"};
  command.arguments = {{"JOB", "", "Id, prefix or name", job.get(), true}};
  command.run = [&context, job] { return explain_job(context, *job); };
  return command;
}

}  // namespace onyx::cli
