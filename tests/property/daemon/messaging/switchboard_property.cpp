// Whatever the network does to the pieces, and whenever either side turns: a channel keeps its order and loses nothing, and after a
// break both sides know.
#include <rapidcheck.h>

#include "tests/unit/daemon/messaging/two_boards.h"

namespace onyx::messaging {
namespace {

const JobKey kJob{JobId("j"), 7};

struct Line {
  std::shared_ptr<Channel> out, in;
  std::unique_ptr<RingPublisher> publisher;
  std::unique_ptr<RingSubscriber> subscriber;
  std::int64_t put = 0;
  Epoch offered = -1;
  std::string sent, received;
};

Line line_between(TwoBoards& net, TwoBoards::Side& from, TwoBoards::Side& to, SlotId slot,
                  std::size_t batch_size) {
  const ChannelName name{kJob, TaskId(from.group.text()), slot, TaskId(to.group.text()), 0};
  Line line;
  // Either side may come first.
  if (*rc::gen::arbitrary<bool>()) {
    line.out = net.send(from, name, batch_size);
    line.in = net.receive(to, name, batch_size);
  } else {
    line.in = net.receive(to, name, batch_size);
    line.out = net.send(from, name, batch_size);
  }
  line.publisher = std::make_unique<RingPublisher>(std::vector{line.out});
  line.subscriber = std::make_unique<RingSubscriber>(kJob.version, std::vector{line.in});
  return line;
}

void put_some(Line& line) {
  const auto count = *rc::gen::inRange(1, 2'000);
  for (int i = 0; i < count && line.publisher->flush(); ++i) {
    line.publisher->put(number_segment(line.put));
    line.sent += (line.sent.empty() ? "" : " ") + std::to_string(line.put++);
  }
}

void offer(Line& line) {
  if (!line.publisher->flush()) return;
  line.publisher->offer(barrier_of(kJob.version, ++line.offered));
  line.sent += line.sent.empty() ? "|" : " |";
}

void take_some(Line& line, std::size_t polls) {
  const std::string more = drained(*line.subscriber, polls);
  if (more.empty()) return;
  line.received += (line.received.empty() ? "" : " ") + more;
}

void shuffle(TwoBoards& net, std::vector<Line>& lines, int steps) {
  for (int i = 0; i < steps; ++i) {
    Line& line = lines[*rc::gen::inRange<std::size_t>(0, lines.size())];
    TwoBoards::Side& side = net.side(*rc::gen::inRange<std::size_t>(0, 2));
    switch (*rc::gen::inRange(0, 5)) {
      case 0:
        put_some(line);
        break;
      case 1:
        offer(line);
        break;
      case 2:
        take_some(line, *rc::gen::inRange<std::size_t>(1, 200));
        break;
      case 3:
        net.turn(side, *rc::gen::inRange<std::size_t>(1, 20'000));
        break;
      default:
        net.turn(side);
    }
  }
}

std::vector<Line> lines_of(TwoBoards& net) {
  net.join(net.a(), kJob);
  net.join(net.b(), kJob);
  std::vector<Line> lines;
  lines.push_back(
      line_between(net, net.a(), net.b(), 0, *rc::gen::element<std::size_t>(1, 7, 900)));
  lines.push_back(
      line_between(net, net.b(), net.a(), 0, *rc::gen::element<std::size_t>(1, 7, 900)));
  lines.push_back(line_between(net, net.a(), net.b(), 1, 5'000));
  return lines;
}

TEST_CASE("switchboard: every channel keeps its order and loses nothing",
          "[messaging][switchboard][property]") {
  CHECK(rc::check([] {
    TwoBoards net;
    auto lines = lines_of(net);
    shuffle(net, lines, 60);
    for (Line& line : lines) {
      for (int i = 0; i < 10'000 && line.received != line.sent; ++i) {
        line.publisher->flush();
        net.run();
        take_some(line, SIZE_MAX);
      }
      RC_ASSERT(line.received == line.sent);
    }
    RC_ASSERT(net.a().lost.empty());
    RC_ASSERT(net.b().lost.empty());
    RC_ASSERT(net.a().board->counters().broken == 0U);
  }));
}

TEST_CASE("switchboard: after a break both sides know, and what came is a beginning",
          "[messaging][switchboard][property]") {
  CHECK(rc::check([] {
    TwoBoards net;
    auto lines = lines_of(net);
    net.run();
    shuffle(net, lines, 40);
    net.cut();
    shuffle(net, lines, 10);
    net.run();
    for (Line& line : lines) {
      take_some(line, SIZE_MAX);
      RC_ASSERT(line.sent.starts_with(line.received));
    }
    RC_ASSERT(net.a().lost == std::vector<std::string>{"b NET-23"});
    RC_ASSERT(net.b().lost == std::vector<std::string>{"a NET-23"});
  }));
}

}  // namespace
}  // namespace onyx::messaging
