#include "daemon/messaging/transport/switchboard.h"

#include "tests/unit/daemon/messaging/two_boards.h"

using namespace onyx;
using namespace onyx::messaging;
using namespace std::chrono_literals;

namespace {

const JobKey kJob{JobId("j"), 7};

ChannelName channel_name(SlotId from = 0, SlotId to = 0, const JobKey& job = kJob) {
  return {job, TaskId("in"), from, TaskId("out"), to};
}

// A job's channel from a to b, both sides joined.
struct Rig : TwoBoards {
  explicit Rig(std::size_t batch = 2) : batch_size(batch) {
    join(a(), kJob);
    join(b(), kJob);
    out = send(a(), channel_name(), batch_size);
    in = receive(b(), channel_name(), batch_size);
    publisher = std::make_unique<RingPublisher>(std::vector{out});
    subscriber = std::make_unique<RingSubscriber>(kJob.version, std::vector{in});
    run();
  }
  std::size_t batch_size;
  std::shared_ptr<Channel> out, in;
  std::unique_ptr<RingPublisher> publisher;
  std::unique_ptr<RingSubscriber> subscriber;
};

PeerStatus status_at(Epoch epoch) {
  PeerStatus status;
  status.task = TaskId("out");
  status.epoch = epoch;
  return status;
}

}  // namespace

TEST_CASE("switchboard: segments and barriers arrive in order", "[messaging][switchboard]") {
  Rig rig;
  REQUIRE(rig.publisher->offer(barrier_of(7, 0)));
  for (std::int64_t n = 1; n <= 5; ++n) rig.publisher->put(number_segment(n));
  REQUIRE(rig.publisher->offer(barrier_of(7, 1)));
  rig.publisher->put(number_segment(6));
  REQUIRE(rig.publisher->flush());
  rig.run();
  CHECK(drained(*rig.subscriber) == "| 1 2 3 4 5 | 6");
  CHECK(rig.a().lost.empty());
  CHECK(rig.b().lost.empty());
}

TEST_CASE("switchboard: while held nothing of a job goes out, afterwards all of it in order",
          "[messaging][switchboard]") {
  Rig rig;
  rig.a().board->hold(true);
  rig.publisher->put(number_segment(1));
  REQUIRE(rig.publisher->flush());
  REQUIRE(rig.publisher->offer(barrier_of(7, 0)));
  rig.tell(rig.a(), kJob, status_at(1));
  rig.run();
  CHECK(drained(*rig.subscriber).empty());
  CHECK(rig.b().told.empty());
  rig.a().board->hold(false);
  rig.tell(rig.a(), kJob, status_at(2));
  rig.run();
  CHECK(drained(*rig.subscriber) == "1 |");
  CHECK(rig.b().told.size() == 2);
  CHECK(rig.a().lost.empty());
}

TEST_CASE("switchboard: it does not matter which side comes first", "[messaging][switchboard]") {
  TwoBoards net;
  net.join(net.a(), kJob);
  auto out = net.send(net.a(), channel_name(), 2);
  RingPublisher publisher({out});
  publisher.put(number_segment(1));
  REQUIRE(publisher.flush());
  net.run();
  net.join(net.b(), kJob);
  auto in = net.receive(net.b(), channel_name(), 2);
  net.run();
  RingSubscriber subscriber(7, {in});
  CHECK(drained(subscriber) == "1");
}

TEST_CASE("switchboard: a receiver that stands still stops its sender and nobody else",
          "[messaging][switchboard]") {
  Rig rig(100);
  auto other_out = rig.send(rig.a(), channel_name(1, 0), 100);
  auto other_in = rig.receive(rig.b(), channel_name(1, 0), 100);
  RingPublisher other_publisher({other_out});
  RingSubscriber other_subscriber(7, {other_in});

  std::int64_t put = 0;
  while (rig.publisher->flush()) {
    rig.publisher->put(number_segment(put++));
    rig.run();
    REQUIRE(put < 10'000'000);
  }
  const std::size_t in_flight = rig.out->backlog() + rig.in->backlog();
  CHECK(in_flight <= rig.out->capacity() + rig.in->capacity());
  CHECK(rig.in->backlog() == rig.in->capacity());

  other_publisher.put(number_segment(1));
  REQUIRE(other_publisher.flush());
  rig.run();
  CHECK(drained(other_subscriber) == "1");

  // Once it reads on, everything comes, in order.
  std::int64_t next = 0;
  bool is_in_order = true;
  std::vector<edn::Value> segments;
  barrier::Barrier barrier;
  while (next < put) {
    segments.clear();
    REQUIRE(rig.subscriber->poll(100, segments, barrier) == Heard::segments);
    for (const auto& segment : segments)
      is_in_order = is_in_order && segment.get("n").as_integer() == next++;
    rig.publisher->flush();
    rig.run();
  }
  CHECK(is_in_order);
  CHECK(rig.publisher->flush());
}

