// The judge: folds the log as it is written, by itself, and checks what must hold after every entry.
//
// Shape:   every check has the number of its invariant in the robustness rules. The first that fails ends the run.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "daemon/coordination/transition.h"
#include "daemon/replica/replica.h"
#include "tests/simulation/coverage.h"
#include "tests/simulation/ensemble.h"

namespace onyx::simulation {

struct Violation {
  std::string invariant;
  std::string found;
};

class Oracle {
 public:
  Oracle(const replica::Parameters& parameters, Coverage& coverage);

  void appended(const EntryPtr& entry);
  void origin_set(Position position, const std::string& replica_text);
  void truncated(Position below, Position origin) const;

  // The replica after that position; -1: the base.
  const replica::Replica& at(Position position) const {
    return history_[static_cast<std::size_t>(position + 1)];
  }
  const replica::Replica& now() const { return history_.back(); }
  Position newest() const { return static_cast<Position>(history_.size()) - 2; }

  // I1: a group that has folded up to its version has the same.
  void compare(const replica::Replica& other, const GroupId& group) const;

  // I14, at rest: what a writer knows to be in the log had its effect, or was refused for what it said.
  void was_effective(const GroupId& writer, std::int64_t seq) const;

 private:
  void check_repetition(const coordination::LogEntry& entry);
  void check_writer(const coordination::LogEntry& entry, const coordination::Diff& diff);
  void check_jobs(const coordination::LogEntry& entry, const replica::Replica& before,
                  const coordination::Diff& diff);
  void check_flux(const replica::Replica& before, const replica::Job& job,
                  const coordination::LogEntry& entry, const coordination::Diff& diff);
  void check_moves(const replica::Replica& before, const coordination::Diff& diff);
  void check_percentages() const;
  void note_states(const coordination::LogEntry& entry, const replica::Replica& before,
                   const coordination::Diff& diff);

  Coverage& coverage_;
  std::vector<replica::Replica> history_;
  std::map<GroupId, std::int64_t> last_seq_;  // effective ones
  std::set<std::pair<GroupId, std::int64_t>> effective_;
  std::map<JobId, Position> ended_;  // jobs that have ended
  std::set<JobId> starved_;          // jobs that had peers once, and wait
};

}  // namespace onyx::simulation
