#include <fmt/format.h>

#include <memory>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/output/log_report.h"
#include "cli/output/words.h"
#include "cli/position.h"

namespace onyx::cli {
namespace {

using edn::Value;

void add_entry_line(std::string& text, std::string_view label, const std::string& value) {
  if (!value.empty()) text += fmt::format("  {:<8} {}\n", label, value);
}

std::string cause_text(const api::LogEntryView& cause) {
  if (cause.fn.empty()) return fmt::format("entry {}, which a gc has taken", cause.position);
  return fmt::format("entry {}   {}   {}", cause.position, cause.fn, cause.subject);
}

std::string text_of(const Context& context, const api::EntryView& view) {
  const bool is_terminal = context.terminal.is_out_terminal;
  const Paint paint = context.out_paint();
  const api::LogEntryView& entry = view.entry;
  const auto id = [&](const std::string& text) { return is_terminal ? short_id(text) : text; };
  std::string text = paint.bold(fmt::format("entry {}", entry.position)) + "   " + entry.fn;
  if (!entry.subject.empty()) text += "   " + entry.subject;
  if (entry.created_ms != 0) text += "   " + rfc3339(entry.created_ms);
  text += "\n";
  add_entry_line(text, "by", view.by);
  if (!view.writer.empty()) {
    add_entry_line(text, "writer",
                   fmt::format("group {}, its entry {}", id(view.writer.text()), view.seq));
  }
  if (view.cause) add_entry_line(text, "cause", cause_text(*view.cause));
  add_entry_line(text, "effect",
                 view.is_origin   ? "not known any more: the log begins here, after a gc"
                 : entry.rejected ? paint.yellow(entry.effect)
                                  : entry.effect);
  add_entry_line(text, "args", entry.args_edn);
  if (view.is_origin) return text;
  if (view.changes.empty()) return text + "  the replica is as it was\n";
  const bool is_wide = context.options.format == Format::wide;
  const Table table = change_table(view.changes, is_terminal && !is_wide);
  return text + "\n" + (is_terminal ? table.aligned(is_wide, paint) : table.tab_separated(is_wide));
}

ExitCode show_entry(Context& context, const std::string& typed) {
  const auto position = parse_position(typed, "N");
  if (!position) return context.misuse(position.error());
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  const auto view = (*client)->show_entry(*position);
  if (!view) return context.complain(view.error());
  Report report;
  report.kind = "LogEntryDetail";
  report.fields = fields_of({
      {"entry", value_of(view->entry)},
      {"by", text_value(view->by)},
      {"writer", text_value(view->writer.text())},
      {"seq", view->writer.empty() ? Value() : Value::integer(view->seq)},
      {"cause", view->cause ? value_of(*view->cause) : Value()},
      {"origin", Value::boolean(view->is_origin)},
      {"diff", read_or_text(view->diff_edn)},
      {"changes", view->is_origin ? Value() : value_of(view->changes)},
  });
  report.names = {std::to_string(view->entry.position)};
  report.text = text_of(context, *view);
  return context.emit(report);
}

}  // namespace

Command log_show_command(Context& context) {
  auto position = std::make_shared<std::string>();
  Command command;
  command.name = "show";
  command.summary = "One entry: who wrote it and why, and what it changed in the cluster";
  command.examples = {"onyxctl log show 412", "onyxctl log show 412 -o json"};
  command.arguments = {{"N", "", "The number of the entry", position.get(), true}};
  command.run = [&context, position] { return show_entry(context, *position); };
  return command;
}

}  // namespace onyx::cli
