#include "daemon/coordination/change_lines.h"

#include <fmt/format.h>

#include <utility>

#include "common/base/cases.h"
#include "daemon/replica/queries.h"

namespace onyx::coordination {

namespace {

// Nobody's words may begin a line of their own, or end the quotes.
std::string in_quotes(std::string_view words) {
  std::string text = "\"";
  for (const char c : words) {
    if (c == '"' || c == '\\') text += '\\';
    text += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return text + '"';
}

// Whose doing it was, for a killed or restarted job.
struct Cause {
  std::string reason;
  std::string by;
};

Cause cause_of(const Command& command) {
  if (const auto* kill = std::get_if<KillJob>(&command)) return {kill->reason, kill->by};
  if (const auto* restart = std::get_if<RestartJob>(&command))
    return {restart->reason, restart->by};
  return {};
}

std::string words_of(const Cause& cause) {
  std::string text;
  if (!cause.reason.empty()) text += " reason=" + in_quotes(cause.reason);
  if (!cause.by.empty()) text += " by=" + in_quotes(cause.by);
  return text;
}

std::string peers_words(std::size_t count) {
  return fmt::format("{} peer{}", count, count == 1 ? "" : "s");
}

bool has_gone_itself(const LogEntry& entry, const GroupLeft& left) {
  return entry.writer.empty() || entry.writer == left.group;
}

// Why the allocation of a job that the entry does not name became another.
std::string why_moved(const LogEntry& entry, const Diff& diff) {
  return std::visit(
      Cases{
          [](const GroupJoined& c) { return "group " + c.group.text() + " joined"; },
          [&](const GroupLeft& c) {
            return "group " + c.group.text() +
                   (has_gone_itself(entry, c) ? " left" : " was evicted");
          },
          [](const GroupDrained& c) { return "group " + c.group.text() + " was drained"; },
          [](const PeersAdded& c) {
            return peers_words(c.peers.size()) + " of group " + c.group.text() + " came";
          },
          [](const PeerLeft& c) { return "peer " + c.peer.text() + " left"; },
          [](const JobSubmitted& c) { return "job " + c.job.text() + " was submitted"; },
          [](const JobRestarted& c) { return "job " + c.job.text() + " starts over"; },
          [](const JobEnded& c) { return "job " + c.job.text() + " ended"; },
          [](const auto&) { return std::string(); },
      },
      diff.change);
}

ChangeLine killed_line(const LogEntry& entry, const JobId& job, const replica::Replica& after) {
  Cause cause = cause_of(entry.command);
  const replica::FinishedJob* finished = after.finished.find(job);
  if (finished != nullptr) cause = {finished->reason, finished->by};
  const bool is_asked_for = cause.by == "client";
  return {"job killed job=" + job.text() + words_of(cause), !is_asked_for};
}

ChangeLine job_line(const LogEntry& entry, const Diff& diff, const JobChange& job,
                    const replica::Replica& after) {
  const std::string id = " job=" + job.job.text();
  if (job.ended == replica::JobState::completed) return {"job completed" + id};
  if (job.ended.has_value()) return killed_line(entry, job.job, after);
  const auto* submitted = std::get_if<JobSubmitted>(&diff.change);
  const auto* restarted = std::get_if<JobRestarted>(&diff.change);
  const bool is_subject = (submitted != nullptr && submitted->job == job.job) ||
                          (restarted != nullptr && restarted->job == job.job);
  const auto* left = std::get_if<GroupLeft>(&diff.change);
  const bool is_fault = job.had_peers && (restarted != nullptr ||
                                          (left != nullptr && !has_gone_itself(entry, *left)));
  std::string reason = is_subject ? words_of(cause_of(entry.command)) : std::string();
  if (!is_subject) {
    const std::string words = why_moved(entry, diff);
    if (!words.empty()) reason = " why=" + in_quotes(words);
  }
  if (!job.has_peers) return {"job waits for peers" + id + reason, is_fault};
  const replica::Job* now = replica::find_job(after, job.job);
  const std::string allocation =
      now == nullptr ? std::string()
                     : fmt::format(" version={} peers={}", job.after, replica::peers_of(*now));
  return {(job.had_peers ? "job starts over" : "job starts") + id + allocation + reason, is_fault};
}

std::vector<ChangeLine> lines_of(const LogEntry& entry, const Diff& diff,
                                 const replica::Replica& after) {
  using Lines = std::vector<ChangeLine>;
  return std::visit(
      Cases{
          [](const Rejected& c) {
            Lines lines;
            if (c.refusal == Refusal::senseless)
              lines.push_back(
                  {"entry not understood, nobody does anything about it why=" + in_quotes(c.why),
                   true});
            return lines;
          },
          [](const JoinPrepared& c) {
            const std::string group = " group=" + c.joiner.text();
            return c.observer.has_value()
                       ? Lines{{"group joins" + group + " observer=" + c.observer->text()}}
                       : Lines{{"group has to wait, nobody is free to bring it in" + group}};
          },
          [](const GroupJoined& c) {
            return Lines{
                {fmt::format("group joined group={} peers={}", c.group.text(), c.peers.size())}};
          },
          [](const JoinAborted& c) {
            return Lines{{fmt::format("group has not come in and tries again group={} failures={}",
                                      c.joiner.text(), c.failures)}};
          },
          [&](const GroupLeft& c) {
            std::string aborted;
            for (const GroupId& joiner : c.aborted_joiners)
              aborted += (aborted.empty() ? " aborted=" : ",") + joiner.text();
            const std::string what =
                fmt::format(" group={} peers={}{}", c.group.text(), c.peers.size(), aborted);
            return has_gone_itself(entry, c) ? Lines{{"group left" + what}}
                                             : Lines{{"group evicted, its pulse is gone" + what +
                                                          " by=" + entry.writer.text(),
                                                      true}};
          },
          [&](const GroupDrained& c) {
            return Lines{{fmt::format("group drained{} group={} peers={} by={}",
                                      c.stop ? ", its daemon ends" : "", c.group.text(),
                                      c.peers.size(), entry.writer.text())}};
          },
          [](const GroupUndrained& c) {
            return Lines{{fmt::format("group not drained any more group={} peers={}",
                                      c.group.text(), c.peers)}};
          },
          [](const PeersAdded& c) {
            return Lines{
                {fmt::format("peers {} group={} peers={}",
                             c.schedulable ? "added" : "announced, they wait for their group",
                             c.group.text(), c.peers.size())}};
          },
          [&](const PeerLeft& c) {
            const auto* leave = std::get_if<LeaveCluster>(&entry.command);
            return Lines{{fmt::format("peer left peer={} group={}{}", c.peer.text(), c.group.text(),
                                      leave == nullptr || leave->reason.empty()
                                          ? ""
                                          : " reason=" + in_quotes(leave->reason))}};
          },
          [&](const JobSubmitted& c) {
            const replica::Job* job = replica::find_job(after, c.job);
            return Lines{{fmt::format("job submitted job={}{}", c.job.text(),
                                      job == nullptr || job->spec->name.empty()
                                          ? ""
                                          : " name=" + in_quotes(job->spec->name))}};
          },
          [](const Collected& c) {
            return Lines{{fmt::format("log collected jobs={} forgotten={} gc={}", c.jobs.size(),
                                      c.forgotten.size(), c.id)}};
          },
          // Said of the jobs, or steps on the way.
          [](const auto&) { return Lines{}; },
      },
      diff.change);
}

}  // namespace

std::vector<ChangeLine> change_lines(const LogEntry& entry, const Diff& diff,
                                     const replica::Replica& after) {
  std::vector<ChangeLine> lines = lines_of(entry, diff, after);
  if (diff.rejected() == nullptr) {
    for (const JobChange& job : diff.jobs) lines.push_back(job_line(entry, diff, job, after));
  }
  for (ChangeLine& line : lines) line.text += fmt::format(" position={}", entry.position);
  return lines;
}

}  // namespace onyx::coordination
