// One job's ways between this daemon and the others that have peers of it.
//
// Shape:   a seat without a site is this daemon's, and so is a coordinator without one. A channel between two seats is a ring
//          within the process, one end of a ring of the transport, or nothing when neither peer is here. Everyone reports to
//          the daemon of the coordinator; barriers for the inputs and publications come from there.
// Thread:  channel() by the thread that builds the job; the rest by any. The hooks are called on the transport's thread and must
//          only hand over.
// Errors:  `lost` once, for the first group that cannot be reached any more: the job has to start over.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/base/ids.h"
#include "daemon/messaging/transport.h"

namespace onyx::runtime {

struct Seat {
  TaskId task;
  SlotId slot = 0;
  PeerId peer;
  messaging::Site site{};  // of the peer's group; none: here
  std::string machine{};   // that the group runs on

  bool is_here() const { return site.group.empty(); }
};

class JobLinks {
 public:
  struct Hooks {
    std::function<void(const messaging::PeerStatus&)> status;  // where the coordinator is
    std::function<void(const barrier::Barrier&)> inject;       // elsewhere
    std::function<void(Epoch)> publish;                        // elsewhere
    std::function<void(const GroupId&, const Error&)> lost;
    std::function<void(const TaskId&, SlotId, const Error&)> unsendable;  // of a peer here
  };

  // `transport` may be null when all seats and the coordinator are here.
  JobLinks(messaging::Transport* transport, messaging::JobKey job, messaging::Site coordinator,
           const std::vector<Seat>& seats, const std::set<TaskId>& inputs, Hooks hooks);

  bool coordinates() const { return coordinator_.group.empty(); }
  std::shared_ptr<messaging::Channel> channel(const Seat& from, const Seat& to,
                                              std::size_t batch_size, messaging::Wake wake_producer,
                                              messaging::Wake wake_consumer);

  void begin();                                      // once everybody can be woken
  void report(const messaging::PeerStatus& status);  // to the coordinator elsewhere
  void inject(const barrier::Barrier& barrier);      // to the inputs elsewhere
  void publish(Epoch epoch);                         // to the peers elsewhere

 private:
  void tell(const std::set<messaging::Site>& sites, const messaging::JobMessage& message);

  const messaging::JobKey job_;
  const messaging::Site coordinator_;
  std::set<messaging::Site> sites_;        // with peers of the job
  std::set<messaging::Site> input_sites_;  // with peers of its inputs
  std::unique_ptr<messaging::JobTraffic> traffic_;
};

}  // namespace onyx::runtime
