// Two transports in one process, over real sockets: the two halves of a job, each with an input and an output peer.
#include "daemon/messaging/transport/socket_transport.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <array>
#include <condition_variable>
#include <filesystem>
#include <future>
#include <mutex>
#include <thread>

#include "daemon/messaging/in_process/ring_publisher.h"
#include "daemon/messaging/in_process/ring_subscriber.h"
#include "daemon/messaging/transport/sockets.h"

using namespace onyx;
using namespace onyx::messaging;

namespace {

// Wakes a thread that waits; the limit is a hang guard.
class Bell {
 public:
  void ring() {
    const std::lock_guard lock(mutex_);
    has_rung_ = true;
    rung_.notify_all();
  }
  bool wait() {
    std::unique_lock lock(mutex_);
    const bool came = rung_.wait_for(lock, std::chrono::seconds(60), [&] { return has_rung_; });
    has_rung_ = false;
    return came;
  }

 private:
  std::mutex mutex_;
  std::condition_variable rung_;
  bool has_rung_ = false;
};

class Directory {
 public:
  Directory() {
    std::string name = (std::filesystem::temp_directory_path() / "onyx-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

enum class Over { unix_socket, tcp };

std::unique_ptr<SocketTransport> transport(const std::string& group, Over over,
                                           const Directory& directory) {
  SocketTransportSettings settings;
  settings.switchboard.self = {"t", GroupId(group), "secret"};
  settings.listen = {over == Over::tcp ? "127.0.0.1:0" : "unix:" + directory.file(group)};
  auto started = SocketTransport::start(std::move(settings));
  if (!started.has_value()) FAIL(started.error().text());
  return std::move(*started);
}

constexpr std::int64_t kSegments = 20'000;  // of each input
constexpr std::int64_t kPerEpoch = 1'000;
constexpr std::size_t kBatch = 50;

edn::Value segment_of(std::int64_t from, std::int64_t n) {
  return edn::Value::map(
      {{edn::Value::keyword("from"), edn::Value::integer(from)},
       {edn::Value::keyword("n"), edn::Value::integer(n)},
       {edn::Value::keyword("text"), edn::Value::string("thirty bytes of text in each one")}});
}

// What an output has seen of one version.
struct Seen {
  std::array<std::vector<std::int64_t>, 2> numbers;  // by input
  bool has_ended = false;
  bool is_lost = false;
};

// One daemon's half of the job: input `index`, output `index`.
class Half {
 public:
  Half(SocketTransport& transport, std::size_t index, std::array<Site, 2> sites,
       ReplicaVersion version)
      : index_(index), version_(version) {
    const JobKey job{JobId("j"), version};
    JobListener listener;
    listener.told = [this](const JobMessage&) { ++told_; };
    listener.lost = [this](const GroupId&, const Error&) {
      is_lost_ = true;
      in_bell_.ring();
      out_bell_.ring();
    };
    listener.unsendable = [](const ChannelName&, const Error&) {};
    traffic_ = transport.join(job, std::move(listener));
    const std::size_t other = 1 - index;
    const auto name = [&](std::size_t from, std::size_t to) {
      return ChannelName{job, TaskId("in"), static_cast<SlotId>(from), TaskId("out"),
                         static_cast<SlotId>(to)};
    };
    const Wake wake_in = [this] { in_bell_.ring(); };
    const Wake wake_out = [this] { out_bell_.ring(); };
    auto local = std::make_shared<Channel>(kBatch, wake_in, wake_out);
    auto outgoing = traffic_->send(name(index, other), sites[other], kBatch, wake_in);
    auto incoming = traffic_->receive(name(other, index), sites[other].group, kBatch, wake_out);
    std::vector<std::shared_ptr<Channel>> to(2), from(2);
    to[index] = from[index] = local;
    to[other] = outgoing;
    from[other] = incoming;
    publisher_ = std::make_unique<RingPublisher>(to);
    subscriber_ = std::make_unique<RingSubscriber>(version, from);
    traffic_->tell(sites[other], Publish{1});
    traffic_->begin();
  }

  void start(std::int64_t stop_after = INT64_MAX) {
    input_ = std::thread([this, stop_after] { produce(stop_after); });
    output_ = std::thread([this] { consume(); });
  }
  ~Half() { traffic_.reset(); }  // what is on its way to the other half is dropped
  Seen join() {
    if (input_.joinable()) input_.join();
    if (output_.joinable()) output_.join();
    seen_.is_lost = is_lost_;
    return seen_;
  }
  int told() const { return told_; }

 private:
  template <class Done>
  bool until(Done done) {
    while (!done()) {
      if (is_lost_ || !in_bell_.wait()) return false;
    }
    return true;
  }
  barrier::Barrier barrier(Epoch epoch, bool sealing = false) const {
    barrier::Barrier made;
    made.version = version_;
    made.epoch = epoch;
    made.sealing = sealing;
    return made;
  }
  // Stops without an end after so many, as if it had nothing more to read for now.
  void produce(std::int64_t stop_after) {
    Epoch epoch = 0;
    if (!until([&] { return publisher_->offer(barrier(epoch)); })) return;
    for (std::int64_t n = 0; n < kSegments; ++n) {
      if (n == stop_after) {
        until([&] { return publisher_->flush(); });
        return;
      }
      publisher_->put(segment_of(static_cast<std::int64_t>(index_), n), static_cast<SlotId>(n % 2));
      if (n % 37 == 0 && !until([&] { return publisher_->flush(); })) return;
      if ((n + 1) % kPerEpoch == 0) {
        ++epoch;
        if (!until([&] { return publisher_->offer(barrier(epoch)); })) return;
      }
    }
    ++epoch;
    until([&] { return publisher_->offer(barrier(epoch, true)); });
  }
  void consume() {
    std::vector<edn::Value> segments;
    barrier::Barrier barrier;
    Epoch epoch = -1;
    for (;;) {
      segments.clear();
      switch (subscriber_->poll(kBatch, segments, barrier)) {
        case Heard::segments:
          for (const auto& segment : segments) {
            seen_.numbers[static_cast<std::size_t>(segment.get("from").as_integer())].push_back(
                segment.get("n").as_integer());
          }
          break;
        case Heard::barrier:
          if (barrier.epoch != ++epoch) return;
          // Everything before the barrier has come, and nothing from beyond it.
          for (const auto& numbers : seen_.numbers) {
            if (!barrier.sealing &&
                numbers.size() != static_cast<std::size_t>(epoch * kPerEpoch / 2))
              return;
          }
          if (barrier.sealing) {
            seen_.has_ended = true;
            return;
          }
          break;
        case Heard::nothing:
          if (is_lost_ || !out_bell_.wait()) return;
          break;
        case Heard::misaligned:
          return;
      }
    }
  }

  const std::size_t index_;
  const ReplicaVersion version_;
  Bell in_bell_, out_bell_;
  std::atomic<bool> is_lost_{false};
  std::atomic<int> told_{0};
  std::unique_ptr<JobTraffic> traffic_;
  std::unique_ptr<RingPublisher> publisher_;
  std::unique_ptr<RingSubscriber> subscriber_;
  std::thread input_, output_;
  Seen seen_;
};

std::vector<std::int64_t> every_second(std::int64_t from) {
  std::vector<std::int64_t> numbers;
  for (std::int64_t n = from; n < kSegments; n += 2) numbers.push_back(n);
  return numbers;
}

struct Pair {
  explicit Pair(Over over)
      : a(transport("a", over, directory)),
        b(transport("b", over, directory)),
        sites{Site{GroupId("a"), a->addresses()}, Site{GroupId("b"), b->addresses()}} {}
  Directory directory;
  std::unique_ptr<SocketTransport> a, b;
  std::array<Site, 2> sites;
};

void check_exact(const Seen& seen, std::size_t slot) {
  INFO(fmt::format("{} and {} numbers", seen.numbers[0].size(), seen.numbers[1].size()));
  CHECK(seen.has_ended);
  CHECK_FALSE(seen.is_lost);
  for (const auto& numbers : seen.numbers)
    CHECK((numbers == every_second(static_cast<std::int64_t>(slot))));
}

bool is_prefix_of_all(const Seen& seen, std::size_t slot) {
  const auto all = every_second(static_cast<std::int64_t>(slot));
  return std::all_of(seen.numbers.begin(), seen.numbers.end(), [&](const auto& some) {
    return some.size() <= all.size() && std::equal(some.begin(), some.end(), all.begin());
  });
}

}  // namespace

TEST_CASE("sockets: two halves of a job exchange everything, in order, cut by barriers",
          "[messaging][sockets]") {
  Pair pair(GENERATE(Over::unix_socket, Over::tcp));
  Half a(*pair.a, 0, pair.sites, 1);
  Half b(*pair.b, 1, pair.sites, 1);
  a.start();
  b.start();
  const Seen of_a = a.join();
  const Seen of_b = b.join();
  check_exact(of_a, 0);
  check_exact(of_b, 1);
  CHECK(a.told() == 1);
  CHECK(b.told() == 1);
  const TransportCounters counters = pair.a->counters();
  CHECK(counters.broken == 0);
  CHECK(counters.stale == 0);
  // Small frames are gathered: in fewer writes than frames.
  CHECK(counters.writes < counters.frames_out);
}

TEST_CASE("sockets: a reset is told at once, and the job started over gives exact results",
          "[messaging][sockets]") {
  Pair pair(GENERATE(Over::unix_socket, Over::tcp));
  {
    Half a(*pair.a, 0, pair.sites, 1);
    Half b(*pair.b, 1, pair.sites, 1);
    a.start(kSegments / 2 + 17);  // the job cannot end before the cut
    b.start(kSegments / 2 + 17);
    // Something has crossed.
    while (pair.b->counters().bytes_in < 10'000) std::this_thread::yield();
    pair.a->cut_connections();
    const Seen of_a = a.join();
    const Seen of_b = b.join();
    CHECK(of_a.is_lost);
    CHECK(of_b.is_lost);
    CHECK(is_prefix_of_all(of_a, 0));
    CHECK(is_prefix_of_all(of_b, 1));
  }
  Half a(*pair.a, 0, pair.sites, 2);
  Half b(*pair.b, 1, pair.sites, 2);
  a.start();
  b.start();
  check_exact(a.join(), 0);
  check_exact(b.join(), 1);
}

TEST_CASE("sockets: a cut between two groups is told to both at once", "[messaging][sockets]") {
  Pair pair(Over::unix_socket);
  Half a(*pair.a, 0, pair.sites, 1);
  Half b(*pair.b, 1, pair.sites, 1);
  a.start(10);
  b.start(10);
  while (a.told() == 0 || b.told() == 0) std::this_thread::yield();
  pair.b->cut_connections();
  CHECK(a.join().is_lost);
  CHECK(b.join().is_lost);
}

TEST_CASE("sockets: what is sent before the beginning arrives, and so does what follows",
          "[messaging][sockets]") {
  Pair pair(Over::unix_socket);
  const JobKey job{JobId("j"), 1};
  const ChannelName name{job, TaskId("in"), 0, TaskId("out"), 0};
  const JobListener listener{[](const JobMessage&) {}, [](const GroupId&, const Error&) {},
                             [](const ChannelName&, const Error&) {}};
  Bell bell;
  auto from = pair.a->join(job, listener);
  RingPublisher publisher({from->send(name, pair.sites[1], kBatch, [] {})});
  auto to = pair.b->join(job, listener);
  RingSubscriber subscriber(1, {to->receive(name, GroupId("a"), kBatch, [&] { bell.ring(); })});
  to->begin();
  const auto next = [&] {
    std::vector<edn::Value> segments;
    barrier::Barrier barrier;
    while (subscriber.poll(kBatch, segments, barrier) == Heard::nothing) REQUIRE(bell.wait());
    return segments.at(0).get("n").as_integer();
  };
  for (std::int64_t n = 0; n < 3; ++n) {
    publisher.put(segment_of(0, n));
    REQUIRE(publisher.flush());
    pair.a->counters();  // its thread has come round
    if (n == 0) from->begin();
    CHECK(next() == n);
  }
}

TEST_CASE("sockets: garbage ends its connection and nothing else", "[messaging][sockets]") {
  Pair pair(Over::tcp);
  auto socket = connect_to(*parse_address(pair.a->addresses()));
  REQUIRE(socket.has_value());
  const std::string garbage = "GET / HTTP/1.1\r\n\r\n";
  while (::send(socket->get(), garbage.data(), garbage.size(), MSG_NOSIGNAL) < 0)
    std::this_thread::yield();
  while (pair.a->counters().broken == 0) std::this_thread::yield();
  Half a(*pair.a, 0, pair.sites, 1);
  Half b(*pair.b, 1, pair.sites, 1);
  a.start();
  b.start();
  check_exact(a.join(), 0);
  check_exact(b.join(), 1);
}

TEST_CASE("sockets: a question is answered by another thread, and by an end that goes",
          "[messaging][sockets]") {
  Directory directory;
  auto a = transport("a", Over::unix_socket, directory);
  auto b = transport("b", Over::unix_socket, directory);
  const Site to_b{GroupId("b"), b->addresses()};
  const auto asked = [&](const std::string& question) {
    auto answer = std::make_shared<std::promise<std::string>>();
    a->ask(to_b, question, [answer](const Result<std::string>& came) {
      answer->set_value(came.has_value() ? *came : came.error().text());
    });
    return answer->get_future();
  };
  CHECK_THAT(asked("early").get(), Catch::Contains("answers no questions now"));

  std::vector<std::thread> others;
  b->answer_with([&](std::string question, const Answer& answer) {
    others.emplace_back([question, answer] { answer("you said " + question); });
  });
  CHECK(asked("hello").get() == "you said hello");
  const std::string large(1'000'000, 'x');
  b->answer_with([&](const std::string&, const Answer& answer) { answer(large); });
  CHECK(asked("more").get() == large);

  b->answer_with([](const std::string&, const Answer&) {});  // never
  auto unanswered = asked("ever?");
  a.reset();
  CHECK_THAT(unanswered.get(), Catch::Contains("leaves"));
  for (auto& other : others) other.join();
}

TEST_CASE("sockets: a path left behind by a daemon that is gone is used again",
          "[messaging][sockets]") {
  Directory directory;
  const Address address = *parse_address("unix:" + directory.file("a"));
  { auto ghost = listen_on(address); }
  CHECK(std::filesystem::exists(address.path));
  CHECK(listen_on(address).has_value());
  auto alive = listen_on(Address{directory.file("b"), "", 0});
  REQUIRE(alive.has_value());
  const auto taken = listen_on(alive->address);
  REQUIRE_FALSE(taken.has_value());
  CHECK(taken.error().rule() == "NET-02");
}
