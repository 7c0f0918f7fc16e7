// The replica is replaced: never in the log; what a reader that fell behind a gc goes on from.
#include "daemon/coordination/commands/commands.h"

namespace onyx::coordination {

Change apply(const SetReplica& command, Applying& a) {
  if (command.replica == nullptr) return Rejected{Refusal::invalid, "no replica to set"};
  a.replica = *command.replica;
  return ReplicaReplaced{};
}

// A group that missed entries missed their effects, too: it starts over under a new id.
void respond(const SetReplica&, const Responding& r) {
  if (std::holds_alternative<ReplicaReplaced>(r.diff.change)) r.perform(RestartGroup{});
}

Change apply(const Senseless& command, Applying&) {
  return Rejected{Refusal::senseless, command.why};
}

}  // namespace onyx::coordination
