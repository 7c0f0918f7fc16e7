#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/duration.h"
#include "cli/output/log_report.h"
#include "cli/output/words.h"
#include "cli/position.h"

namespace onyx::cli {
namespace {

using edn::Value;

constexpr std::uint32_t kPage = 1'000;

struct TailArguments {
  bool is_following = false;
  std::string from;  // a number; empty: so that `last` entries are shown
  std::int64_t last = 20;
  std::vector<std::string> fns;
  std::string since;  // a duration; empty: no limit
  std::string job;    // as it was typed
};

// Which entries are shown.
struct Filter {
  std::vector<std::string> fns;  // none: all
  WallTimeMs since_ms = 0;
  std::string job;  // id; empty: all

  bool wants(const api::LogEntryView& entry) const {
    if (!fns.empty() && std::find(fns.begin(), fns.end(), entry.fn) == fns.end()) return false;
    if (entry.created_ms < since_ms) return false;
    // Those that are about the job, and those that gave it peers or took some.
    return job.empty() || entry.args_edn.find(job) != std::string::npos ||
           entry.effect.find("job " + short_id(job)) != std::string::npos;
  }
};

std::vector<Cell> row_of(const Context& context, const api::LogEntryView& entry) {
  const bool is_terminal = context.terminal.is_out_terminal;
  const std::string time = is_terminal ? time_of_day(entry.created_ms) : rfc3339(entry.created_ms);
  Cell effect(entry.effect);
  if (entry.rejected) effect = Cell("rejected: " + entry.effect, &Paint::yellow);
  return {std::to_string(entry.position), time, entry.fn, entry.subject, effect, entry.args_edn};
}

const std::vector<Column>& columns() {
  static const std::vector<Column> kColumns = {{"#", true}, {"time"},   {"fn"},
                                               {"subject"}, {"effect"}, {"args", false, true}};
  return kColumns;
}

// A line of a stream for people: columns of a fixed width, as what comes later is not known.
std::string line_of(const Context& context, const api::LogEntryView& entry) {
  const std::vector<Cell> row = row_of(context, entry);
  const bool is_wide = context.options.format == Format::wide;
  std::string line;
  if (!context.terminal.is_out_terminal) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (columns()[i].is_wide && !is_wide) continue;
      std::string text = row[i].text;
      std::replace(text.begin(), text.end(), '\t', ' ');
      line += (i == 0 ? "" : "\t") + text;
    }
    return line + "\n";
  }
  static constexpr std::size_t kWidths[] = {6, 8, 20, 24, 0, 0};
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (columns()[i].is_wide && !is_wide) continue;
    const std::size_t width = width_of(row[i].text);
    const std::string gap(kWidths[i] > width ? kWidths[i] - width : 0, ' ');
    const std::string text =
        row[i].colour == nullptr ? row[i].text : (context.out_paint().*row[i].colour)(row[i].text);
    if (i > 0) line += "  ";
    line += columns()[i].is_right ? gap + text : text + gap;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

api::Answer<Filter> filter_of(Context& context, Client& client, const TailArguments& arguments) {
  Filter filter;
  filter.fns = arguments.fns;
  if (!arguments.since.empty()) {
    ONYX_ASSIGN_OR_RETURN(const auto since, parse_duration(arguments.since));
    filter.since_ms = context.terminal.clock.wall_ms() - since.count();
  }
  if (!arguments.job.empty()) {
    ONYX_ASSIGN_OR_RETURN(const api::JobView job, client.get_job(arguments.job));
    filter.job = job.ref.id.text();
  }
  return filter;
}

std::string gap_text(Position from, Position to) {
  return fmt::format("entries {} to {} are gone: gc made them the log's origin", from, to);
}

ExitCode follow(Context& context, Client& client, Position from, const Filter& filter) {
  const Interrupts::Scope scope(context.terminal.interrupts, [&client] { client.cancel(); });
  const Format format = context.options.format;
  const auto end = client.follow_log(
      from,
      [&](const api::LogEntryView& entry) {
        if (!filter.wants(entry)) return true;
        if (context.options.is_quiet || format == Format::name) {
          return context.emit_line(std::to_string(entry.position) + "\n");
        }
        return context.emit_line(context.is_machine_read()
                                     ? print_line("LogEntry", value_of(entry), format)
                                     : line_of(context, entry));
      },
      [&](Position first, Position last) {
        if (!context.is_machine_read()) {
          context.say(gap_text(first, last));
          return true;
        }
        return context.emit_line(print_line(
            "LogGap", fields_of({{"from", Value::integer(first)}, {"to", Value::integer(last)}}),
            format));
      });
  if (!end) return context.complain(end.error());
  return *end == StreamEnd::cancelled ? ExitCode::interrupted : ExitCode::done;
}

ExitCode show_entries(Context& context, Client& client, Position from, const Filter& filter) {
  Report report;
  report.kind = "LogEntryList";
  report.items = "entries";
  report.table.columns = columns();
  std::vector<Value> items;
  for (bool is_first = true;; is_first = false) {
    const auto page = client.read_log(from, kPage);
    if (!page) return context.complain(page.error());
    if (is_first && from >= 0 && from < page->origin && !page->entries.empty()) {
      context.say(gap_text(from, page->origin - 1));
    }
    for (const api::LogEntryView& entry : page->entries) {
      if (!filter.wants(entry)) continue;
      items.push_back(value_of(entry));
      report.names.push_back(std::to_string(entry.position));
      report.table.rows.push_back(row_of(context, entry));
    }
    if (page->entries.empty() || page->entries.back().position >= page->newest) break;
    from = page->entries.back().position + 1;
  }
  report.fields = fields_of({{"entries", Value::vector(std::move(items))}});
  return context.emit(report);
}

ExitCode tail(Context& context, const TailArguments& arguments) {
  if (arguments.last < 0) {
    return context.misuse(Error(ErrorCode::invalid_argument,
                                "found a negative number for -n, wanted 0 or more", "CLI-03"));
  }
  Position from = -arguments.last;
  if (!arguments.from.empty()) {
    const auto position = parse_position(arguments.from, "--from");
    if (!position) return context.misuse(position.error());
    from = *position;
  } else if (!arguments.since.empty() || !arguments.job.empty()) {
    from = 0;  // wherever they stand
  }
  if (const auto since = parse_duration(arguments.since.empty() ? "0s" : arguments.since); !since)
    return context.misuse(since.error());
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  if (arguments.from.empty() && arguments.last == 0) {
    if (!arguments.is_following) return ExitCode::done;
    const auto end = (*client)->read_log(-1, 1);
    if (!end) return context.complain(end.error());
    from = end->newest + 1;
  }
  const auto filter = filter_of(context, **client, arguments);
  if (!filter) return context.complain(filter.error());
  return arguments.is_following ? follow(context, **client, from, *filter)
                                : show_entries(context, **client, from, *filter);
}

}  // namespace

Command log_tail_command(Context& context) {
  auto arguments = std::make_shared<TailArguments>();
  Command command;
  command.name = "tail";
  command.summary = "The newest entries of the coordination log";
  command.examples = {"onyxctl log tail", "onyxctl log tail -n 4 -f",
                      "onyxctl log tail --job clicks --since 10m",
                      "onyxctl log tail --from 400 --fn submit-job -o ndjson"};
  command.arguments = {
      {"-f,--follow", "", "Go on with new entries as they come", &arguments->is_following},
      {"--from", "N", "Start at entry N", &arguments->from},
      {"-n", "N", "Start with the newest N entries; 20", &arguments->last},
      {"--fn", "NAME", "Only commands of this name; may be repeated", &arguments->fns},
      {"--job", "JOB", "Only what is about this job or moved its peers, from the log's beginning",
       &arguments->job},
      {"--since", "TIME", "Only what is younger than that: 90s, 5m, 1h30m", &arguments->since},
  };
  command.run = [&context, arguments] { return tail(context, *arguments); };
  return command;
}

}  // namespace onyx::cli
