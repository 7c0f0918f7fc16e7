// Whether this daemon's peers may act now, judged by our own clock at the moment of asking.
//
// Shape:   closed from the moment the session counts as fenced (cluster.h), open again when ZooKeeper has answered within the
//          session's life, closed for ever afterwards. Whatever leaves a peer asks here right before it leaves: a process that
//          was stopped and runs on must not act for the time until some thread has noticed.
// Thread:  any.
#pragma once

namespace onyx::cluster {

class Fence {
 public:
  virtual ~Fence() = default;
  virtual bool is_open() const = 0;
};

}  // namespace onyx::cluster
