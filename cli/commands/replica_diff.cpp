#include <memory>
#include <optional>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/output/log_report.h"
#include "cli/position.h"

namespace onyx::cli {
namespace {

struct DiffArguments {
  std::string from;
  std::string to;  // empty: the newest
};

ExitCode show_difference(Context& context, const DiffArguments& arguments) {
  const auto from = parse_position(arguments.from, "A");
  if (!from) return context.misuse(from.error());
  std::optional<Position> to;
  if (!arguments.to.empty()) {
    const auto position = parse_position(arguments.to, "B");
    if (!position) return context.misuse(position.error());
    to = *position;
  }
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  const auto diff = (*client)->diff_replica(*from, to);
  if (!diff) return context.complain(diff.error());
  Report report;
  report.kind = "ReplicaDiff";
  report.items = "changes";
  report.fields = fields_of({{"from", edn::Value::integer(diff->from)},
                             {"to", edn::Value::integer(diff->to)},
                             {"changes", value_of(diff->changes)}});
  report.names = {std::to_string(diff->from), std::to_string(diff->to)};
  const bool is_short = context.terminal.is_out_terminal && context.options.format != Format::wide;
  report.table = change_table(diff->changes, is_short);
  return context.emit(report);
}

}  // namespace

Command replica_diff_command(Context& context) {
  auto arguments = std::make_shared<DiffArguments>();
  Command command;
  command.name = "diff";
  command.summary = "What is different between the cluster after two entries of the log";
  command.examples = {"onyxctl replica diff 411 412", "onyxctl replica diff 400 -o json"};
  command.arguments = {{"A", "", "After this entry", &arguments->from, true},
                       {"B", "", "After this one; the newest", &arguments->to}};
  command.run = [&context, arguments] { return show_difference(context, *arguments); };
  return command;
}

}  // namespace onyx::cli
