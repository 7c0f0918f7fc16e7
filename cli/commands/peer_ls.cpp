#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/output/cluster_report.h"

namespace onyx::cli {
namespace {

ExitCode list_peers(Context& context) {
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  const auto peers = (*client)->list_peers();
  if (!peers) return context.complain(peers.error());
  Report report;
  report.kind = "PeerList";
  report.items = "peers";
  std::vector<edn::Value> items;
  for (const api::PeerView& peer : *peers) {
    items.push_back(value_of(peer));
    report.names.push_back(peer.id.text());
  }
  report.fields = fields_of({{"peers", edn::Value::vector(std::move(items))}});
  report.table = peer_table(*peers, context.terminal.is_out_terminal);
  return context.emit(report);
}

}  // namespace

Command peer_ls_command(Context& context) {
  Command command;
  command.name = "ls";
  command.summary = "List virtual peers and what they work on";
  command.examples = {"onyxctl peer ls", "onyxctl peer ls -q"};
  command.run = [&context] { return list_peers(context); };
  return command;
}

}  // namespace onyx::cli
