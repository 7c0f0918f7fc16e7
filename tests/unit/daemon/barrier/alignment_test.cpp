#include "daemon/barrier/alignment.h"

#include <catch2/catch.hpp>

#include "daemon/barrier/liveness.h"
#include "daemon/barrier/status.h"

using namespace onyx;
using namespace onyx::barrier;
using Verdict = Alignment::Verdict;

TEST_CASE("alignment: aligned when every upstream has brought the barrier", "[barrier]") {
  Alignment a;
  a.reset(7, 2);
  CHECK_FALSE(a.is_aligned());
  CHECK(a.accept(0, {.version = 7, .epoch = 0}) == Verdict::blocked);
  CHECK(a.is_blocked(0));
  CHECK_FALSE(a.is_blocked(1));
  CHECK_FALSE(a.is_aligned());
  CHECK(a.accept(1, {.version = 7, .epoch = 0}) == Verdict::blocked);
  REQUIRE(a.is_aligned());
  CHECK(a.pass().epoch == 0);
  CHECK(a.epoch() == 0);
  CHECK_FALSE(a.is_blocked(0));
  CHECK(a.accept(0, {.version = 7, .epoch = 1}) == Verdict::blocked);
}

TEST_CASE("alignment: sealing and checkpoint only if all say so, the least watermark",
          "[barrier]") {
  Alignment a;
  a.reset(1, 2);
  a.accept(0, {.version = 1,
               .epoch = 0,
               .checkpoint = true,
               .sealing = true,
               .watermarks = {{"input", 9}, {"only-here", 1}}});
  a.accept(1, {.version = 1,
               .epoch = 0,
               .checkpoint = true,
               .sealing = false,
               .watermarks = {{"input", 4}}});
  const Barrier passed = a.pass();
  CHECK(passed.checkpoint);
  CHECK_FALSE(passed.sealing);
  CHECK(passed.watermarks == std::map<std::string, std::int64_t>{{"input", 4}});
}

TEST_CASE("alignment: older versions are dropped, newer ones wait, gaps are failures",
          "[barrier]") {
  Alignment a;
  a.reset(5, 2);
  CHECK(a.accept(0, {.version = 4, .epoch = 0}) == Verdict::stale);
  CHECK(a.accept(0, {.version = 6, .epoch = 0}) == Verdict::early);
  CHECK(a.accept(0, {.version = 5, .epoch = 1}) == Verdict::misaligned);
  CHECK(a.accept(0, {.version = 5, .epoch = 0}) == Verdict::blocked);
  CHECK(a.accept(0, {.version = 5, .epoch = 0}) == Verdict::misaligned);
}

TEST_CASE("alignment: a new version forgets what was blocked", "[barrier]") {
  Alignment a;
  a.reset(5, 2);
  a.accept(0, {.version = 5, .epoch = 0});
  a.reset(6, 1);
  CHECK(a.epoch() == -1);
  CHECK(a.accept(0, {.version = 6, .epoch = 0}) == Verdict::blocked);
  CHECK(a.is_aligned());
}

TEST_CASE("status: the least epoch rises through a diamond only with its slower side",
          "[barrier]") {
  // in → left, right → out. `in` hears left and right; both hear out.
  StatusBoard left_below, right_below, in_below;
  left_below.reset(1, 1);
  right_below.reset(1, 1);
  in_below.reset(1, 2);
  const StatusBoard nobody;
  const auto say = [&](Epoch in, Epoch left, Epoch right, Epoch out) {
    const Status o = report(1, out, false, true, nobody);
    left_below.take(0, o);
    right_below.take(0, o);
    in_below.take(0, report(1, left, false, true, left_below));
    in_below.take(1, report(1, right, false, true, right_below));
    return report(1, in, false, true, in_below).min_epoch;
  };
  CHECK(say(0, 0, 0, 0) == 0);
  CHECK(say(1, 1, 0, 0) == 0);
  CHECK(say(1, 1, 1, 0) == 0);
  CHECK(say(1, 1, 1, 1) == 1);
}

TEST_CASE("status: nobody has spoken for a version until all have", "[barrier]") {
  StatusBoard board;
  board.reset(3, 2);
  CHECK(board.min_epoch() == -1);
  CHECK(board.take(0, {.version = 3, .epoch = 0, .min_epoch = 0, .drained = true}) ==
        StatusBoard::Verdict::taken);
  CHECK(board.take(1, {.version = 2, .epoch = 9, .min_epoch = 9}) == StatusBoard::Verdict::ignored);
  CHECK_FALSE(board.merged().has_value());
  CHECK_FALSE(board.all_drained());
  board.take(1, {.version = 3, .epoch = 0, .min_epoch = 0, .checkpointing = true});
  REQUIRE(board.merged().has_value());
  CHECK(board.merged()->checkpointing);
  CHECK_FALSE(board.merged()->drained);
  CHECK(board.take(1, {.version = 3, .epoch = 2}) == StatusBoard::Verdict::misaligned);
}

TEST_CASE("liveness: silent for longer than the timeout", "[barrier]") {
  using namespace std::chrono_literals;
  Liveness liveness(100ms);
  const Instant start{};
  liveness.reset({PeerId("b"), PeerId("a")}, start);
  CHECK(liveness.timed_out(start + 100ms).empty());
  CHECK(liveness.timed_out(start + 101ms) == std::vector{PeerId("a"), PeerId("b")});
  liveness.heard(PeerId("a"), start + 50ms);
  liveness.heard(PeerId("stranger"), start + 50ms);
  CHECK(liveness.timed_out(start + 101ms) == std::vector{PeerId("b")});
}
