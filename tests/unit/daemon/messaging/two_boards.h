// Two switchboards with a network between them that the test moves by hand: byte by byte if it likes, and cut where it likes.
#pragma once

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/messaging/in_process/ring_publisher.h"
#include "daemon/messaging/in_process/ring_subscriber.h"
#include "daemon/messaging/transport/switchboard.h"

namespace onyx::messaging {

inline edn::Value number_segment(std::int64_t n) {
  return edn::Value::map({{edn::Value::keyword("n"), edn::Value::integer(n)}});
}

inline barrier::Barrier barrier_of(ReplicaVersion version, Epoch epoch, bool sealing = false) {
  barrier::Barrier barrier;
  barrier.version = version;
  barrier.epoch = epoch;
  barrier.sealing = sealing;
  return barrier;
}

// What a subscriber has given, in words: "1 2 | 3" has a barrier between 2 and 3.
inline std::string drained(Subscriber& subscriber, std::size_t limit = SIZE_MAX) {
  std::string text;
  std::vector<edn::Value> segments;
  barrier::Barrier barrier;
  for (std::size_t polls = 0; polls < limit; ++polls) {
    segments.clear();
    const Heard heard = subscriber.poll(1, segments, barrier);
    if (heard == Heard::nothing) break;
    for (const auto& segment : segments) {
      if (!text.empty()) text += ' ';
      text += std::to_string(segment.get("n").as_integer());
    }
    if (heard == Heard::barrier) text += text.empty() ? "|" : " |";
    if (heard == Heard::misaligned) return text + " misaligned";
  }
  return text;
}

class TwoBoards {
 public:
  struct Side {
    GroupId group;
    std::unique_ptr<Switchboard> board;
    std::vector<EndId> rung;
    std::vector<JobMessage> told;
    std::vector<std::string> lost;        // groups, by rule
    std::vector<std::string> unsendable;  // reasons
    std::vector<std::string> hung_up;     // reasons
    std::vector<QuestionCame> questions;
    std::map<AskId, std::string> answers;  // or the reason's rule
    bool is_reachable = true;
    int dials = 0;
  };

  explicit TwoBoards(SwitchboardSettings settings = {}) {
    for (std::size_t i = 0; i < 2; ++i) {
      sides_[i].group = GroupId(i == 0 ? "a" : "b");
      SwitchboardSettings own = settings;
      own.self = {"t", sides_[i].group, "secret"};
      sides_[i].board = std::make_unique<Switchboard>(own);
    }
  }

  Side& side(std::size_t i) { return sides_[i]; }
  Side& a() { return sides_[0]; }
  Side& b() { return sides_[1]; }
  Instant now() const { return now_; }

  void join(Side& side, const JobKey& job) {
    side.board->join(job, {[&side](const JobMessage& message) { side.told.push_back(message); },
                           [&side](const GroupId& group, const Error& why) {
                             side.lost.push_back(group.text() + " " + why.rule());
                           },
                           [&side](const ChannelName&, const Error& why) {
                             side.unsendable.push_back(why.rule());
                           }});
  }
  std::shared_ptr<Channel> send(Side& side, const ChannelName& name, std::size_t batch_size) {
    const EndId end = next_end_++;
    auto channel = std::make_shared<Channel>(
        batch_size, [] {}, [&side, end] { side.rung.push_back(end); });
    side.board->send(end, name, site_of(other(side)), channel, now_);
    return channel;
  }
  std::shared_ptr<Channel> receive(Side& side, const ChannelName& name, std::size_t batch_size) {
    const EndId end = next_end_++;
    auto channel = std::make_shared<Channel>(
        batch_size, [&side, end] { side.rung.push_back(end); }, [] {});
    side.board->receive(end, name, other(side).group, channel);
    return channel;
  }
  void tell(Side& side, const JobKey& job, const JobMessage& message) {
    side.board->tell(job, site_of(other(side)), message, now_);
  }

  void ask(Side& side, AskId id, const std::string& question) {
    side.board->ask(id, site_of(other(side)), question, now_);
  }

