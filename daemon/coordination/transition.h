// The coordination log as a machine: apply() folds an entry into the replica, respond() says what one group does about it.
//
//      entry, replica ──▶ apply ──▶ replica, diff ──▶ respond(self) ──▶ reactions (drafts to append), effects
//
// Total:          every entry has a result; a senseless, stale or repeated one leaves the replica as it was but for its
//                 version, with Rejected as the diff. Nothing throws.
// Deterministic:  the same entries give the same replica on every machine.
// Cost:           in place where the replica is not shared with a published copy; proportional to what changes, plus
//                 one look at every live job's standing (or at the job) when peers or jobs change.
// Thread:         pure functions.
#pragma once

#include <vector>

#include "daemon/coordination/diff.h"
#include "daemon/coordination/effect.h"
#include "daemon/coordination/entry.h"
#include "daemon/coordination/self.h"
#include "daemon/replica/replica.h"

namespace onyx::coordination {

struct Applied {
  replica::Replica replica;
  Diff diff;
};

// Move the replica in. A copy kept elsewhere stays as it was.
Applied apply(replica::Replica replica, const LogEntry& entry);

struct Response {
  std::vector<Draft> reactions;  // to append, stamped with their parents
  std::vector<Effect> effects;   // in order
};

// `now` is the replica after the entry. What was before is in the diff.
Response respond(const LogEntry& entry, const replica::Replica& now, const Diff& diff,
                 const Self& self);

}  // namespace onyx::coordination
