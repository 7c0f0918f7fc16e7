#include <fmt/format.h>

#include <memory>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/output/job_report.h"
#include "cli/output/words.h"

namespace onyx::cli {
namespace {

std::string entries(std::int64_t count) {
  return count == 1 ? "1 entry" : fmt::format("{} entries", count);
}

std::string text_of_deed(const api::GcView& view) {
  return fmt::format("log starts at entry {} now (was {}) · {} deleted · {} forgotten\n",
                     view.origin, view.origin_before, entries(view.entries_deleted),
                     count_of(view.jobs_forgotten, "ended job"));
}

std::string text_of_dry_run(const api::GcView& view) {
  std::string text = fmt::format(
      "nothing is changed   log would start at entry {} (is {}) · {} deleted · {} forgotten\n",
      view.origin, view.origin_before, entries(view.entries_deleted),
      count_of(view.jobs_forgotten, "ended job"));
  for (const api::JobRef& job : view.jobs) {
    text += fmt::format("  forgets  {}  {}\n", label_of(job), word(job.state));
  }
  for (const api::JobRef& job : view.dropped) {
    text += fmt::format("  drops    {}  {}, even that\n", label_of(job), word(job.state));
  }
  return text;
}

edn::Value value_of_jobs(const std::vector<api::JobRef>& jobs) {
  std::vector<edn::Value> values;
  for (const api::JobRef& job : jobs) values.push_back(value_of(job));
  return edn::Value::vector(std::move(values));
}

ExitCode collect(Context& context, bool is_dry_run) {
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  const auto view = (*client)->gc(is_dry_run);
  if (!view) return context.complain(view.error());
  Report report;
  report.kind = "Gc";
  report.fields = fields_of({
      {"dry_run", edn::Value::boolean(is_dry_run)},
      {"position", edn::Value::integer(view->position)},
      {"origin_before", edn::Value::integer(view->origin_before)},
      {"origin", edn::Value::integer(view->origin)},
      {"entries_deleted", edn::Value::integer(view->entries_deleted)},
      {"jobs_forgotten", edn::Value::integer(view->jobs_forgotten)},
      {"jobs", is_dry_run ? value_of_jobs(view->jobs) : edn::Value()},
      {"dropped", is_dry_run ? value_of_jobs(view->dropped) : edn::Value()},
  });
  report.names = {std::to_string(view->origin)};
  report.text = is_dry_run ? text_of_dry_run(*view) : text_of_deed(*view);
  return context.emit(report);
}

}  // namespace

Command gc_command(Context& context) {
  auto is_dry_run = std::make_shared<bool>(false);
  Command command;
  command.name = "gc";
  command.summary = "Shorten the log; forgets ended jobs, loses nothing live";
  command.examples = {"onyxctl gc", "onyxctl gc --dry-run"};
  command.arguments = {{"--dry-run", "", "Only say what would go", is_dry_run.get()}};
  command.run = [&context, is_dry_run] { return collect(context, *is_dry_run); };
  return command;
}

}  // namespace onyx::cli
