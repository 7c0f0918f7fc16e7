// The commands of the log: for each kind what it does to the replica, and what a group does about it.
//
// Shape:   one overload per command, in the file of its name. apply() changes the replica in place and says what it did;
//          a Rejected from it means that it changed nothing. It never schedules: it asks for a pass by `reschedule`, and
//          transition runs one after it. respond() adds the command's own reactions and effects; starting and stopping of
//          tasks and watches follow from the diff and the replica, for all commands alike.
#pragma once

#include "daemon/coordination/diff.h"
#include "daemon/coordination/entry.h"
#include "daemon/coordination/self.h"
#include "daemon/coordination/transition.h"
#include "daemon/replica/replica.h"
#include "daemon/scheduling/seating.h"

namespace onyx::coordination {

struct Applying {
  replica::Replica& replica;
  scheduling::Delta& delta;
  const LogEntry& entry;
  bool reschedule = false;
};

struct Responding {
  const LogEntry& entry;
  const replica::Replica& now;
  const Diff& diff;
  const Self& self;
  Response& out;

  void react(Command command) const {
    out.reactions.push_back({std::move(command), self.group.text(), entry.position});
  }
  void perform(Effect effect) const { out.effects.push_back(std::move(effect)); }
};

Change apply(const PrepareJoinCluster& command, Applying& a);
Change apply(const NotifyJoinCluster& command, Applying& a);
Change apply(const AcceptJoinCluster& command, Applying& a);
Change apply(const AbortJoinCluster& command, Applying& a);
Change apply(const GroupLeaveCluster& command, Applying& a);
Change apply(const DrainGroup& command, Applying& a);
Change apply(const UndrainGroup& command, Applying& a);
Change apply(const AddVirtualPeers& command, Applying& a);
Change apply(const LeaveCluster& command, Applying& a);
Change apply(const SubmitJob& command, Applying& a);
Change apply(const KillJob& command, Applying& a);
Change apply(const CompleteJob& command, Applying& a);
Change apply(const RestartJob& command, Applying& a);
Change apply(const Gc& command, Applying& a);
Change apply(const SetReplica& command, Applying& a);
Change apply(const Senseless& command, Applying& a);

void respond(const PrepareJoinCluster& command, const Responding& r);
void respond(const NotifyJoinCluster& command, const Responding& r);
void respond(const AcceptJoinCluster& command, const Responding& r);
void respond(const AbortJoinCluster& command, const Responding& r);
void respond(const GroupLeaveCluster& command, const Responding& r);
void respond(const DrainGroup& command, const Responding& r);
void respond(const UndrainGroup& command, const Responding& r);
void respond(const LeaveCluster& command, const Responding& r);
void respond(const Gc& command, const Responding& r);
void respond(const SetReplica& command, const Responding& r);
// Commands about peers and jobs: the task switch says it all.
template <class OtherCommand>
void respond(const OtherCommand&, const Responding&) {}

}  // namespace onyx::coordination
