#include <fmt/format.h>

#include <memory>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/output/cluster_report.h"
#include "cli/output/words.h"

namespace onyx::cli {
namespace {

using edn::Value;

void add_group_line(std::string& text, std::string_view label, const std::string& value) {
  if (!value.empty()) text += fmt::format("  {:<10}  {}\n", label, value);
}

std::string text_of(const Context& context, const api::GroupDetailView& view) {
  const bool is_terminal = context.terminal.is_out_terminal;
  const bool is_wide = context.options.format == Format::wide;
  const Paint paint = context.out_paint();
  const api::GroupView& group = view.group;
  const auto id = [&](const GroupId& g) { return is_terminal ? short_id(g.text()) : g.text(); };
  std::string watches;
  for (const GroupId& watched : view.watches) watches += (watches.empty() ? "" : " ") + id(watched);
  std::string text = paint.bold("group " + id(group.id)) + "   " + group.state;
  if (!group.host.empty()) text += fmt::format("   onyxd {} on {}", group.version, group.host);
  text += "\n";
  add_group_line(text, "session",
                 view.session.empty() ? "only its own daemon knows" : view.session);
  if (group.position >= 0)
    add_group_line(text, "log", fmt::format("entry {} applied", group.position));
  if (group.stale > 0)
    add_group_line(text, "refused", fmt::format("{} of allocations that were over", group.stale));
  add_group_line(text, "site", view.site);
  add_group_line(
      text, "peers",
      fmt::format("{}   {} busy · {} idle", group.peers, group.busy, group.peers - group.busy));
  if (!group.tags.empty()) add_group_line(text, "tags", in_brackets(group.tags));
  add_group_line(text, "watches", watches.empty() ? "nobody" : watches);
  add_group_line(text, "watched by", view.watched_by.empty() ? "nobody" : id(view.watched_by));
  if (!group.plugins.empty()) add_group_line(text, "plugins", in_brackets(group.plugins));
  if (view.peers.empty()) return text;
  const Table table = peer_table(view.peers, is_terminal);
  return text + "\n" + (is_terminal ? table.aligned(is_wide, paint) : table.tab_separated(is_wide));
}

ExitCode show_group(Context& context, const std::string& typed) {
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  const auto view = (*client)->get_group(typed);
  if (!view) return context.complain(view.error());
  std::vector<Value> watches;
  for (const GroupId& group : view->watches) watches.push_back(Value::string(group.text()));
  std::vector<Value> peers;
  for (const api::PeerView& peer : view->peers) peers.push_back(value_of(peer));
  Report report;
  report.kind = "Group";
  report.fields = fields_of({
      {"group", value_of(view->group)},
      {"session", text_value(view->session)},
      {"site", text_value(view->site)},
      {"watches", Value::vector(std::move(watches))},
      {"watched_by", text_value(view->watched_by.text())},
      {"peers", Value::vector(std::move(peers))},
  });
  report.names = {view->group.id.text()};
  report.text = text_of(context, *view);
  return context.emit(report);
}

}  // namespace

Command group_show_command(Context& context) {
  auto group = std::make_shared<std::string>();
  Command command;
  command.name = "show";
  command.summary = "One peer group: session, log position, who watches it, its peers";
  command.examples = {"onyxctl group show", "onyxctl group show b3a1 -o json"};
  command.arguments = {
      {"GROUP", "", "Id, prefix or host; of the daemon that is asked", group.get()}};
  command.run = [&context, group] { return show_group(context, *group); };
  return command;
}

}  // namespace onyx::cli
