#include "daemon/messaging/transport/socket_transport.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <future>
#include <unordered_map>

#include "common/base/cases.h"
#include "common/base/check.h"
#include "daemon/concurrency/named_thread.h"
#include "daemon/messaging/transport/doorbell.h"
#include "daemon/messaging/transport/sockets.h"
#include "daemon/messaging/wire/format.h"

namespace onyx::messaging {

namespace {

constexpr std::size_t kReadBytes = 64 * 1024;
// While it may not act nobody tells the thread when it may again.
constexpr std::chrono::milliseconds kHeldLook{20};
constexpr int kReadsInTurn = 8;  // of one connection, then the others get theirs
constexpr std::uint64_t kDoorbellKey = 0;
constexpr std::uint64_t kListenKeys = 1;                      // + index
constexpr std::uint64_t kLinkKeys = std::uint64_t{1} << 32U;  // + link

Instant now() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now());
}

}  // namespace

// Rings once until it is heard: a busy channel asks for attention with every message.
struct SocketEnd {
  EndId id = 0;
  std::atomic<bool> has_rung{false};
};

struct SocketConnection {
  Descriptor socket;
  std::vector<Address> untried;  // while dialling
  bool is_connecting = false;
  bool waits_for_room = false;  // the socket's buffer is full
  Instant written_at{};
};

struct SocketTransport::Impl : std::enable_shared_from_this<Impl> {
  explicit Impl(SwitchboardSettings settings) : board(std::move(settings)) {}

  // Owned by the I/O thread.
  Switchboard board;
  std::vector<Listening> listening;
  std::unordered_map<LinkId, SocketConnection> connections;
  std::unordered_map<EndId, std::shared_ptr<SocketEnd>> ends;
  std::unordered_map<AskId, Answer> asked;  // not answered yet
  AskId next_ask = 1;
  Asked on_question;
  std::function<bool()> may_act;
  std::uint64_t bytes_out = 0;
  std::uint64_t writes = 0;
  bool stops = false;

  Descriptor epoll{::epoll_create1(EPOLL_CLOEXEC)};
  Doorbell doorbell;
  std::atomic<EndId> next_end{1};
  std::string addresses;
  concurrency::NamedThread thread;
  std::atomic<bool> has_ended{false};
  concurrency::Mutex after_the_end;

  void run();
  std::optional<Instant> flush(Instant at);
  bool write(LinkId link, SocketConnection& connection, wire::ByteBuffer& output);
  void sleep(std::optional<Instant> until);
  void on_event(const epoll_event& event);
  void on_socket(LinkId link, std::uint32_t events);
  void read(LinkId link);
  void accept_all(int socket);
  void dial(LinkId link, std::vector<Address> addresses_left, const Error& why);
  void carry_out(std::vector<LinkEffect> effects);
  void watch(int socket, std::uint64_t key, std::uint32_t events, int operation);
  void lost(LinkId link, const std::string& why);
  // Runs it on the I/O thread, or once that has ended on this one, and waits.
  void call(const std::function<void()>& work);
  void work_off();
  void question_came(QuestionCame question);
  void answer_came(AskId ask, Result<std::string> answer);
  std::shared_ptr<SocketEnd> new_end();
  void add(const std::shared_ptr<SocketEnd>& end);
};

// --- the thread ---

void SocketTransport::Impl::run() {
  std::vector<std::function<void()>> work;
  std::vector<EndId> rung;
  std::optional<Instant> flush_at;
  while (!stops) {
    sleep(flush_at);
    doorbell.take(work, rung);
    for (const auto& one : work) one();
    work.clear();
    for (const EndId id : rung) {
      if (const auto end = ends.find(id); end != ends.end()) {
        end->second->has_rung.exchange(false, std::memory_order_seq_cst);
        board.rung(id);
      }
    }
    rung.clear();
    board.tick(now());
    bool has_more = true;
    while (has_more) {
      const bool is_held = may_act && !may_act();
      board.hold(is_held);
      has_more = board.pump();
      carry_out(board.take_effects());
      const std::uint64_t writes_before = writes;
      flush_at = flush(now());
      if (is_held) flush_at = std::min(flush_at.value_or(Instant::max()), now() + kHeldLook);
      if (writes == writes_before) break;  // no socket has room, or what there is waits for more
    }
  }
  board.close();
  flush(Instant::max());
}

