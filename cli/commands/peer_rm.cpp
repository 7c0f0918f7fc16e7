#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/output/words.h"

namespace onyx::cli {
namespace {

ExitCode remove(Context& context, const std::vector<std::string>& peers) {
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  Report report;
  report.kind = "PeersRemoved";
  report.items = "peers";
  std::vector<edn::Value> items;
  ExitCode worst = ExitCode::done;
  for (const std::string& peer : peers) {
    const auto view = (*client)->remove_peer(peer);
    if (!view) {
      worst = std::max(worst, context.complain(view.error()));
      continue;
    }
    items.push_back(fields_of({{"id", edn::Value::string(view->id.text())},
                               {"peers_total", edn::Value::integer(view->peers_total)}}));
    report.names.push_back(view->id.text());
    report.text += fmt::format("peer {} left · the group has {} now\n", short_id(view->id.text()),
                               view->peers_total);
  }
  report.fields = fields_of({{"peers", edn::Value::vector(std::move(items))}});
  context.emit(report);
  return worst;
}

}  // namespace

Command peer_rm_command(Context& context) {
  auto peers = std::make_shared<std::vector<std::string>>();
  Command command;
  command.name = "rm";
  command.summary = "Stop virtual peers; their work goes to others";
  command.examples = {"onyxctl peer rm 1f0c",
                      "onyxctl peer ls -q | head -2 | xargs onyxctl peer rm"};
  command.arguments = {{"PEER", "", "Id or prefix", peers.get(), true}};
  command.run = [&context, peers] { return remove(context, *peers); };
  return command;
}

}  // namespace onyx::cli
