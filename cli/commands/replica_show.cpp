#include <memory>
#include <optional>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/position.h"
#include "common/edn/printer.h"

namespace onyx::cli {
namespace {

ExitCode show_replica(Context& context, const std::string& typed) {
  std::optional<Position> at;
  if (!typed.empty()) {
    const auto position = parse_position(typed, "--at");
    if (!position) return context.misuse(position.error());
    at = *position;
  }
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  const auto view = (*client)->replica(at);
  if (!view) return context.complain(view.error());
  const edn::Value replica = read_or_text(view->edn);
  Report report;
  report.kind = "Replica";
  report.fields =
      fields_of({{"position", edn::Value::integer(view->as_of_position)}, {"replica", replica}});
  report.names = {std::to_string(view->as_of_position)};
  report.text = edn::pretty(replica) + "\n";
  return context.emit(report);
}

}  // namespace

Command replica_show_command(Context& context) {
  auto at = std::make_shared<std::string>();
  Command command;
  command.name = "show";
  command.summary = "The cluster as a value: groups, peers, jobs, allocations";
  command.examples = {"onyxctl replica show", "onyxctl replica show --at 412",
                      "onyxctl replica show -o json"};
  command.arguments = {{"--at", "N", "After entry N of the log; the newest", at.get()}};
  command.run = [&context, at] { return show_replica(context, *at); };
  return command;
}

}  // namespace onyx::cli