// Writes what is enough or old enough; when the rest is due.
std::optional<Instant> SocketTransport::Impl::flush(Instant at) {
  std::optional<Instant> due;
  for (const LinkId link : board.links()) {
    wire::ByteBuffer* output = board.output(link);
    const auto found = connections.find(link);
    if (output == nullptr || output->empty() || found == connections.end()) continue;
    SocketConnection& connection = found->second;
    if (connection.is_connecting || connection.waits_for_room) continue;
    if (output->size() < kFlushBytes && at - connection.written_at < kFlushPause) {
      const Instant then = connection.written_at + kFlushPause;
      if (!due.has_value() || then < *due) due = then;
      continue;
    }
    if (!write(link, connection, *output)) {
      lost(link, fmt::format("writing failed: {}", std::strerror(errno)));
      continue;
    }
    connection.written_at = at == Instant::max() ? Instant{} : at;
  }
  return due;
}

bool SocketTransport::Impl::write(LinkId link, SocketConnection& connection,
                                  wire::ByteBuffer& output) {
  while (!output.empty()) {
    const ssize_t count =
        ::send(connection.socket.get(), output.data(), output.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      connection.waits_for_room = true;
      watch(connection.socket.get(), kLinkKeys + link, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
      return true;
    }
    if (count < 0) return false;
    ++writes;
    bytes_out += static_cast<std::uint64_t>(count);
    output.take(static_cast<std::size_t>(count));
  }
  output.shrink(4 * kOutputMax);
  return true;
}

void SocketTransport::Impl::sleep(std::optional<Instant> until) {
  // While something waits to be written, a short pause is all there will be, and nobody needs to wake us.
  const bool is_pause = until.has_value();
  const auto wake = board.wake_at();
  if (wake.has_value() && (!until.has_value() || *wake < *until)) until = wake;
  const bool sleeps = !is_pause && doorbell.fall_asleep();
  std::array<epoll_event, 64> events;
  timespec timeout{};
  if ((sleeps || is_pause) && until.has_value()) {
    const auto left = std::max<std::chrono::nanoseconds>(*until - now(), {});
    timeout.tv_sec = left.count() / 1'000'000'000;
    timeout.tv_nsec = left.count() % 1'000'000'000;
  }
  const bool is_endless = sleeps && !until.has_value();
  const int count = ::epoll_pwait2(epoll.get(), events.data(), static_cast<int>(events.size()),
                                   is_endless ? nullptr : &timeout, nullptr);
  if (sleeps) doorbell.wake_up();
  for (int i = 0; i < count; ++i) on_event(events[static_cast<std::size_t>(i)]);
}

void SocketTransport::Impl::on_event(const epoll_event& event) {
  const std::uint64_t key = event.data.u64;
  if (key == kDoorbellKey) {
    doorbell.hear();
    return;
  }
  if (key >= kLinkKeys) {
    on_socket(key - kLinkKeys, event.events);
    return;
  }
  accept_all(listening[key - kListenKeys].socket.get());
}

void SocketTransport::Impl::watch(int socket, std::uint64_t key, std::uint32_t events,
                                  int operation) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = key;
  ONYX_CHECK(::epoll_ctl(epoll.get(), operation, socket, &event) == 0, "epoll_ctl: errno {}",
             errno);
}

void SocketTransport::Impl::accept_all(int socket) {
  while (Descriptor accepted = accept_from(socket)) {
    const LinkId link = board.accepted(now());
    watch(accepted.get(), kLinkKeys + link, EPOLLIN, EPOLL_CTL_ADD);
    connections[link].socket = std::move(accepted);
  }
}