  // Rings, pumps, effects of one side; then at most `bytes` of each of its outputs cross. True: something happened.
  bool turn(Side& side, std::size_t bytes = SIZE_MAX) {
    bool happened = !side.rung.empty();
    for (const EndId end : std::exchange(side.rung, {})) side.board->rung(end);
    happened = side.board->pump() || happened;
    happened = carry_out(side) || happened;
    for (auto it = wires_.begin(); it != wires_.end();) {
      const auto wire = it++;
      happened = cross(wire, index_of(side), bytes) || happened;
    }
    return happened;
  }
  void run() {
    while (turn(a()) | turn(b())) {
    }
  }
  void pass(std::chrono::milliseconds time) {
    now_ += time;
    for (Side& side : sides_) side.board->tick(now_);
    run();
  }
  void pass_for_one(Side& side, std::chrono::milliseconds time) {
    now_ += time;
    side.board->tick(now_);
    run();
  }
  void cut() {
    for (auto it = wires_.begin(); it != wires_.end();) close(it++, 2);
  }
  // Nothing crosses any more, and nobody is told.
  void freeze() { is_frozen_ = true; }
  std::size_t wires() const { return wires_.size(); }

 private:
  struct Wire {
    std::array<LinkId, 2> link;  // by side
  };
  using WireAt = std::list<Wire>::iterator;

  Side& other(const Side& side) { return &side == &sides_[0] ? sides_[1] : sides_[0]; }
  std::size_t index_of(const Side& side) const { return &side == &sides_[0] ? 0 : 1; }
  static Site site_of(const Side& side) { return {side.group, "at " + side.group.text()}; }

  bool carry_out(Side& side) {
    auto effects = side.board->take_effects();
    for (LinkEffect& effect : effects) {
      if (const auto* dial = std::get_if<Dial>(&effect)) {
        ++side.dials;
        Side& to = other(side);
        if (!to.is_reachable) {
          side.board->broken(dial->link, Error(ErrorCode::unavailable, "no", "NET-22"), now_);
          continue;
        }
        Wire wire;
        wire.link[index_of(side)] = dial->link;
        wire.link[index_of(to)] = to.board->accepted(now_);
        side.board->connected(dial->link, now_);
        wires_.push_back(wire);
      } else if (const auto* question = std::get_if<QuestionCame>(&effect)) {
        side.questions.push_back(*question);
      } else if (const auto* came = std::get_if<AnswerCame>(&effect)) {
        const auto& answer = came->answer;
        side.answers[came->ask] =
            answer.has_value() ? *answer : answer.error().rule() + " " + answer.error().message();
      } else if (auto* hang_up = std::get_if<HangUp>(&effect)) {
        side.hung_up.push_back(hang_up->why);
        for (auto it = wires_.begin(); it != wires_.end(); ++it) {
          if (it->link[index_of(side)] != hang_up->link) continue;
          Side& to = other(side);
          put(to, it->link[index_of(to)], hang_up->left.bytes());
          close(it, index_of(side));
          break;
        }
      }
    }
    return !effects.empty();
  }

  void put(Side& to, LinkId link, std::span<const std::uint8_t> bytes) {
    if (bytes.empty() || to.board->output(link) == nullptr) return;
    std::copy(bytes.begin(), bytes.end(), to.board->space(link, bytes.size()));
    to.board->arrived(link, bytes.size(), now_);
  }

  bool cross(WireAt wire, std::size_t from, std::size_t bytes) {
    if (is_frozen_) return false;
    wire::ByteBuffer* output = sides_[from].board->output(wire->link[from]);
    if (output == nullptr || output->empty()) return false;
    const std::size_t count = std::min(bytes, output->size());
    const std::vector<std::uint8_t> crossing(output->data(), output->data() + count);
    output->take(count);
    put(sides_[1 - from], wire->link[1 - from], crossing);
    return true;
  }

  // Both ends but `already` hear of it.
  void close(WireAt wire, std::size_t already) {
    const Wire gone = *wire;
    wires_.erase(wire);
    for (std::size_t i = 0; i < 2; ++i) {
      if (i != already)
        sides_[i].board->broken(gone.link[i], Error(ErrorCode::unavailable, "cut", "NET-23"), now_);
    }
  }

  std::array<Side, 2> sides_;
  std::list<Wire> wires_;
  Instant now_{std::chrono::hours(1)};
  EndId next_end_ = 1;
  bool is_frozen_ = false;
};

}  // namespace onyx::messaging