TEST_CASE("switchboard: large segments are bounded by bytes", "[messaging][switchboard]") {
  Rig rig(1);
  const edn::Value large = edn::Value::map(
      {{edn::Value::keyword("n"), edn::Value::integer(1)},
       {edn::Value::keyword("text"), edn::Value::string(std::string(1'000'000, 'x'))}});
  int put = 0;
  for (; put < 40; ++put) {
    rig.publisher->put(large);
    rig.publisher->flush();
    rig.run();
  }
  CHECK(rig.in->backlog() >= 4);
  CHECK(rig.in->backlog() <= 6);
  int got = 0;
  for (int turns = 0; turns < 100 && got < put; ++turns) {
    const std::string text = drained(*rig.subscriber);
    got += static_cast<int>(std::count(text.begin(), text.end(), '1'));
    rig.run();
  }
  CHECK(got == put);
}

TEST_CASE("switchboard: a broken connection is told at once to whoever used it, once",
          "[messaging][switchboard]") {
  Rig rig;
  rig.publisher->put(number_segment(1));
  REQUIRE(rig.publisher->flush());
  rig.run();
  rig.cut();
  CHECK(rig.a().lost == std::vector<std::string>{"b NET-23"});
  CHECK(rig.b().lost == std::vector<std::string>{"a NET-23"});
  // What had come may be read; nothing more comes at this version.
  rig.publisher->put(number_segment(2));
  rig.publisher->flush();
  rig.run();
  CHECK(drained(*rig.subscriber) == "1");
  CHECK(rig.a().lost.size() == 1);
}

TEST_CASE("switchboard: after a break the next version connects anew", "[messaging][switchboard]") {
  Rig rig;
  rig.cut();
  const JobKey next{kJob.job, 8};
  for (auto* side : {&rig.a(), &rig.b()}) {
    side->board->leave(kJob);
    rig.join(*side, next);
  }
  auto out = rig.send(rig.a(), channel_name(0, 0, next), 2);
  auto in = rig.receive(rig.b(), channel_name(0, 0, next), 2);
  RingPublisher publisher({out});
  RingSubscriber subscriber(8, {in});
  publisher.put(number_segment(1));
  REQUIRE(publisher.flush());
  rig.run();
  CHECK(drained(subscriber) == "1");
}

TEST_CASE("switchboard: what belongs to an older version is dropped and counted",
          "[messaging][switchboard]") {
  Rig rig;
  const JobKey next{kJob.job, 8};
  rig.b().board->leave(kJob);
  rig.join(rig.b(), next);
  rig.publisher->put(number_segment(1));
  REQUIRE(rig.publisher->flush());
  rig.tell(rig.a(), kJob, status_at(3));
  rig.run();
  CHECK(drained(*rig.subscriber).empty());
  CHECK(rig.b().told.empty());
  CHECK(rig.b().board->counters().stale == 2);
  // A channel that is opened late is refused, and its sender goes on living.
  auto late = rig.send(rig.a(), channel_name(1, 0), 2);
  rig.run();
  CHECK(rig.b().board->counters().stale == 3);
  CHECK(rig.a().lost.empty());
}

TEST_CASE("switchboard: a channel of a version that is passed over is refused and counted",
          "[messaging][switchboard]") {
  Rig rig;
  const JobKey passed{kJob.job, 8};
  rig.join(rig.a(), passed);
  auto out = rig.send(rig.a(), channel_name(0, 0, passed), 2);
  rig.run();
  CHECK(rig.b().board->counters().stale == 0);
  rig.b().board->leave(kJob);
  rig.join(rig.b(), {kJob.job, 9});
  rig.run();
  CHECK(rig.b().board->counters().stale == 1);
  CHECK(rig.a().board->counters().stale == 1);  // it is told, and lets the channel go
  CHECK(rig.a().lost.empty());
}

