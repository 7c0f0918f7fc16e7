#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/job_file.h"
#include "cli/offline_check.h"
#include "cli/output/cluster_report.h"
#include "cli/output/job_report.h"
#include "cli/output/words.h"
#include "common/model/validation.h"

namespace onyx::cli {
namespace {

using edn::Value;
using View = api::SimulationView;

constexpr std::int64_t kPeersSimulatedMax = 1'000;

// A file that is to be submitted, until the daemon has judged it.
using Files = std::map<std::size_t, JobFile>;

Result<std::int32_t> count_in(const std::string& text) {
  std::int64_t count = 0;
  const bool is_number = !text.empty() && text.size() < 10 &&
                         text.find_first_not_of("0123456789") == std::string::npos;
  if (is_number) count = std::stoll(text);
  if (count >= 1 && count <= kPeersSimulatedMax) return static_cast<std::int32_t>(count);
  return failure(ErrorCode::invalid_argument,
                 fmt::format("found `{}` peers to add, wanted 1 to {}", text, kPeersSimulatedMax),
                 "CLI-03");
}

// The steps as they were typed; an exit code when one of them makes no sense.
tl::expected<std::vector<api::SimulationStep>, ExitCode> steps_of(Context& context,
                                                                  const OrderedFlags& typed,
                                                                  Files& files) {
  std::vector<api::SimulationStep> steps;
  for (const auto& [flag, text] : typed) {
    api::SimulationStep step;
    if (flag == "--add-peers") {
      const auto count = count_in(text);
      if (!count) return tl::unexpected(context.misuse(count.error()));
      step.add_peers = *count;
    } else if (flag == "--lose") {
      step.lose_group = text;
    } else {
      auto job = read_job_file(text, {}, context.terminal.in);
      if (!job) {
        const std::string_view source = job.error().text;
        return tl::unexpected(context.complain(
            job.error().refusal, [source](const edn::Diagnostic&) { return source; }));
      }
      if (const auto found = check_offline(*job, ""); model::has_errors(found)) {
        context.show(found, [&](const edn::Diagnostic& d) { return job->text_of(d); });
        return tl::unexpected(ExitCode::invalid);
      }
      step.submit = api::SimulationStep::NewJob{job->sent, job->functions};
      files.emplace(steps.size(), std::move(*job));
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

// --- for machines ---

Value value_of_job(const View::Job& job) {
  std::vector<Value> tasks;
  for (const View::Task& task : job.tasks) {
    tasks.push_back(fields_of({{"task", Value::string(task.name)},
                               {"before", Value::integer(task.before)},
                               {"after", Value::integer(task.after)}}));
  }
  return fields_of({{"job", value_of(job.job)},
                    {"before", job.before ? Value::string(word(*job.before)) : Value()},
                    {"after", Value::string(word(job.job.state))},
                    {"peers_before", Value::integer(job.peers_before)},
                    {"peers_after", Value::integer(job.peers_after)},
                    {"starts_over", Value::boolean(job.starts_over)},
                    {"tasks", Value::vector(std::move(tasks))},
                    {"reason", Value::string(job.reason)},
                    {"text", Value::string(job.text)}});
}

Value place_of(const std::optional<api::PeerView>& peer) {
  if (!peer || peer->job.empty()) return Value();
  return fields_of({{"job", Value::string(peer->job.text())},
                    {"task", Value::string(peer->task)},
                    {"slot", Value::integer(peer->slot)}});
}

std::string_view kind_of(const View::Move& move) {
  if (!move.before) return "comes";
  if (!move.after) return "leaves";
  return move.before->job.empty() ? "starts" : move.after->job.empty() ? "stops" : "moves";
}

Value value_of_move(const View::Move& move) {
  const api::PeerView& peer = move.before ? *move.before : *move.after;
  return fields_of({{"peer", Value::string(peer.id.text())},
                    {"group", Value::string(peer.group.text())},
                    {"host", text_value(peer.host)},
                    {"change", Value::string(kind_of(move))},
                    {"before", place_of(move.before)},
                    {"after", place_of(move.after)}});
}

Value counts(std::int32_t total, std::int32_t busy) {
  return fields_of({{"total", Value::integer(total)},
                    {"busy", Value::integer(busy)},
                    {"idle", Value::integer(total - busy)}});
}

Report report_of(const View& view) {
  std::vector<Value> steps;
  for (const std::string& step : view.steps) steps.push_back(Value::string(step));
  std::vector<Value> jobs;
  for (const View::Job& job : view.jobs) jobs.push_back(value_of_job(job));
  std::vector<Value> moves;
  for (const View::Move& move : view.moves) moves.push_back(value_of_move(move));
  Report report;
  report.kind = "Simulation";
  report.items = "jobs";
  report.fields = fields_of({
      {"position", Value::integer(view.as_of_position)},
      {"steps", Value::vector(std::move(steps))},
      {"peers", fields_of({{"before", counts(view.peers_before, view.busy_before)},
                           {"after", counts(view.peers_after, view.busy_after)}})},
      {"jobs", Value::vector(std::move(jobs))},
      {"moves", Value::vector(std::move(moves))},
  });
  for (const View::Job& job : view.jobs) report.names.push_back(job.job.id.text());
  return report;
}

// --- for people ---

std::string arrow(std::int32_t before, std::int32_t after) {
  return before == after ? std::to_string(after) : fmt::format("{} → {}", before, after);
}

std::string states_of(const View::Job& job) {
  const std::string after(word(job.job.state));
  if (!job.before) return "new → " + after;
  if (*job.before != job.job.state) return fmt::format("{} → {}", word(*job.before), after);
  return job.starts_over ? after + ", starts over" : after;
}

std::string tasks_of(const View::Job& job) {
  std::string text;
  for (const View::Task& task : job.tasks) {
    text += fmt::format("{}{} {}", text.empty() ? "" : " · ", task.name,
                        arrow(task.before, task.after));
  }
  return text;
}

// What the peers do, counted: "3 leave · 2 move".
std::string moves_of(const View& view) {
  std::map<std::string_view, int> found;
  for (const View::Move& move : view.moves) ++found[kind_of(move)];
  std::string text;
  constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"comes", "come"},
      {"leaves", "leave"},
      {"starts", "start working"},
      {"stops", "become idle"},
      {"moves", "move to another task"}};
  for (const auto& [kind, words] : kWords) {
    if (found[kind] == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : " · ", found[kind], words);
  }
  return text.empty() ? "nobody moves" : text;
}

std::string text_of(const Context& context, const View& view) {
  const bool is_terminal = context.terminal.is_out_terminal;
  const Paint paint = context.out_paint();
  std::string text =
      paint.bold(fmt::format("as of entry {}", view.as_of_position)) + "   nothing is changed\n";
  for (std::size_t i = 0; i < view.steps.size(); ++i)
    text += fmt::format("  {}  {}\n", i + 1, view.steps[i]);
  text +=
      fmt::format("  peers  {}   {} busy · {} idle\n", arrow(view.peers_before, view.peers_after),
                  arrow(view.busy_before, view.busy_after),
                  arrow(view.peers_before - view.busy_before, view.peers_after - view.busy_after));
  text += "  moves  " + moves_of(view) + "\n";
  if (view.jobs.empty()) return text + "  no jobs\n";
  Table table;
  table.columns = {{"job"}, {"state"}, {"peers", true}, {"tasks"}};
  for (const View::Job& job : view.jobs) {
    table.rows.push_back({label_of(job.job), states_of(job),
                          arrow(job.peers_before, job.peers_after), tasks_of(job)});
  }
  text += "\n" + (is_terminal ? table.aligned(false, paint) : table.tab_separated(false));
  for (const View::Job& job : view.jobs) {
    const bool is_waiting = job.job.state == api::JobState::waiting;
    const bool has_ended = api::is_ended(job.job.state);
    if (is_waiting || has_ended) text += fmt::format("\n{}\n  {}\n", label_of(job.job), job.text);
  }
  return text;
}

ExitCode simulate(Context& context, const OrderedFlags& typed) {
  if (typed.empty()) {
    return context.misuse(Error(ErrorCode::invalid_argument,
                                "`onyxctl cluster simulate` wants something to suppose: "
                                "--add-peers N, --lose GROUP or --submit FILE",
                                "CLI-03"));
  }
  Files files;
  const auto steps = steps_of(context, typed, files);
  if (!steps) return steps.error();
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  const auto view = (*client)->simulate(*steps);
  if (!view) {
    api::Refusal refusal = view.error();
    // The only file, or else no carets: the daemon does not say which step it means.
    if (files.size() != 1) return context.complain(refusal);
    const JobFile& job = files.begin()->second;
    refusal.diagnostics = job.original(std::move(refusal.diagnostics));
    return context.complain(refusal, [&](const edn::Diagnostic& d) { return job.text_of(d); });
  }
  Report report = report_of(*view);
  report.text = text_of(context, *view);
  return context.emit(report);
}

}  // namespace

Command cluster_simulate_command(Context& context) {
  auto steps = std::make_shared<OrderedFlags>();
  Command command;
  command.name = "simulate";
  command.summary = "What would become of jobs and peers; changes nothing";
  command.examples = {"onyxctl cluster simulate --lose host-b",
                      "onyxctl cluster simulate --add-peers 4 --submit job.edn",
                      "onyxctl cluster simulate --lose b3a1 --add-peers 2 -o json"};
  command.arguments = {
      {"--add-peers", "N", "As `onyxctl peer add N` at the daemon that is asked", steps.get()},
      {"--lose", "GROUP", "The group is gone: id, prefix or host", steps.get()},
      {"--submit", "FILE", "A job is submitted; - reads stdin", steps.get()},
  };
  command.run = [&context, steps] { return simulate(context, *steps); };
  return command;
}

}  // namespace onyx::cli
