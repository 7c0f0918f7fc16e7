#include "daemon/query/entry_words.h"

#include <fmt/format.h>

#include "common/base/cases.h"
#include "daemon/replica/queries.h"

namespace onyx::query {

namespace {

using namespace coordination;

std::string job_words(const JobId& id, const replica::Replica& after) {
  std::string name;
  if (const replica::Job* job = replica::find_job(after, id)) {
    name = job->spec->name;
  } else if (const replica::FinishedJob* finished = after.finished.find(id)) {
    name = finished->name;
  }
  return name.empty() ? "job " + short_id(id.text())
                      : fmt::format("job {} {}", short_id(id.text()), name);
}

std::string group_words(const GroupId& id) { return "group " + short_id(id.text()); }

std::string count_words(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string change_words(const Change& change) {
  return std::visit(
      Cases{
          [](const Unchanged&) { return std::string("nothing changed"); },
          [](const Rejected& c) { return "rejected: " + c.why; },
          [](const JoinPrepared& c) {
            return c.observer.has_value() ? group_words(*c.observer) + " brings it in"
                                          : std::string("nobody is free to bring it in");
          },
          [](const JoinAccepted& c) { return "it will watch " + group_words(c.subject); },
          [](const GroupJoined& c) { return "joined with " + count_words(c.peers.size(), "peer"); },
          [](const JoinAborted& c) { return fmt::format("join failed, {} in a row", c.failures); },
          [](const GroupLeft& c) {
            return "left, " + count_words(c.peers.size(), "peer") + " gone";
          },
          [](const GroupDrained& c) {
            return "drained, " + count_words(c.peers.size(), "peer") + " gone" +
                   (c.stop ? ", its daemon ends" : "");
          },
          [](const GroupUndrained& c) {
            return fmt::format("brings {} back",
                               count_words(static_cast<std::size_t>(c.peers), "peer"));
          },
          [](const PeersAdded& c) {
            return fmt::format("+{}{}", count_words(c.peers.size(), "peer"),
                               c.schedulable ? "" : ", waiting for their group");
          },
          [](const PeerLeft&) { return std::string("-1 peer"); },
          [](const JobSubmitted&) { return std::string("accepted"); },
          [](const JobRestarted& c) { return fmt::format("starts over, failure {}", c.failures); },
          [](const JobEnded&) { return std::string("ended"); },
          [](const Collected& c) {
            return count_words(c.jobs.size(), "finished job") + " collected";
          },
          [](const ReplicaReplaced&) { return std::string("replica replaced"); },
      },
      change);
}

}  // namespace

std::string short_id(const std::string& id) { return id.substr(0, 8); }

std::string subject_of(const LogEntry& entry, const replica::Replica& after) {
  return std::visit(Cases{
                        [](const PrepareJoinCluster& c) { return group_words(c.joiner); },
                        [](const NotifyJoinCluster& c) { return group_words(c.joiner); },
                        [](const AcceptJoinCluster& c) { return group_words(c.accepted_joiner); },
                        [](const AbortJoinCluster& c) { return group_words(c.joiner); },
                        [](const GroupLeaveCluster& c) { return group_words(c.group); },
                        [](const DrainGroup& c) { return group_words(c.group); },
                        [](const UndrainGroup& c) { return group_words(c.group); },
                        [](const AddVirtualPeers& c) {
                          return fmt::format("{} of {}", count_words(c.peers.size(), "peer"),
                                             group_words(c.group));
                        },
                        [](const LeaveCluster& c) { return "peer " + short_id(c.peer.text()); },
                        [&](const SubmitJob& c) { return job_words(c.job, after); },
                        [&](const KillJob& c) { return job_words(c.job, after); },
                        [&](const CompleteJob& c) { return job_words(c.job, after); },
                        [&](const RestartJob& c) { return job_words(c.job, after); },
                        [](const Gc&) { return std::string(); },
                        [](const SetReplica&) { return std::string(); },
                        [](const Senseless&) { return std::string("not understood"); },
                    },
                    entry.command);
}

std::string effect_of(const Diff& diff, const replica::Replica& after) {
  std::string words = change_words(diff.change);
  if (diff.rejected() != nullptr) return words;
  for (const JobChange& job : diff.jobs) {
    std::string what;
    if (job.ended.has_value()) {
      what = *job.ended == replica::JobState::completed ? "completed" : "killed";
    } else if (job.has_peers) {
      what = job.had_peers ? "reallocated" : "running";
    } else {
      what = job.had_peers ? "starved" : "waiting";
    }
    words += fmt::format(", {} {}", job_words(job.job, after), what);
  }
  if (!diff.moves.empty())
    words += fmt::format(", {} moved", count_words(diff.moves.size(), "peer"));
  return words;
}

}  // namespace onyx::query
