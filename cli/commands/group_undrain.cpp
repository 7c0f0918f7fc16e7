#include <fmt/format.h>

#include <memory>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/output/cluster_report.h"
#include "cli/output/words.h"

namespace onyx::cli {
namespace {

ExitCode undrain(Context& context, const std::string& typed) {
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  const auto view = (*client)->undrain_group(typed);
  if (!view) return context.complain(view.error());
  const bool was_drained = view->position >= 0;
  Report report;
  report.kind = "GroupUndrained";
  report.fields =
      fields_of({{"group", value_of(view->group)},
                 {"peers", edn::Value::integer(view->peers)},
                 {"already", edn::Value::boolean(!was_drained)},
                 {"position", was_drained ? edn::Value::integer(view->position) : edn::Value()}});
  report.names = {view->group.id.text()};
  const std::string name = "group " + short_id(view->group.id.text());
  report.text = was_drained ? fmt::format("{} is back with {} (log entry {})\n", name,
                                          count_of(view->peers, "peer"), view->position)
                            : fmt::format("{} is not drained\n", name);
  return context.emit(report);
}

}  // namespace

Command group_undrain_command(Context& context) {
  auto group = std::make_shared<std::string>();
  Command command;
  command.name = "undrain";
  command.summary = "Bring the peers of a drained group back, as many as it had";
  command.examples = {"onyxctl group undrain b3a1"};
  command.arguments = {{"GROUP", "", "Id, prefix or host", group.get(), true}};
  command.run = [&context, group] { return undrain(context, *group); };
  return command;
}

}  // namespace onyx::cli
