// What an entry changed, as lines for a daemon's log: one for each change of state, none for what stays as it is.
//
// Shape:   message first, then key=value, ids in full, the entry's position in each; what people wrote stands in quotes. Steps
//          on the way into the ring have one line, the first. A rejected entry has none, unless nobody can understand it.
// Thread:  pure functions.
#pragma once

#include <string>
#include <vector>

#include "daemon/coordination/diff.h"
#include "daemon/coordination/entry.h"
#include "daemon/replica/replica.h"

namespace onyx::coordination {

struct ChangeLine {
  std::string text;
  bool is_fault = false;  // somebody should look at it: a group was evicted, a job failed
  bool operator==(const ChangeLine&) const = default;
};

// What became of groups and peers comes first, then what became of the jobs, in submission order.
std::vector<ChangeLine> change_lines(const LogEntry& entry, const Diff& diff,
                                     const replica::Replica& after);

}  // namespace onyx::coordination
