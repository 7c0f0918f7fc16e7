// Seam: how the parts of one job on several daemons reach each other.
//
// Shape:   a Transport is one group's end of the data plane. For each job at one version a JobTraffic is joined; it gives the
//          ends of the channels that lead to or come from other daemons as ordinary Channels, which RingPublisher and
//          RingSubscriber use as those within the process, and carries what the job's daemons say to its coordinator and
//          back. Channels find each other by name: it does not matter which daemon comes first.
// Order:   a channel keeps its order and loses nothing. What is told to one group arrives in the order it was told.
// Versions: what belongs to an older version of a job than the one joined last is dropped and counted; what belongs to a newer
//          one waits until that is joined.
// Asking:  a group may ask another something that belongs to no job's traffic. Every question is answered once, at the latest
//          when the connection is lost or this end goes.
// Thread:  any; the listener's calls, and those of an Answer, come from the transport's own thread and must only hand over. After a JobTraffic is
//          gone no call comes and nothing touches its channels.
// Errors:  when a group cannot be reached, or the connection to it breaks, `lost` is called at once, once per group. From then
//          on nothing goes to or comes from that group in this JobTraffic: the job has to start over at a new version.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "common/base/error.h"
#include "common/base/result.h"
#include "daemon/messaging/channel_name.h"
#include "daemon/messaging/in_process/channel.h"
#include "daemon/messaging/job_message.h"

namespace onyx::messaging {

// Who a group is on the data plane.
struct Identity {
  std::string tenancy;
  GroupId group;
  std::string token;  // a secret of the tenancy; whoever connects must know it
};

struct JobListener {
  std::function<void(const JobMessage&)> told;
  std::function<void(const GroupId&, const Error&)> lost;
  // A segment of ours cannot be sent; it is the job's fault.
  std::function<void(const ChannelName&, const Error&)> unsendable;
};

class JobTraffic {
 public:
  virtual ~JobTraffic() = default;

  // The channel's beginning here, its end at `to`. `receiver_batch_size` as for a Channel.
  virtual std::shared_ptr<Channel> send(const ChannelName& name, const Site& to,
                                        std::size_t receiver_batch_size, Wake wake_producer) = 0;
  // The channel's end here, its beginning in group `from`.
  virtual std::shared_ptr<Channel> receive(const ChannelName& name, const GroupId& from,
                                           std::size_t receiver_batch_size, Wake wake_consumer) = 0;
  virtual void tell(const Site& to, const JobMessage& message) = 0;
  // Nothing goes or comes, and nobody is woken, before this is called, once.
  virtual void begin() = 0;
};

// What came of a question; or, on the other side, what it is answered with, once.
using Answer = std::function<void(Result<std::string>)>;
using Asked = std::function<void(std::string question, Answer)>;

struct TransportCounters {
  std::uint64_t frames_in = 0;
  std::uint64_t frames_out = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t writes = 0;       // to sockets
  std::uint64_t stale = 0;        // frames and channels of an older version, dropped
  std::uint64_t broken = 0;       // connections, for any reason but our own
  std::uint64_t connections = 0;  // now
};

class Transport {
 public:
  virtual ~Transport() = default;
  virtual std::unique_ptr<JobTraffic> join(const JobKey& job, JobListener listener) = 0;
  // At most wire::kTextBytesMax bytes.
  virtual void ask(const Site& to, std::string question, Answer answer) = 0;
  // Whom the questions of other groups are handed to; without one they are refused. Returns when the last one's call has.
  virtual void answer_with(Asked asked) = 0;
  // While this says no, no segment, barrier or message of a job goes out; heartbeats, questions and answers do. To be set
  // before the first job is joined.
  virtual void act_while(std::function<bool()> may_act) = 0;
  // Where others reach this group: Site::addresses.
  virtual std::string addresses() const = 0;
  virtual TransportCounters counters() const = 0;
};

}  // namespace onyx::messaging
