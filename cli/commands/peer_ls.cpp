#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/output/words.h"

namespace onyx::cli {
namespace {

using edn::Value;

ExitCode list(Context& context) {
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  const auto peers = (*client)->list_peers();
  if (!peers) return context.complain(peers.error());
  const bool is_terminal = context.terminal.is_out_terminal;
  const auto id = [&](const std::string& text) { return is_terminal ? short_id(text) : text; };
  Report report;
  report.kind = "PeerList";
  report.items = "peers";
  report.table.columns = {{"peer"}, {"group"}, {"host"},      {"state"},
                          {"job"},  {"task"},  {"slot", true}};
  std::vector<Value> items;
  for (const api::PeerView& peer : *peers) {
    const bool is_idle = peer.job.empty();
    std::vector<Value> tags;
    for (const std::string& tag : peer.tags) tags.push_back(Value::string(tag));
    items.push_back(fields_of({
        {"id", Value::string(peer.id.text())},
        {"group", text_value(peer.group.text())},
        {"host", text_value(peer.host)},
        {"state", text_value(peer.state)},
        {"job", text_value(peer.job.text())},
        {"job_name", text_value(peer.job_name)},
        {"task", text_value(peer.task)},
        {"slot", is_idle ? Value() : Value::integer(peer.slot)},
        {"tags", Value::vector(std::move(tags))},
    }));
    report.names.push_back(peer.id.text());
    const std::string job = peer.job_name.empty() ? id(peer.job.text()) : peer.job_name;
    report.table.rows.push_back({id(peer.id.text()), id(peer.group.text()), peer.host, peer.state,
                                 is_idle ? "-" : job, is_idle ? "-" : peer.task,
                                 is_idle ? "-" : std::to_string(peer.slot)});
  }
  report.fields = fields_of({{"peers", Value::vector(std::move(items))}});
  return context.emit(report);
}

}  // namespace

Command peer_ls_command(Context& context) {
  Command command;
  command.name = "ls";
  command.summary = "List virtual peers and what they work on";
  command.examples = {"onyxctl peer ls", "onyxctl peer ls -q"};
  command.run = [&context] { return list(context); };
  return command;
}

}  // namespace onyx::cli
