// A coordination log in memory and the replica it folds to, for tests: every entry passes through its stored form, every
// step is checked against the invariants, and each entry is seen by whoever asks.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/coordination/entry_edn.h"
#include "daemon/coordination/transition.h"
#include "daemon/replica/invariants.h"
#include "daemon/replica/queries.h"
#include "daemon/replica/replica.h"

namespace onyx::test {

inline replica::TaskSpec task(std::string id, std::int64_t min = 1,
                              std::optional<std::int64_t> max = std::nullopt) {
  return {.id = TaskId(std::move(id)), .min_peers = min, .max_peers = max};
}

// A chain of tasks: the first is an input, the last an output.
inline replica::JobSpec chain(std::vector<replica::TaskSpec> tasks) {
  replica::JobSpec spec;
  spec.tasks = std::move(tasks);
  for (std::size_t i = 0; i + 1 < spec.tasks.size(); ++i) {
    spec.tasks[i].egress = {spec.tasks[i + 1].id};
  }
  spec.tasks.back().kind = replica::TaskKind::output;
  spec.tasks.front().kind = replica::TaskKind::input;
  return spec;
}

inline coordination::SubmitJob submit(std::string id, replica::JobSpec spec) {
  return {JobId(std::move(id)), std::make_shared<const replica::JobSpec>(std::move(spec))};
}

inline coordination::AddVirtualPeers add_peers(std::string group, std::vector<std::string> ids,
                                               std::vector<std::string> tags = {},
                                               std::string site = {}) {
  coordination::AddVirtualPeers add{
      .group = GroupId(std::move(group)), .site = std::move(site), .tags = std::move(tags)};
  for (std::string& id : ids) add.peers.emplace_back(std::move(id));
  return add;
}

class ClusterLog {
 public:
  ClusterLog() = default;
  explicit ClusterLog(const replica::Parameters& parameters)
      : replica_(replica::base_replica(parameters)) {}
  explicit ClusterLog(replica::Replica replica) : replica_(std::move(replica)) {}

  // A cluster of one group with peers p01 … pNN.
  static ClusterLog with_peers(int count, replica::Parameters parameters = {}) {
    ClusterLog log(parameters);
    log.append(coordination::PrepareJoinCluster{GroupId("g"), std::nullopt});
    std::vector<std::string> ids;
    for (int i = 1; i <= count; ++i) ids.push_back(fmt::format("p{:02}", i));
    if (count > 0) log.append(add_peers("g", ids));
    return log;
  }

  // What comes from now on is so much later.
  void wait(std::int64_t ms) { now_ms_ += ms; }

  // Appends and applies. `writer` and its sequence number are as given; none when empty.
  const coordination::Diff& append(coordination::Command command, std::string writer = {},
                                   std::int64_t seq = 0) {
    const coordination::Draft draft{std::move(command), "test", std::nullopt};
    const std::string stored = coordination::encode(draft, GroupId(std::move(writer)), seq);
    return apply(coordination::decode(stored, next_position(), now_ms_));
  }

  const coordination::Diff& apply(coordination::LogEntry entry) {
    const replica::Replica before = replica_;
    auto applied = coordination::apply(std::move(replica_), entry);
    replica_ = std::move(applied.replica);
    diff_ = std::move(applied.diff);
    for (auto& v : replica::violations(replica_)) violations_.push_back(std::move(v));
    for (auto& v : replica::violations_between(before, replica_)) {
      violations_.push_back(std::move(v));
    }
    entries_.push_back(std::move(entry));
    return diff_;
  }

  coordination::Response respond(const std::string& group, std::set<GroupId> watching = {}) const {
    return coordination::respond(entries_.back(), replica_, diff_,
                                 {GroupId(group), std::move(watching)});
  }

  const replica::Replica& replica() const { return replica_; }
  const coordination::Diff& diff() const { return diff_; }
  const std::vector<coordination::LogEntry>& entries() const { return entries_; }
  Position next_position() const { return replica_.version + 1; }
  // What did not hold after some entry; empty is right.
  std::string violations() const { return replica::to_text(violations_); }

  const replica::Job& job(const std::string& id) const {
    return *replica::find_job(replica_, JobId(id));
  }
  // "a:p01,p02 b:p03": who works on what.
  std::string allocation(const std::string& id) const {
    const replica::Job* job = replica::find_job(replica_, JobId(id));
    if (job == nullptr) return "gone";
    std::string text;
    for (std::size_t t = 0; t < job->seats.size(); ++t) {
      text += (text.empty() ? "" : " ") + job->spec->tasks[t].id.text() + ":";
      for (std::size_t s = 0; s < job->seats[t].size(); ++s) {
        text += (s == 0 ? "" : ",") + job->seats[t][s].text();
      }
    }
    return text;
  }

 private:
  std::int64_t now_ms_ = 1'700'000'000'000;
  replica::Replica replica_;
  coordination::Diff diff_;
  std::vector<coordination::LogEntry> entries_;
  std::vector<replica::Violation> violations_;
};

}  // namespace onyx::test