TEST_CASE("switchboard: what belongs to a newer version waits for it", "[messaging][switchboard]") {
  Rig rig;
  const JobKey next{kJob.job, 8};
  rig.a().board->leave(kJob);
  rig.join(rig.a(), next);
  auto out = rig.send(rig.a(), channel_name(0, 0, next), 2);
  RingPublisher publisher({out});
  publisher.put(number_segment(1));
  REQUIRE(publisher.flush());
  rig.tell(rig.a(), next, Inject{barrier_of(8, 0)});
  rig.tell(rig.a(), next, Publish{4});
  rig.run();
  CHECK(rig.b().told.empty());

  rig.b().board->leave(kJob);
  rig.join(rig.b(), next);
  CHECK(rig.b().told == std::vector<JobMessage>{Inject{barrier_of(8, 0)}, Publish{4}});
  auto in = rig.receive(rig.b(), channel_name(0, 0, next), 2);
  rig.run();
  RingSubscriber subscriber(8, {in});
  CHECK(drained(subscriber) == "1");
}

TEST_CASE("switchboard: what is told arrives, in order, also while data stands still",
          "[messaging][switchboard]") {
  Rig rig(100);
  while (rig.publisher->flush()) {
    rig.publisher->put(number_segment(1));
    rig.run();
  }
  for (Epoch epoch = 0; epoch < 3; ++epoch) rig.tell(rig.a(), kJob, status_at(epoch));
  rig.run();
  CHECK(rig.b().told == std::vector<JobMessage>{status_at(0), status_at(1), status_at(2)});
}

TEST_CASE("switchboard: a question is answered, whoever asks and in whatever order",
          "[messaging][switchboard]") {
  TwoBoards net;
  net.ask(net.a(), 1, "who?");
  net.ask(net.a(), 2, "where?");
  net.ask(net.b(), 1, "when?");
  net.run();
  REQUIRE(net.b().questions.size() == 2);
  REQUIRE(net.a().questions.size() == 1);
  const auto [link, first, who] = net.b().questions[0];
  CHECK(who == "who?");
  net.b().board->answer(net.b().questions[1].link, net.b().questions[1].number, "here");
  net.b().board->answer(link, first, failure(ErrorCode::not_found, "nobody"));
  net.a().board->answer(net.a().questions[0].link, net.a().questions[0].number, "now");
  net.run();
  CHECK(net.a().answers == std::map<AskId, std::string>{{1, " nobody"}, {2, "here"}});
  CHECK(net.b().answers == std::map<AskId, std::string>{{1, "now"}});
}

TEST_CASE("switchboard: a lost connection answers every question that was asked on it",
          "[messaging][switchboard]") {
  TwoBoards net;
  net.ask(net.a(), 1, "who?");
  net.run();
  REQUIRE(net.b().questions.size() == 1);
  net.cut();
  net.run();
  CHECK(net.a().answers == std::map<AskId, std::string>{{1, "NET-23 cut"}});
  // Too late, and nobody minds.
  net.b().board->answer(net.b().questions[0].link, net.b().questions[0].number, "me");
  net.run();

  net.b().is_reachable = false;
  net.ask(net.a(), 2, "and now?");
  for (int i = 0; i < 40; ++i) net.pass(100ms);
  CHECK(net.a().answers.at(2) == "NET-22 no");
}

TEST_CASE("switchboard: questions of one connection that wait for an answer are bounded",
          "[messaging][switchboard]") {
  TwoBoards net;
  for (AskId id = 0; id <= kAsksMax; ++id) net.ask(net.a(), id, "?");
  net.run();
  CHECK(net.b().questions.size() == kAsksMax);
  REQUIRE(net.a().answers.size() == 1);
  CHECK_THAT(net.a().answers.begin()->second, Catch::Contains("too many questions"));
}

