#include "daemon/query/start_words.h"

#include <fmt/format.h>

#include <map>

#include "daemon/query/entry_words.h"
#include "daemon/replica/queries.h"

namespace onyx::query {

namespace {

// Peers of the job, by the group they belong to.
std::map<GroupId, std::int64_t> peers_by_group(const replica::Replica& replica,
                                               const replica::Job& job) {
  std::map<GroupId, std::int64_t> peers;
  for (const auto& seats : job.seats) {
    for (const PeerId& peer : seats) ++peers[replica::group_of(replica, peer).value_or(GroupId())];
  }
  return peers;
}

}  // namespace

std::string_view words_of_phase(std::string_view phase) {
  if (phase == "lifecycle/compiling") return "is being prepared";
  if (phase == "lifecycle/start-task?") return "waits for its :lifecycle/start-task? hook";
  if (phase == "lifecycle/before-task-start") return "runs its :lifecycle/before-task-start hook";
  if (phase == "lifecycle/initializing") return "opens its plugin";
  if (phase == "lifecycle/poll-recover") return "waits for the first barrier";
  if (phase == "lifecycle/recover-input" || phase == "lifecycle/recover-output")
    return "waits for its plugin";
  return "passes on the first barrier";
}

std::optional<std::string> starting_text(const replica::Replica& replica, const replica::Job& job,
                                         const runtime::HeardReports& heard) {
  const auto of_job = heard.of.find(job.id);
  const auto silent = heard.silent.find(job.id);
  std::int64_t all = 0;
  std::int64_t starting = 0;
  std::string waits;
  for (const auto& [group, peers] : peers_by_group(replica, job)) {
    all += peers;
    const runtime::JobReport* report = nullptr;
    if (of_job != heard.of.end()) {
      const auto found = of_job->second.find(group);
      if (found != of_job->second.end() && found->second.version == job.version)
        report = &found->second;
    }
    if (report == nullptr) {
      const bool is_silent = silent != heard.silent.end() && silent->second.contains(group);
      starting += peers;
      waits += fmt::format("; group {} {}", short_id(group.text()),
                           is_silent ? "has not answered" : "has not begun");
      continue;
    }
    for (const runtime::TaskProgress& task : report->tasks) {
      if (task.starting == 0) continue;
      starting += task.starting;
      waits += fmt::format("; task {} {}", task.task.text(), words_of_phase(task.starting_in));
    }
  }
  if (starting == 0) return std::nullopt;
  return fmt::format("is starting: {} of {} peers run{}", all - starting, all, waits);
}

}  // namespace onyx::query
