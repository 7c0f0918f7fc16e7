#include <fmt/format.h>

#include <memory>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/output/cluster_report.h"
#include "cli/output/words.h"

namespace onyx::cli {
namespace {

struct DrainArguments {
  std::string group;
  bool is_stopping = false;
};

std::string text_of(const api::DrainView& view, const DrainArguments& arguments) {
  const std::string name = "group " + short_id(view.group.id.text());
  const std::string peers = count_of(view.peers, "peer");
  std::string text = view.position < 0 ? fmt::format("{} is drained already", name)
                                       : fmt::format("{} drained (log entry {}) · {} released",
                                                     name, view.position, peers);
  if (view.has_left) {
    text += " · its daemon has left the cluster and ends";
  } else if (arguments.is_stopping) {
    text += " · its daemon leaves the cluster now and ends";
  } else {
    text += fmt::format("\nbring them back with  onyxctl group undrain {}",
                        short_id(view.group.id.text()));
  }
  return text + "\n";
}

ExitCode drain(Context& context, const DrainArguments& arguments) {
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  const auto view = [&] {
    const Interrupts::Scope scope(context.terminal.interrupts, [&] { (*client)->cancel(); });
    return (*client)->drain_group(arguments.group, arguments.is_stopping);
  }();
  if (!view) return context.complain(view.error());
  if (!view->has_value()) {
    context.say("detached; the drain goes on.  follow with  onyxctl group ls");
    return ExitCode::interrupted;
  }
  const api::DrainView& drained = **view;
  Report report;
  report.kind = "GroupDrained";
  report.fields = fields_of(
      {{"group", value_of(drained.group)},
       {"peers", edn::Value::integer(drained.peers)},
       {"already", edn::Value::boolean(drained.position < 0)},
       {"position", drained.position < 0 ? edn::Value() : edn::Value::integer(drained.position)},
       {"stop", edn::Value::boolean(arguments.is_stopping)}});
  report.names = {drained.group.id.text()};
  report.text = text_of(drained, arguments);
  return context.emit(report);
}

}  // namespace

Command group_drain_command(Context& context) {
  auto arguments = std::make_shared<DrainArguments>();
  Command command;
  command.name = "drain";
  command.summary = "Take all peers from a group; their work goes to others, the group stays";
  command.examples = {"onyxctl group drain b3a1", "onyxctl group drain host-b --stop"};
  command.arguments = {
      {"GROUP", "", "Id, prefix or host", &arguments->group, true},
      {"--stop", "", "Its daemon then leaves the cluster and ends", &arguments->is_stopping}};
  command.run = [&context, arguments] { return drain(context, *arguments); };
  return command;
}

}  // namespace onyx::cli
