#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/output/cluster_report.h"

namespace onyx::cli {
namespace {

ExitCode list_groups(Context& context) {
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  const auto groups = (*client)->list_groups();
  if (!groups) return context.complain(groups.error());
  Report report;
  report.kind = "GroupList";
  report.items = "groups";
  std::vector<edn::Value> items;
  for (const api::GroupView& group : *groups) {
    items.push_back(value_of(group));
    report.names.push_back(group.id.text());
  }
  report.fields = fields_of({{"groups", edn::Value::vector(std::move(items))}});
  report.table = group_table(*groups, context.terminal.is_out_terminal);
  return context.emit(report);
}

}  // namespace

Command group_ls_command(Context& context) {
  Command command;
  command.name = "ls";
  command.summary = "List the peer groups of the cluster";
  command.examples = {"onyxctl group ls", "onyxctl group ls -o wide"};
  command.run = [&context] { return list_groups(context); };
  return command;
}

}  // namespace onyx::cli
