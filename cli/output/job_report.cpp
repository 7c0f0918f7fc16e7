#include "cli/output/job_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/output/words.h"
#include "common/edn/printer.h"

namespace onyx::cli {
namespace {

using edn::Value;

Value number(std::int64_t n) { return Value::integer(n); }
Value counter(std::uint64_t n) { return Value::integer(static_cast<std::int64_t>(n)); }

Value value_of_task(const api::TaskView& task, bool are_numbers_lost) {
  const auto count = [&](std::uint64_t n) { return are_numbers_lost ? Value() : counter(n); };
  std::vector<Value> sites;
  for (const GroupId& site : task.sites) sites.push_back(Value::string(site.text()));
  return fields_of({
      {"name", Value::string(task.name)},
      {"type", text_value(task.type)},
      {"peers", number(task.peers)},
      {"min_peers", number(task.min_peers)},
      {"max_peers", task.max_peers == 0 ? Value() : number(task.max_peers)},
      {"groups", Value::vector(std::move(sites))},
      {"segments_in", count(task.segments_in)},
      {"segments_out", count(task.segments_out)},
      {"dropped", count(task.dropped)},
      {"bad_lines", count(task.bad_lines)},
      {"progress", task.progress ? Value::real(*task.progress) : Value()},
      {"busy_ns", count(task.busy_ns)},
      {"backpressured_ns", count(task.backpressured_ns)},
  });
}

// A screen shows so many; -o json has them all.
constexpr std::size_t kShownMax = 8;

// "in 1 · count 2 (wants :gpu, which 0 peers have) · and 9,998 more tasks": those with a note first.
std::string tasks_of(const std::vector<api::WhyView::Need>& needs) {
  std::vector<const api::WhyView::Need*> shown;
  for (const api::WhyView::Need& need : needs) shown.push_back(&need);
  if (needs.size() > kShownMax) {
    std::stable_partition(shown.begin(), shown.end(),
                          [](const api::WhyView::Need* need) { return !need->note.empty(); });
    shown.resize(kShownMax);
  }
  std::string out;
  for (const api::WhyView::Need* need : shown) {
    out += fmt::format("{}{} {}", out.empty() ? "" : " · ", need->task, need->min_peers);
    if (!need->note.empty()) out += " (" + need->note + ")";
  }
  if (needs.size() > shown.size()) {
    out += fmt::format(" · and {} more tasks", thousands(needs.size() - shown.size()));
  }
  return out;
}

std::uint64_t total(const api::JobView& view, std::uint64_t api::TaskView::*field) {
  std::uint64_t sum = 0;
  for (const api::TaskView& task : view.tasks) sum += task.*field;
  return sum;
}

}  // namespace

Value value_of(const std::vector<GroupId>& groups) {
  std::vector<Value> ids;
  for (const GroupId& group : groups) ids.push_back(Value::string(group.text()));
  return Value::vector(std::move(ids));
}

Value value_of(const api::JobRef& ref) {
  return fields_of({{"id", Value::string(ref.id.text())},
                    {"name", text_value(ref.name)},
                    {"state", Value::string(word(ref.state))}});
}

Value value_of(const api::JobView& view) {
  std::vector<Value> tasks;
  for (const api::TaskView& task : view.tasks)
    tasks.push_back(value_of_task(task, view.numbers_lost));
  return fields_of({
      {"id", Value::string(view.ref.id.text())},
      {"name", text_value(view.ref.name)},
      {"state", Value::string(word(view.ref.state))},
      {"reason", text_value(view.reason)},
      {"exception", read_or_text(view.exception_edn)},
      {"submitted", time_value(view.submitted_ms)},
      {"started", time_value(view.started_ms)},
      {"ended", time_value(view.ended_ms)},
      {"position", number(view.position)},
      {"version", number(view.version)},
      {"restarts", number(view.restarts)},
      {"task_scheduler", text_value(view.task_scheduler)},
      {"tasks", Value::vector(std::move(tasks))},
      {"silent_groups", value_of(view.silent_groups)},
      {"numbers_lost", Value::boolean(view.numbers_lost)},
      {"as_of_position", number(view.as_of_position)},
      {"as_of", time_value(view.as_of_ms)},
  });
}

Value value_of(const api::WhyView& view) {
  std::vector<Value> needs;
  for (const api::WhyView::Need& need : view.needs) {
    needs.push_back(fields_of({{"task", Value::string(need.task)},
                               {"min_peers", number(need.min_peers)},
                               {"note", text_value(need.note)}}));
  }
  std::vector<Value> holders;
  for (const api::WhyView::Holder& holder : view.holders) {
    holders.push_back(fields_of({{"job", value_of(holder.job)},
                                 {"peers", number(holder.peers)},
                                 {"min_peers", number(holder.min_peers)}}));
  }
  std::vector<Value> unblock;
  for (const std::string& deed : view.unblock) unblock.push_back(Value::string(deed));
  return fields_of({
      {"job", value_of(view.job)},
      {"reason", text_value(view.reason)},
      {"text", text_value(view.text)},
      {"peers_needed", number(view.peers_needed)},
      {"peers_total", number(view.peers_total)},
      {"peers_free", number(view.peers_free)},
      {"needs", Value::vector(std::move(needs))},
      {"holders", Value::vector(std::move(holders))},
      {"unblock", Value::vector(std::move(unblock))},
  });
}

std::string label_of(const api::JobRef& ref) {
  const std::string id = short_id(ref.id.text());
  return ref.name.empty() ? id : ref.name + " " + id;
}

Cell state_cell(api::JobState state) {
  const std::string text(word(state));
  switch (state) {
    case api::JobState::running:
      return {text, &Paint::cyan};
    case api::JobState::completed:
      return {text, &Paint::green};
    case api::JobState::killed:
      return {text, &Paint::red};
    default:
      return {text, &Paint::yellow};
  }
}

std::uint64_t segments_in(const api::JobView& view) {
  std::uint64_t sum = 0;
  for (const api::TaskView& task : view.tasks) {
    if (task.type == "input") sum += task.segments_out;
  }
  return sum;
}

std::uint64_t segments_out(const api::JobView& view) {
  std::uint64_t sum = 0;
  for (const api::TaskView& task : view.tasks) {
    if (task.type == "output") sum += task.segments_out;
  }
  return sum;
}

std::int32_t peers_of(const api::JobView& view) {
  std::int32_t sum = 0;
  for (const api::TaskView& task : view.tasks) sum += task.peers;
  return sum;
}

std::string outcome_of(const api::JobView& view) {
  const std::int64_t begin = view.started_ms != 0 ? view.started_ms : view.submitted_ms;
  const std::string took =
      begin == 0 || view.ended_ms == 0 ? "" : span_of_time(view.ended_ms - begin);
  if (view.ref.state == api::JobState::killed) {
    std::string text = took.empty() ? "killed" : "killed after " + took;
    return view.reason.empty() ? text : text + ": " + view.reason;
  }
  std::string text(word(view.ref.state));
  if (!took.empty()) text += " in " + took;
  if (view.numbers_lost) return text + " · its numbers went with a daemon that has stopped";
  text +=
      fmt::format(" · {} in · {} out", thousands(segments_in(view)), thousands(segments_out(view)));
  if (const auto dropped = total(view, &api::TaskView::dropped); dropped > 0) {
    text += fmt::format(" · {} dropped", thousands(dropped));
  }
  if (const auto bad = total(view, &api::TaskView::bad_lines); bad > 0) {
    text += fmt::format(" · {} bad lines", thousands(bad));
  }
  if (view.restarts > 0) text += " · restarted " + count_of(view.restarts, "time");
  return text;
}

std::string exception_lines(const api::JobView& view, const Paint& paint) {
  if (view.exception_edn.empty()) return "";
  const Value exception = read_or_text(view.exception_edn);
  if (!exception.is_map()) return "exception  " + view.exception_edn + "\n";
  std::string out;
  if (const Value& message = exception.get("message"); message.is_string()) {
    out += "exception  " + paint.red(message.as_string()) + "\n";
  }
  if (const Value& data = exception.get("data"); data.is_map() && data.count() > 0) {
    out += "data       " + edn::print(data) + "\n";
  }
  return out;
}

std::string need_lines(const api::WhyView& why, const Paint& paint) {
  std::string out;
  if (!why.needs.empty()) {
    out +=
        fmt::format("  needs {}   {}\n", count_of(why.peers_needed, "peer"), tasks_of(why.needs));
  }
  out += fmt::format("  free  {} of {}", why.peers_free, why.peers_total);
  for (std::size_t i = 0; i < std::min(kShownMax, why.holders.size()); ++i) {
    const api::WhyView::Holder& holder = why.holders[i];
    out += fmt::format("   {} held by {}{}", holder.peers, label_of(holder.job),
                       holder.peers <= holder.min_peers ? " (its minimum)" : "");
  }
  if (why.holders.size() > kShownMax) {
    std::int64_t rest = 0;
    for (std::size_t i = kShownMax; i < why.holders.size(); ++i) rest += why.holders[i].peers;
    out += fmt::format("   {} held by {} more jobs", rest, why.holders.size() - kShownMax);
  }
  out += "\n";
  bool is_first = true;
  for (const std::string& deed : why.unblock) {
    out += (is_first ? "  unblock with    " : "               or  ") + paint.bold(deed) + "\n";
    is_first = false;
  }
  return out;
}

}  // namespace onyx::cli
