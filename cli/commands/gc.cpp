#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/output/words.h"

namespace onyx::cli {
namespace {

ExitCode collect(Context& context) {
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  const auto view = (*client)->gc();
  if (!view) return context.complain(view.error());
  Report report;
  report.kind = "Gc";
  report.fields = fields_of({
      {"position", edn::Value::integer(view->position)},
      {"origin_before", edn::Value::integer(view->origin_before)},
      {"origin", edn::Value::integer(view->origin)},
      {"entries_deleted", edn::Value::integer(view->entries_deleted)},
      {"jobs_forgotten", edn::Value::integer(view->jobs_forgotten)},
  });
  report.names = {std::to_string(view->origin)};
  report.text = fmt::format(
      "log starts at entry {} now (was {}) · {} deleted · {} forgotten\n", view->origin,
      view->origin_before,
      view->entries_deleted == 1 ? "1 entry" : fmt::format("{} entries", view->entries_deleted),
      count_of(view->jobs_forgotten, "ended job"));
  return context.emit(report);
}

}  // namespace

Command gc_command(Context& context) {
  Command command;
  command.name = "gc";
  command.summary = "Shorten the log; forgets ended jobs, loses nothing live";
  command.examples = {"onyxctl gc"};
  command.run = [&context] { return collect(context); };
  return command;
}

}  // namespace onyx::cli
