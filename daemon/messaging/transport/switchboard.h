// All connections of one group and all its channels to other groups: who is connected with whom, and what goes where next.
//
//      Channel ──front──▶ [outgoing] ──rows, barriers──▶ Link ~~~~ Link ──▶ [incoming] ──push──▶ Channel
//                             ▲                                                 │
//                             └────────────── credits ◀── taken ────────────────┘
//
// Shape:   a pure machine but for the channels' rings: no thread, clock, socket or log in it. What is to be done outside is an
//          effect. A group is dialled when something is to go there, so two groups that speak both ways have two connections.
//          Per channel a window bounds what is under way, so one that stands still never holds another up, and nothing is
//          queued here but what one connection is about to write.
// Units:   kOutputMax bounds the bytes that wait for one socket; a window is the receiver's ring, and kWindowBytes.
// Thread:  its owner's, the data-plane I/O thread. Whoever uses a channel's other end lets it know through rung().
// Errors:  a broken connection is told to every job that used it, at once.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "common/base/clock.h"
#include "daemon/messaging/transport.h"
#include "daemon/messaging/transport/link.h"
#include "daemon/messaging/transport/version_filter.h"

namespace onyx::messaging {

using LinkId = std::uint64_t;
using EndId = std::uint64_t;  // of a channel's end here
using AskId = std::uint64_t;

inline constexpr std::size_t kOutputMax = 256 * 1024;
inline constexpr std::size_t kWindowBytes = 4 * 1024 * 1024;
inline constexpr std::size_t kEarlyMax =
    10'000;  // messages to jobs not joined yet, and opened channels nobody waits for
inline constexpr std::size_t kAsksMax = 1'000;  // of one connection, not answered yet

struct SwitchboardSettings {
  Identity self;
  LinkTimes times;
  std::chrono::milliseconds back_off_min{10};  // between two attempts to dial; doubles
  std::chrono::milliseconds back_off_max{1'000};
  std::chrono::milliseconds dial_patience{
      3'000};  // of attempts in a row; then the group counts as lost
};

// The outside is to connect, and to tell connected() or broken().
struct Dial {
  LinkId link;
  GroupId group;
  std::string addresses;
};
// The outside is to close it, after a try to write what is left. No more calls with this id.
struct HangUp {
  LinkId link;
  std::string why;
  wire::ByteBuffer left;
};
// For the log.
struct LinkOpened {
  LinkId link;
  GroupId group;
};
// To be answered through answer(), once.
struct QuestionCame {
  LinkId link;
  std::uint64_t number;
  std::string question;
};
struct AnswerCame {
  AskId ask;
  Result<std::string> answer;
};
using LinkEffect = std::variant<Dial, HangUp, LinkOpened, QuestionCame, AnswerCame>;

class Switchboard {
 public:
  explicit Switchboard(SwitchboardSettings settings);
  ~Switchboard();

  // --- jobs ---
  void join(const JobKey& job, JobListener listener);
  void leave(const JobKey& job);
  void send(EndId end, const ChannelName& name, const Site& to, std::shared_ptr<Channel> channel,
            Instant now);
  void receive(EndId end, const ChannelName& name, const GroupId& from,
               std::shared_ptr<Channel> channel);
  void tell(const JobKey& job, const Site& to, const JobMessage& message, Instant now);

  // --- questions ---
  void ask(AskId ask, const Site& to, std::string question, Instant now);
  void answer(LinkId link, std::uint64_t number, Result<std::string> answer);

  // --- channels ---
  // The other side of this end's ring has pushed or popped.
  void rung(EndId end);
  // While held nothing of a job is moved or told; what was told goes out when it ends, in its order.
  void hold(bool is_held);
  // Moves what can be moved into the connections' outputs. False: nothing is left to be moved now.
  bool pump();

  // --- connections ---
  LinkId accepted(Instant now);
  void connected(LinkId link, Instant now);
  std::uint8_t* space(LinkId link, std::size_t count);
  void arrived(LinkId link, std::size_t count, Instant now);
  void broken(LinkId link, const Error& why, Instant now);
  // Null once the link is gone.
  wire::ByteBuffer* output(LinkId link);
  std::vector<LinkId> links() const;  // that exist as connections

  // --- time ---
  void tick(Instant now);
  std::optional<Instant> wake_at() const;
  // Says goodbye on every connection.
  void close();

  std::vector<LinkEffect> take_effects() { return std::exchange(effects_, {}); }
  TransportCounters counters() const;

 private:
  struct Line;
  struct Outgoing;
  struct Incoming;
  struct Job;

  Line& line_to(const Site& site, Instant now);
  void dial(Line& line, Instant now);
  void fail(Line& line, const Error& why, Instant now);  // its connection, with a goodbye
  void hang_up(Line& line, const Error& why);
  void lose(Line& line, const Error& why);  // for all who use it
  void lose(const JobKey& job, const GroupId& group, const Error& why);
  void on_open(Line& line);
  void tell_untold(Line& line);
  void open_on(Line& line, Outgoing& outgoing);
  Result<void> take(Line& line, const wire::Received& received);
  Result<void> on(Line& line, const wire::Open& open);
  Result<void> on(Line& line, const wire::Accept& accept);
  Result<void> on(Line& line, const wire::InBand& in_band);
  Result<void> on(Line& line, const wire::Credit& credit);
  Result<void> on(Line& line, const wire::Close& close);
  Result<void> on(Line& line, const wire::Reset& reset);
  Result<void> on(Line& line, const wire::ToJob& message);
  Result<void> on(Line& line, const wire::Ask& ask);
  Result<void> on(Line& line, const wire::Answer& answer);
  Result<void> on(Line& line, const wire::Rows& rows);
  template <class F>
  Result<void> on(Line&, const F&) {
    return {};
  }
  Result<Incoming*> incoming(Line& line, wire::ChannelId channel, Epoch epoch);
  void bind(Incoming& incoming, Line& line, wire::ChannelId channel);
  void refuse(Line& line, wire::ChannelId channel);
  void pushed(Incoming& incoming, std::size_t bytes);
  void credit(Incoming& incoming);
  void make_ready(Outgoing& outgoing);
  bool move(Outgoing& outgoing);
  void retire(const Line& line);

  const SwitchboardSettings settings_;
  VersionFilter versions_;
  std::map<JobKey, Job> jobs_;
  std::map<EndId, std::unique_ptr<Outgoing>> outgoing_;
  std::map<EndId, std::unique_ptr<Incoming>> incoming_;
  std::map<LinkId, std::unique_ptr<Line>> lines_;
  std::map<GroupId, LinkId> dialled_;   // the line to each group
  std::map<GroupId, LinkId> accepted_;  // the line from each group, once it has greeted
  bool is_held_ = false;
  std::deque<EndId> ready_;  // outgoing ends that may have something to move
  struct EarlyMessage {
    GroupId from;
    JobMessage message;
  };
  std::map<JobKey, std::vector<EarlyMessage>> early_;
  std::size_t early_count_ = 0;
  LinkId next_link_ = 1;
  std::vector<LinkEffect> effects_;
  TransportCounters counters_;  // of connections that are gone, and what is counted here
};

}  // namespace onyx::messaging
