// The data plane of one group over Unix sockets and TCP: one thread around a Switchboard.
//
// Shape:   small frames are gathered: a connection's output is written when it comes to kFlushBytes, or when kFlushPause has passed
//          since the last write, so a lonely frame goes at once and a stream of them in few writes.
// Thread:  its own, "data-plane". The calls from any other; a JobTraffic's destructor waits for the thread to let go of its
//          channels. Nothing polls when nothing is to be done but heartbeats.
// Errors:  of start(): an address that cannot be listened on.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "daemon/messaging/transport.h"
#include "daemon/messaging/transport/switchboard.h"

namespace onyx::messaging {

inline constexpr std::size_t kFlushBytes = 32 * 1024;
inline constexpr std::chrono::microseconds kFlushPause{100};

struct SocketTransportSettings {
  SwitchboardSettings switchboard;
  std::vector<std::string> listen;  // address.h; port 0 picks a free one
};

class SocketTransport final : public Transport {
 public:
  static Result<std::unique_ptr<SocketTransport>> start(SocketTransportSettings settings);
  ~SocketTransport() override;  // says goodbye; what is joined hears no more

  std::unique_ptr<JobTraffic> join(const JobKey& job, JobListener listener) override;
  void ask(const Site& to, std::string question, Answer answer) override;
  void answer_with(Asked asked) override;
  void act_while(std::function<bool()> may_act) override;
  std::string addresses() const override;
  TransportCounters counters() const override;

  // Cuts every connection, as a failing network would.
  void cut_connections();

 private:
  struct Impl;
  explicit SocketTransport(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace onyx::messaging
