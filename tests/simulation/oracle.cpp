#include "tests/simulation/oracle.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/edn/printer.h"
#include "common/edn/reader.h"
#include "daemon/replica/invariants.h"
#include "daemon/replica/queries.h"
#include "daemon/replica/replica_edn.h"
#include "daemon/scheduling/reallocate.h"
#include "tests/simulation/percentages.h"

namespace onyx::simulation {

using coordination::Diff;
using coordination::LogEntry;
using coordination::Refusal;
using replica::FluxPolicy;
using replica::Job;
using replica::Replica;

namespace {

template <class... Args>
void require(bool holds, const char* invariant, fmt::format_string<Args...> format,
             Args&&... args) {
  if (!holds) throw Violation{invariant, fmt::format(format, std::forward<Args>(args)...)};
}

void require_none(const std::vector<replica::Violation>& violations, const LogEntry& entry) {
  if (violations.empty()) return;
  throw Violation{violations.front().rule + " " + violations.front().invariant,
                  fmt::format("after entry {} {}: {}", entry.position,
                              coordination::name_of(entry.command), violations.front().found)};
}

std::int64_t at_task(const Job& job, std::size_t task) {
  return static_cast<std::int64_t>(job.seats[task].size());
}

// Peers before that are still in the cluster.
std::int64_t remaining(const Job& job, std::size_t task, const Replica& after) {
  return std::count_if(job.seats[task].begin(), job.seats[task].end(),
                       [&](const PeerId& peer) { return after.peers.contains(peer); });
}

std::int64_t moves_of(const Diff& diff) {
  std::int64_t count = 0;
  for (const auto& move : diff.moves) {
    const bool same_task = move.before && move.after && move.before->job == move.after->job &&
                           move.before->task == move.after->task;
    if (!same_task) count += move.before.has_value() + move.after.has_value();
  }
  return count;
}

// What the entry says of a job's allocation, when it says something.
std::optional<std::pair<JobId, ReplicaVersion>> fenced(const LogEntry& entry) {
  std::optional<std::pair<JobId, ReplicaVersion>> found;
  std::visit(
      [&](const auto& command) {
        if constexpr (requires {
                        command.job;
                        command.version;
                      }) {
          if (command.version) found.emplace(command.job, *command.version);
        }
      },
      entry.command);
  return found;
}

}  // namespace

Oracle::Oracle(const replica::Parameters& parameters, Coverage& coverage)
    : coverage_(coverage), history_{replica::base_replica(parameters)} {}

void Oracle::appended(const EntryPtr& entry_ptr) {
  const LogEntry& entry = *entry_ptr;
  const Replica& before = now();
  require(entry.position == before.version + 1, "I13 positions are dense", "{} after {}",
          entry.position, before.version);
  auto applied = coordination::apply(before, entry);
  require_none(replica::violations(applied.replica), entry);
  require_none(replica::violations_between(before, applied.replica), entry);
  require(applied.replica.version == entry.position, "I11 the version is the position", "{} at {}",
          applied.replica.version, entry.position);
  if (applied.diff.rejected() != nullptr) {
    require(applied.diff.moves.empty() && applied.diff.jobs.empty(),
            "I2 a rejected entry changes nothing", "entry {}", entry.position);
  }
  history_.push_back(std::move(applied.replica));
  const Replica& old = history_[history_.size() - 2];
  check_repetition(entry);
  check_writer(entry, applied.diff);
  check_jobs(entry, old, applied.diff);
  check_moves(old, applied.diff);
  check_percentages();
  note_states(entry, old, applied.diff);
}

// I2: the same entry once more does nothing, whether at its own position or, for a writer's, at a later one.
void Oracle::check_repetition(const LogEntry& entry) {
  if (entry.position % 4 != 0) return;
  auto again = coordination::apply(now(), entry);
  require(again.diff.rejected() != nullptr && again.replica == now(),
          "I2 an entry read twice acts once", "entry {} {}", entry.position,
          coordination::name_of(entry.command));
  if (entry.writer.empty()) return;
  LogEntry copy = entry;
  ++copy.position;
  again = coordination::apply(now(), copy);
  const auto* rejected = again.diff.rejected();
  again.replica.version = now().version;
  require(rejected != nullptr && rejected->refusal == Refusal::duplicate && again.replica == now(),
          "I2 an entry written twice acts once", "entry {} {}", entry.position,
          coordination::name_of(entry.command));
}

// I14
void Oracle::check_writer(const LogEntry& entry, const Diff& diff) {
  if (entry.writer.empty()) return;
  const auto* rejected = diff.rejected();
  const bool is_duplicate = rejected != nullptr && rejected->refusal == Refusal::duplicate;
  if (is_duplicate) {
    require(effective_.contains({entry.writer, entry.seq}), "I14 only a copy is dropped as one",
            "entry {}: {} of {}", entry.position, entry.seq, entry.writer.text());
    return;
  }
  require(effective_.emplace(entry.writer, entry.seq).second, "I14 an entry acts once",
          "entry {}: {} of {}", entry.position, entry.seq, entry.writer.text());
  const auto [last, is_first] = last_seq_.try_emplace(entry.writer, -1);
  require(entry.seq > last->second, "I14 a writer's entries act in its order",
          "entry {}: {} of {} after {}", entry.position, entry.seq, entry.writer.text(),
          last->second);
  last->second = entry.seq;
}

void Oracle::was_effective(const GroupId& writer, std::int64_t seq) const {
  require(effective_.contains({writer, seq}), "I14 what was written acts", "{} of {}", seq,
          writer.text());
}

void Oracle::check_jobs(const LogEntry& entry, const Replica& before, const Diff& diff) {
  for (const auto& change : diff.jobs) {
    if (!change.ended) continue;
    require(ended_.emplace(change.job, entry.position).second, "I10 a job ends once",
            "entry {}: {}", entry.position, change.job.text());
  }
  for (const Job& job : now().jobs) {
    const auto ended = ended_.find(job.id);
    require(ended == ended_.end(), "I10 a job that has ended does not live again",
            "entry {}: {}, ended at {}", entry.position, job.id.text(),
            ended == ended_.end() ? -1 : ended->second);
    check_flux(before, job, entry, diff);
    if (job.spec->saturation &&
        !std::any_of(job.spec->tasks.begin(), job.spec->tasks.end(),
                     [](const auto& task) { return task.flux == FluxPolicy::kill; })) {
      require(replica::peers_of(job) <= *job.spec->saturation,
              "I6 a job is not over its saturation", "entry {}: {}", entry.position, job.id.text());
    }
  }
  if (const auto* restarted = std::get_if<coordination::JobRestarted>(&diff.change)) {
    const Job* job = replica::find_job(now(), restarted->job);
    require(job != nullptr && job->version == entry.position,
            "I11 a restart gives a job a new version", "entry {}: {}", entry.position,
            restarted->job.text());
  }
  if (const auto said = fenced(entry)) {
    const Job* old = replica::find_job(before, said->first);
    if (old != nullptr && old->version != said->second) {
      const Job* job = replica::find_job(now(), said->first);
      require(job != nullptr && job->version == old->version && job->seats == old->seats,
              "I15 what speaks of an allocation that is over has no effect", "entry {}: {} at {}",
              entry.position, said->first.text(), said->second);
    }
  }
}

// I6, the flux policies; a job that was alive before and is now.
void Oracle::check_flux(const Replica& before, const Job& job, const LogEntry& entry,
                        const Diff& diff) {
  const Job* old = before.jobs.find(job.submitted_at);
  if (old == nullptr) return;
  const bool has_changed = std::any_of(diff.jobs.begin(), diff.jobs.end(),
                                       [&](const auto& change) { return change.job == job.id; });
  require(has_changed || old->seats == job.seats, "I11 a change of an allocation is in the diff",
          "entry {}: {}", entry.position, job.id.text());
  if (!has_changed) return;
  for (std::size_t t = 0; t < job.seats.size(); ++t) {
    const auto& task = job.spec->tasks[t];
    const std::int64_t had = at_task(*old, t);
    const std::int64_t kept = remaining(*old, t, now());
    const std::int64_t has = at_task(job, t);
    if (task.flux == FluxPolicy::kill) {
      require(kept == had, "I6 :kill ends the job when its task loses a peer", "entry {}: {} {}",
              entry.position, job.id.text(), task.id.text());
      require(had == 0 || has <= had, "I6 :kill never gains peers", "entry {}: {} {} from {} to {}",
              entry.position, job.id.text(), task.id.text(), had, has);
    }
    if (task.flux == FluxPolicy::recover) {
      require(has <= task.min_peers, "I6 :recover never has more than its number",
              "entry {}: {} {} has {}", entry.position, job.id.text(), task.id.text(), has);
    }
    // I8: who stays on its task keeps its slot, unless that lies beyond the last.
    for (std::size_t slot = 0; slot < old->seats[t].size(); ++slot) {
      const PeerId& peer = old->seats[t][slot];
      const auto stays = std::find(job.seats[t].begin(), job.seats[t].end(), peer);
      if (stays == job.seats[t].end() || slot >= job.seats[t].size()) continue;
      require(static_cast<std::size_t>(stays - job.seats[t].begin()) == slot,
              "I8 who stays on its task keeps its slot", "entry {}: {} on {} {}", entry.position,
              peer.text(), job.id.text(), task.id.text());
    }
  }
}

// I12, for entries that keep the set of jobs, where no tags, plugins or sites come in.
void Oracle::check_moves(const Replica& before, const Diff& diff) {
  if (before.pools->size() > 1 || now().pools->size() > 1) return;
  if (before.jobs.size() != now().jobs.size()) return;
  std::int64_t bound = 0;
  for (const Job& old : before.jobs) {
    const Job* job = now().jobs.find(old.submitted_at);
    if (job == nullptr) return;
    if (job->spec->task_scheduler == replica::TaskScheduler::colocated) return;
    for (const auto& task : job->spec->tasks) {
      if (!task.required_tags.empty() || !task.plugin.empty()) return;
    }
    for (std::size_t t = 0; t < old.seats.size(); ++t) {
      const std::int64_t stayed = remaining(old, t, now());
      bound += (at_task(old, t) - stayed) + std::abs(stayed - at_task(*job, t));
    }
  }
  require(moves_of(diff) <= bound, "I12 nobody moves without need", "{} moves, {} needed at {}",
          moves_of(diff), bound, now().version);
}

// I6, the percentages of jobs and tasks, where no tags, plugins, sites or flux policies come in.
void Oracle::check_percentages() const {
  if (now().pools->size() > 1) return;
  if (const auto wrong = wrong_percentage(now())) {
    require(false, "I6 percentages are obeyed", "entry {}: {}", now().version, *wrong);
  }
}

void Oracle::compare(const Replica& other, const GroupId& group) const {
  require(other.version <= newest(), "I13 nothing is read before it is written", "{} read {}",
          group.text(), other.version);
  if (other == at(other.version)) return;
  require(false, "I1 replicas at one position are equal", "group {} at {}:\n{}\nnot\n{}",
          group.text(), other.version, edn::print(replica::to_edn(other)),
          edn::print(replica::to_edn(at(other.version))));
}

void Oracle::origin_set(Position position, const std::string& replica_text) {
  require(position <= newest(), "I13 the origin is in the log", "{} of {}", position, newest());
  const auto value = edn::read(replica_text);
  require(value.has_value(), "I13 the origin can be read", "at {}", position);
  const auto replica = replica::replica_from_edn(*value);
  require(replica.has_value(), "I13 the origin can be read", "at {}: {}", position,
          replica.has_value() ? "" : replica.error().text());
  require(*replica == at(position), "I13 the origin is what replay gives", "at {}", position);
}

void Oracle::truncated(Position below, Position origin) const {
  require(below <= origin + 1, "I13 gc stays below the origin", "{} of {}", below, origin);
}

void Oracle::note_states(const LogEntry& entry, const Replica& before, const Diff& diff) {
  const replica::Membership& ring = *now().membership;
  if (ring.joined.size() >= 10) coverage_.note(Seen::ring_of_many);
  if (ring.prepared.size() + ring.accepted.size() >= 2) coverage_.note(Seen::join_in_parallel);
  if (const auto* prepared = std::get_if<coordination::JoinPrepared>(&diff.change)) {
    if (!prepared->observer) coverage_.note(Seen::join_refused);
  }
  if (const auto* left = std::get_if<coordination::GroupLeft>(&diff.change)) {
    if (!left->aborted_joiners.empty()) coverage_.note(Seen::observer_left);
    for (const auto* joining : {&before.membership->prepared, &before.membership->accepted}) {
      for (const auto& [observer, joiner] : *joining) {
        if (joiner == left->group) coverage_.note(Seen::joiner_left);
      }
    }
    for (const auto& [observer, joiner] : before.membership->accepted) {
      const auto watched = before.membership->pairs.find(observer);
      if (watched != before.membership->pairs.end() && watched->second == left->group) {
        coverage_.note(Seen::successor_changed);
      }
    }
  }
  if (const auto* collected = std::get_if<coordination::Collected>(&diff.change)) {
    if (!collected->forgotten.empty()) coverage_.note(Seen::tombstone_forgotten);
  }
  const auto* rejected = diff.rejected();
  if (rejected != nullptr && rejected->refusal == Refusal::finished) {
    coverage_.note(Seen::killed_twice);
  }
  if (rejected != nullptr && rejected->refusal == Refusal::stale && fenced(entry)) {
    coverage_.note(Seen::deposed_coordinator);
  }
  for (const auto& change : diff.jobs) {
    if (change.ended) {
      starved_.erase(change.job);
      const bool is_completed = *change.ended == replica::JobState::completed;
      if (is_completed) coverage_.note(Seen::job_completed);
      const auto* finished = now().finished.find(change.job);
      if (finished != nullptr && finished->by == "scheduler") {
        coverage_.note(Seen::job_killed_by_flux);
      }
      continue;
    }
    if (change.had_peers && !change.has_peers) {
      starved_.insert(change.job);
      coverage_.note(Seen::job_starved);
    }
    if (change.has_peers && starved_.erase(change.job) > 0) coverage_.note(Seen::job_resumed);
    if (change.coordinator_before && change.coordinator_after &&
        change.coordinator_before != change.coordinator_after) {
      coverage_.note(Seen::coordinator_moved);
    }
  }
}

}  // namespace onyx::simulation