void SocketTransport::Impl::on_socket(LinkId link, std::uint32_t events) {
  const auto found = connections.find(link);
  if (found == connections.end()) return;
  SocketConnection& connection = found->second;
  if (connection.is_connecting) {
    const int error = connect_error(connection.socket.get());
    if (error != 0) {
      auto left = std::move(connection.untried);
      connections.erase(found);
      dial(link, std::move(left), Error(ErrorCode::unavailable, std::strerror(error), "NET-22"));
      return;
    }
    connection.is_connecting = false;
    watch(connection.socket.get(), kLinkKeys + link, EPOLLIN, EPOLL_CTL_MOD);
    board.connected(link, now());
    return;
  }
  if ((events & EPOLLOUT) != 0) {
    connection.waits_for_room = false;
    connection.written_at = {};
    watch(connection.socket.get(), kLinkKeys + link, EPOLLIN, EPOLL_CTL_MOD);
  }
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read(link);
}

void SocketTransport::Impl::read(LinkId link) {
  for (int turn = 0; turn < kReadsInTurn; ++turn) {
    // A frame may have ended the connection.
    const auto found = connections.find(link);
    if (found == connections.end() || board.output(link) == nullptr) return;
    const ssize_t count =
        ::recv(found->second.socket.get(), board.space(link, kReadBytes), kReadBytes, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (count <= 0) {
      lost(link, count == 0 ? "the other side closed it" : std::strerror(errno));
      return;
    }
    board.arrived(link, static_cast<std::size_t>(count), now());
    if (static_cast<std::size_t>(count) < kReadBytes) return;
  }
}

void SocketTransport::Impl::lost(LinkId link, const std::string& why) {
  connections.erase(link);
  spdlog::warn("data-plane connection lost link={}: {}", link, why);
  board.broken(link, Error(ErrorCode::unavailable, why, "NET-23"), now());
}

void SocketTransport::Impl::dial(LinkId link, std::vector<Address> left, const Error& why) {
  Error last = why;
  while (!left.empty()) {
    const Address address = left.front();
    left.erase(left.begin());
    auto socket = connect_to(address);
    if (!socket.has_value()) {
      last = socket.error();
      continue;
    }
    watch(socket->get(), kLinkKeys + link, EPOLLOUT, EPOLL_CTL_ADD);
    SocketConnection& connection = connections[link];
    connection.socket = std::move(*socket);
    connection.untried = std::move(left);
    connection.is_connecting = true;
    return;
  }
  spdlog::debug("data-plane dial failed link={}: {}", link, last.text());
  board.broken(link, last, now());
}

void SocketTransport::Impl::carry_out(std::vector<LinkEffect> effects) {
  while (!effects.empty()) {
    for (LinkEffect& effect : effects) {
      std::visit(Cases{
                     [&](const Dial& dial_to) {
                       auto parsed = parse_addresses(dial_to.addresses);
                       if (parsed.has_value()) {
                         dial(dial_to.link, std::move(*parsed),
                              Error(ErrorCode::unavailable, "no address", "NET-22"));
                       } else {
                         board.broken(dial_to.link, parsed.error(), now());
                       }
                     },
                     [&](HangUp& hang_up) {
                       const auto found = connections.find(hang_up.link);
                       if (found == connections.end()) return;
                       write(hang_up.link, found->second, hang_up.left);
                       connections.erase(found);
                       spdlog::warn("data-plane connection ended link={}: {}", hang_up.link,
                                    hang_up.why);
                     },
                     [&](QuestionCame& question) { question_came(std::move(question)); },
                     [&](AnswerCame& came) { answer_came(came.ask, std::move(came.answer)); },
                     [&](const LinkOpened& opened) {
                       spdlog::info("data-plane connection open link={} group={}", opened.link,
                                    opened.group.text());
                     },
                 },
                 effect);
    }
    effects = board.take_effects();
  }
}

void SocketTransport::Impl::question_came(QuestionCame question) {
  // Who answers may do so long after this end has gone.
  Answer answer = [weak = weak_from_this(), link = question.link,
                   number = question.number](Result<std::string> given) {
    const auto impl = weak.lock();
    if (impl == nullptr) return;
    impl->doorbell.post([raw = impl.get(), link, number, told = std::move(given)]() mutable {
      raw->board.answer(link, number, std::move(told));
    });
  };
  if (on_question) {
    on_question(std::move(question.question), std::move(answer));
  } else {
    answer(failure(ErrorCode::unavailable, "this group answers no questions now"));
  }
}

void SocketTransport::Impl::answer_came(AskId ask, Result<std::string> answer) {
  if (auto found = asked.extract(ask); !found.empty()) found.mapped()(std::move(answer));
}

void SocketTransport::Impl::call(const std::function<void()>& work) {
  ONYX_CHECK(!thread.is_current(), "the data-plane thread waits for itself");
  std::promise<void> done;
  doorbell.post([&] {
    work();
    done.set_value();
  });
  if (has_ended.load()) work_off();
  done.get_future().wait();
}

void SocketTransport::Impl::work_off() {
  const concurrency::MutexLock lock(after_the_end);
  std::vector<std::function<void()>> work;
  std::vector<EndId> rung;
  doorbell.take(work, rung);
  for (const auto& one : work) one();
}

std::shared_ptr<SocketEnd> SocketTransport::Impl::new_end() {
  auto end = std::make_shared<SocketEnd>();
  end->id = next_end.fetch_add(1);
  return end;
}

// Who rang before it was known was not heard.
void SocketTransport::Impl::add(const std::shared_ptr<SocketEnd>& end) {
  ends[end->id] = end;
  end->has_rung.exchange(false, std::memory_order_seq_cst);
}

// --- what jobs use ---

namespace {

template <class Impl>
class SocketTraffic final : public JobTraffic {
 public:
  SocketTraffic(std::shared_ptr<Impl> impl, JobKey job, JobListener listener)
      : impl_(std::move(impl)), job_(std::move(job)) {
    post([impl = impl_.get(), key = job_, heard = std::move(listener)] {
      impl->board.join(key, heard);
    });
  }
  ~SocketTraffic() override {
    impl_->call([this] {
      impl_->board.leave(job_);
      for (const EndId end : ends_) impl_->ends.erase(end);
    });
  }

  std::shared_ptr<Channel> send(const ChannelName& name, const Site& to,
                                std::size_t receiver_batch_size, Wake wake_producer) override {
    auto end = add_end();
    auto channel =
        std::make_shared<Channel>(receiver_batch_size, std::move(wake_producer), bell_of(end));
    post([impl = impl_.get(), end, name, to, channel] {
      impl->add(end);
      impl->board.send(end->id, name, to, channel, now());
    });
    return channel;
  }

  std::shared_ptr<Channel> receive(const ChannelName& name, const GroupId& from,
                                   std::size_t receiver_batch_size, Wake wake_consumer) override {
    auto end = add_end();
    auto channel =
        std::make_shared<Channel>(receiver_batch_size, bell_of(end), std::move(wake_consumer));
    post([impl = impl_.get(), end, name, from, channel] {
      impl->add(end);
      impl->board.receive(end->id, name, from, channel);
    });
    return channel;
  }

  void tell(const Site& to, const JobMessage& message) override {
    post([impl = impl_.get(), key = job_, to, message] {
      impl->board.tell(key, to, message, now());
    });
  }

  void begin() override {
    const concurrency::MutexLock lock(mutex_);
    has_begun_ = true;
    for (auto& work : held_) impl_->doorbell.post(std::move(work));
    held_.clear();
  }

 private:
  void post(std::function<void()> work) {
    const concurrency::MutexLock lock(mutex_);
    if (has_begun_) {
      impl_->doorbell.post(std::move(work));
    } else {
      held_.push_back(std::move(work));
    }
  }
  std::shared_ptr<SocketEnd> add_end() {
    auto end = impl_->new_end();
    ends_.push_back(end->id);
    return end;
  }
  Wake bell_of(const std::shared_ptr<SocketEnd>& end) {
    return [impl = impl_, end] {
      if (!end->has_rung.exchange(true, std::memory_order_seq_cst)) impl->doorbell.ring(end->id);
    };
  }

  const std::shared_ptr<Impl> impl_;
  const JobKey job_;
  std::vector<EndId> ends_;  // of the thread that wires the job
  concurrency::Mutex mutex_;
  bool has_begun_ ONYX_GUARDED_BY(mutex_) = false;
  std::vector<std::function<void()>> held_ ONYX_GUARDED_BY(mutex_);
};

}  // namespace

SocketTransport::SocketTransport(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<SocketTransport>> SocketTransport::start(SocketTransportSettings settings) {
  auto impl = std::make_shared<Impl>(std::move(settings.switchboard));
  ONYX_CHECK(static_cast<bool>(impl->epoll), "no epoll: errno {}", errno);
  impl->watch(impl->doorbell.descriptor(), kDoorbellKey, EPOLLIN, EPOLL_CTL_ADD);
  for (const std::string& text : settings.listen) {
    ONYX_ASSIGN_OR_RETURN(const Address address, parse_address(text));
    ONYX_ASSIGN_OR_RETURN(Listening listening, listen_on(address));
    impl->watch(listening.socket.get(), kListenKeys + impl->listening.size(), EPOLLIN,
                EPOLL_CTL_ADD);
    if (!impl->addresses.empty()) impl->addresses += ',';
    impl->addresses += listening.address.text();
    impl->listening.push_back(std::move(listening));
  }
  impl->thread = concurrency::NamedThread("data-plane", [raw = impl.get()] { raw->run(); });
  return std::unique_ptr<SocketTransport>(new SocketTransport(std::move(impl)));
}

SocketTransport::~SocketTransport() {
  impl_->doorbell.post([impl = impl_.get()] { impl->stops = true; });
  impl_->thread.join();
  impl_->has_ended.store(true);
  impl_->work_off();
  for (auto& [ask, answer] : std::exchange(impl_->asked, {}))
    answer(failure(ErrorCode::unavailable, "this group leaves"));
  for (const Listening& listening : impl_->listening) {
    if (listening.address.is_unix()) ::unlink(listening.address.path.c_str());
  }
}

std::unique_ptr<JobTraffic> SocketTransport::join(const JobKey& job, JobListener listener) {
  return std::make_unique<SocketTraffic<Impl>>(impl_, job, std::move(listener));
}

void SocketTransport::ask(const Site& to, std::string question, Answer answer) {
  if (question.size() > wire::kTextBytesMax) {
    answer(
        failure(ErrorCode::invalid_argument, fmt::format("a question has {} bytes, {} are allowed",
                                                         question.size(), wire::kTextBytesMax)));
    return;
  }
  impl_->doorbell.post(
      [impl = impl_.get(), to, asked = std::move(question), told = std::move(answer)]() mutable {
        const AskId id = impl->next_ask++;
        impl->asked.emplace(id, std::move(told));
        impl->board.ask(id, to, std::move(asked), now());
      });
}

void SocketTransport::answer_with(Asked asked) {
  impl_->call([&] { impl_->on_question = std::move(asked); });
}

void SocketTransport::act_while(std::function<bool()> may_act) {
  impl_->call([&] { impl_->may_act = std::move(may_act); });
}

std::string SocketTransport::addresses() const { return impl_->addresses; }

TransportCounters SocketTransport::counters() const {
  TransportCounters counters;
  impl_->call([&] {
    counters = impl_->board.counters();
    counters.bytes_out = impl_->bytes_out;
    counters.writes = impl_->writes;
  });
  return counters;
}

void SocketTransport::cut_connections() {
  impl_->call([impl = impl_.get()] {
    for (const LinkId link : impl->board.links()) impl->lost(link, "cut");
  });
}

}  // namespace onyx::messaging