TEST_CASE("switchboard: a group that cannot be reached is dialled with growing pauses, then lost",
          "[messaging][switchboard]") {
  TwoBoards net;
  net.b().is_reachable = false;
  net.join(net.a(), kJob);
  net.send(net.a(), channel_name(), 2);
  net.run();
  CHECK(net.a().dials == 1);
  for (int i = 0; i < 29; ++i) net.pass(100ms);
  CHECK(net.a().lost.empty());
  CHECK(net.a().dials > 5);
  CHECK(net.a().dials < 20);
  for (int i = 0; i < 20; ++i) net.pass(100ms);
  CHECK(net.a().lost == std::vector<std::string>{"b NET-22"});
}

TEST_CASE("switchboard: a group that comes late is reached", "[messaging][switchboard]") {
  TwoBoards net;
  net.b().is_reachable = false;
  net.join(net.a(), kJob);
  net.join(net.b(), kJob);
  auto out = net.send(net.a(), channel_name(), 2);
  net.tell(net.a(), kJob, status_at(1));
  net.run();
  net.pass(500ms);
  net.b().is_reachable = true;
  auto in = net.receive(net.b(), channel_name(), 2);
  RingPublisher publisher({out});
  publisher.put(number_segment(1));
  REQUIRE(publisher.flush());
  net.pass(1'000ms);
  RingSubscriber subscriber(7, {in});
  CHECK(drained(subscriber) == "1");
  CHECK(net.b().told == std::vector<JobMessage>{status_at(1)});
  CHECK(net.a().lost.empty());
}

TEST_CASE("switchboard: silence breaks a connection, heartbeats keep it",
          "[messaging][switchboard]") {
  Rig rig;
  for (int i = 0; i < 100; ++i) rig.pass(200ms);
  CHECK(rig.a().lost.empty());
  CHECK(rig.b().lost.empty());
  rig.freeze();
  for (int i = 0; i < 20; ++i) rig.pass_for_one(rig.b(), 200ms);
  CHECK(rig.b().lost == std::vector<std::string>{"a NET-34"});
}

TEST_CASE("switchboard: whoever was stopped itself does not blame the other side",
          "[messaging][switchboard]") {
  Rig rig;
  for (int i = 0; i < 5; ++i) rig.pass(200ms);
  rig.pass(20'000ms);
  rig.pass(200ms);
  CHECK(rig.a().lost.empty());
  CHECK(rig.b().lost.empty());
}

TEST_CASE("switchboard: a segment that cannot travel is the job's fault, not the connection's",
          "[messaging][switchboard]") {
  Rig rig;
  edn::Value deep = edn::Value::integer(1);
  for (int i = 0; i < 600; ++i) deep = edn::Value::vector({deep});
  rig.publisher->put(edn::Value::map({{edn::Value::keyword("n"), deep}}));
  REQUIRE(rig.publisher->flush());
  rig.run();
  CHECK(rig.a().unsendable == std::vector<std::string>{"NET-20"});
  CHECK(rig.wires() == 1);
  rig.tell(rig.a(), kJob, status_at(1));
  rig.run();
  CHECK(rig.b().told.size() == 1);
}

TEST_CASE("switchboard: a job that leaves lets go of its channels", "[messaging][switchboard]") {
  Rig rig;
  rig.b().board->leave(kJob);
  rig.publisher->put(number_segment(1));
  REQUIRE(rig.publisher->flush());
  rig.run();
  CHECK(rig.in.use_count() == 2);  // ours and the subscriber's
  CHECK(rig.a().lost.empty());
  rig.a().board->leave(kJob);
  rig.run();
  CHECK(rig.out.use_count() == 2);
  CHECK(rig.wires() == 1);
}

TEST_CASE("switchboard: a group that connects anew takes the place of its old connection",
          "[messaging][switchboard]") {
  Rig rig;
  // a's side breaks and b does not hear of it: the next version's connection tells it.
  const Error why(ErrorCode::unavailable, "cut", "NET-23");
  const auto link = rig.a().board->links().front();
  rig.a().board->broken(link, why, rig.now());
  CHECK(rig.b().lost.empty());
  const JobKey next{kJob.job, 8};
  rig.a().board->leave(kJob);
  rig.join(rig.a(), next);
  auto out = rig.send(rig.a(), channel_name(0, 0, next), 2);
  rig.run();
  CHECK(rig.b().lost == std::vector<std::string>{"a NET-36"});
}
