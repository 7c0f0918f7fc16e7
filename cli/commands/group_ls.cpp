#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/output/words.h"

namespace onyx::cli {
namespace {

using edn::Value;

Value strings(const std::vector<std::string>& texts) {
  std::vector<Value> values;
  for (const std::string& text : texts) values.push_back(Value::string(text));
  return Value::vector(std::move(values));
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += (out.size() > 1 ? " " : "") + text;
  return out + "]";
}

ExitCode list(Context& context) {
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  const auto groups = (*client)->list_groups();
  if (!groups) return context.complain(groups.error());
  const bool is_terminal = context.terminal.is_out_terminal;
  Report report;
  report.kind = "GroupList";
  report.items = "groups";
  report.table.columns = {
      {"group"},      {"host"}, {"version"},   {"peers", true}, {"busy", true},
      {"idle", true}, {"tags"}, {"log", true}, {"state"},       {"plugins", false, true}};
  std::vector<Value> items;
  for (const api::GroupView& group : *groups) {
    items.push_back(fields_of({
        {"id", Value::string(group.id.text())},
        {"host", text_value(group.host)},
        {"version", text_value(group.version)},
        {"state", text_value(group.state)},
        {"peers", Value::integer(group.peers)},
        {"busy", Value::integer(group.busy)},
        {"tags", strings(group.tags)},
        {"plugins", strings(group.plugins)},
        {"position", group.position < 0 ? Value() : Value::integer(group.position)},
        {"self", Value::boolean(group.is_self)},
    }));
    report.names.push_back(group.id.text());
    report.table.rows.push_back({is_terminal ? short_id(group.id.text()) : group.id.text(),
                                 group.host, group.version, std::to_string(group.peers),
                                 std::to_string(group.busy),
                                 std::to_string(group.peers - group.busy), joined(group.tags),
                                 group.position < 0 ? "-" : std::to_string(group.position),
                                 group.state, joined(group.plugins)});
  }
  report.fields = fields_of({{"groups", Value::vector(std::move(items))}});
  return context.emit(report);
}

}  // namespace

Command group_ls_command(Context& context) {
  Command command;
  command.name = "ls";
  command.summary = "List the peer groups of the cluster";
  command.examples = {"onyxctl group ls", "onyxctl group ls -o wide"};
  command.run = [&context] { return list(context); };
  return command;
}

}  // namespace onyx::cli
