#include "cli/output/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/output/job_report.h"
#include "cli/output/words.h"

namespace onyx::cli {
namespace {

using namespace std::chrono_literals;

constexpr int kBarWidth = 22;

std::string bar(double share) {
  static const char* const kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const int eighths = static_cast<int>(std::floor(std::clamp(share, 0.0, 1.0) * kBarWidth * 8));
  std::string out;
  for (int i = 0; i < eighths / 8; ++i) out += "█";
  out += kEighths[eighths % 8];
  const std::size_t width = width_of(out);
  return out +
         std::string(static_cast<std::size_t>(kBarWidth) - std::min<std::size_t>(width, kBarWidth),
                     ' ');
}

std::string state_line(const api::JobView& view) {
  std::string line = fmt::format("{}  {}", label_of(view.ref), word(view.ref.state));
  if (view.ref.state == api::JobState::running && view.restarts > 0) {
    line += fmt::format("  restarted {}", count_of(view.restarts, "time"));
  }
  if (view.ref.state == api::JobState::waiting && !view.reason.empty()) line += "  " + view.reason;
  return line;
}

}  // namespace

Progress::Progress(Context& context) : context_(context) {}

Progress::~Progress() { clear(); }

void Progress::clear() {
  if (lines_ == 0) return;
  context_.terminal.err << fmt::format("\x1b[{}A\x1b[J", lines_);
  context_.terminal.err.flush();
  lines_ = 0;
}

void Progress::show(const api::JobView& view) {
  if (context_.options.is_quiet || api::is_ended(view.ref.state)) return;
  if (!context_.terminal.is_err_terminal) {
    const std::string line = state_line(view);
    if (line != last_line_) context_.say(line);
    last_line_ = line;
    return;
  }
  const Instant now = context_.terminal.clock.monotonic();
  measure(view, now);
  if (lines_ > 0 && now - drawn_ < 100ms) return;
  drawn_ = now;
  const std::string text = block(view);
  clear();
  context_.terminal.err << text;
  context_.terminal.err.flush();
  lines_ = static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

void Progress::measure(const api::JobView& view, Instant now) {
  if (measured_ != Instant{} && now - measured_ < 200ms) return;
  const double seconds = std::chrono::duration<double>(now - measured_).count();
  for (const api::TaskView& task : view.tasks) {
    Seen& seen = seen_[task.name];
    const auto grown = [&](std::uint64_t to, std::uint64_t from) {
      return measured_ == Instant{} || to < from ? 0.0 : static_cast<double>(to - from) / seconds;
    };
    seen.in_rate = grown(task.segments_in, seen.in);
    seen.out_rate = grown(task.segments_out, seen.out);
    seen.busy = grown(task.busy_ns, seen.busy_ns) / 1e9 / std::max(1, task.peers);
    seen.in = task.segments_in;
    seen.out = task.segments_out;
    seen.busy_ns = task.busy_ns;
  }
  measured_ = now;
}

std::string Progress::block(const api::JobView& view) const {
  const Paint paint = context_.err_paint();
  std::string out = paint.bold(state_line(view));
  if (view.started_ms != 0) {
    out += "  " + clock_face(context_.terminal.clock.wall_ms() - view.started_ms);
  }
  out += "\n";
  std::size_t width = 0;
  for (const api::TaskView& task : view.tasks) width = std::max(width, width_of(task.name));
  for (const api::TaskView& task : view.tasks) {
    if (view.ref.state != api::JobState::running) break;
    const auto seen = seen_.find(task.name);
    const Seen none;
    const Seen& now = seen == seen_.end() ? none : seen->second;
    const double shown = task.type == "input" ? now.out_rate : now.in_rate;
    const std::string middle =
        task.progress ? bar(*task.progress) + fmt::format(" {:>4}", percent(*task.progress))
                      : fmt::format("{:<{}}", count_of(task.peers, "peer"), kBarWidth + 5);
    out += fmt::format("  {}{}  {}  {:>9}   busy {}\n", task.name,
                       std::string(width - width_of(task.name), ' '), middle, rate(shown),
                       percent(std::min(1.0, now.busy)));
  }
  return out;
}

}  // namespace onyx::cli
