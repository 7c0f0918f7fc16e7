#include "daemon/runtime/outbox.h"

#include <future>
#include <map>

#include "daemon/cluster/coordinate_store.h"
#include "daemon/cluster/coordination_log.h"
#include "daemon/cluster/job_store.h"
#include "daemon/cluster/log_parameters.h"
#include "daemon/cluster/memory_cluster.h"
#include "daemon/cluster/pulses.h"
#include "daemon/coordination/entry_edn.h"
#include "tests/unit/daemon/runtime/fixture.h"
#include "tests/unit/daemon/runtime/forwarding_cluster.h"

namespace onyx::runtime {
namespace {

enum class Fault { none, written_but_not_said, lost };

// A log whose n-th append goes wrong as it is told.
class FaultyCluster final : public ForwardingCluster {
 public:
  FaultyCluster(std::unique_ptr<cluster::Cluster> inner, std::map<int, Fault> faults)
      : ForwardingCluster(std::move(inner)), faults_(std::move(faults)) {}

  Result<Position> append(std::string_view text) override {
    const auto found = faults_.find(appends_++);
    const Fault fault = found == faults_.end() ? Fault::none : found->second;
    if (fault == Fault::none) return ForwardingCluster::append(text);
    if (fault == Fault::written_but_not_said) (void)ForwardingCluster::append(text);
    return failure(ErrorCode::deadline_exceeded, "no answer");
  }

 private:
  const std::map<int, Fault> faults_;
  int appends_ = 0;
};

coordination::Draft leave(int number) {
  return {coordination::LeaveCluster{PeerId(fmt::format("p{}", number)), ""}, "g", std::nullopt};
}

std::vector<std::string> peers_in(cluster::CoordinationLog& log) {
  std::vector<std::string> peers;
  const Position newest = log.newest().value();
  for (Position at = 0; at <= newest; ++at) {
    const auto stored = log.read(at).value();
    const auto entry = coordination::decode(stored->text, at, 0);
    peers.push_back(std::get<coordination::LeaveCluster>(entry.command).peer.text());
  }
  return peers;
}

TEST_CASE("outbox: whatever an append comes to, each entry is there once and in order",
          "[runtime][outbox]") {
  const std::vector<std::map<int, Fault>> all_faults = {
      {},
      {{0, Fault::written_but_not_said}},
      {{0, Fault::lost}},
      {{3, Fault::lost}, {4, Fault::lost}, {5, Fault::written_but_not_said}},
      {{9, Fault::written_but_not_said}}};
  for (const auto& faults : all_faults) {
    cluster::MemoryCluster store;
    FaultyCluster cluster(store.open("t"), faults);
    std::vector<Position> positions;
    std::vector<std::string> expected;
    {
      Outbox outbox(cluster, GroupId("g"), 0);
      for (int i = 0; i < 10; ++i) {
        expected.push_back(fmt::format("p{}", i));
        REQUIRE(outbox.append(leave(i), [&](const Result<Position>& result) {
          positions.push_back(result.value_or(-1));
        }));
      }
      outbox.close();
    }
    CHECK(peers_in(cluster) == expected);
    CHECK(positions == std::vector<Position>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  }
}

TEST_CASE("outbox: another group's entry between is not taken for its own", "[runtime][outbox]") {
  cluster::MemoryCluster store;
  auto other = store.open("t");
  FaultyCluster cluster(store.open("t"), {{0, Fault::lost}});
  REQUIRE(other->log().append(coordination::encode(leave(7), GroupId("other"), 0)).has_value());
  Outbox outbox(cluster, GroupId("g"), 0);
  std::promise<Result<Position>> done;
  REQUIRE(outbox.append(leave(1), [&](Result<Position> r) { done.set_value(std::move(r)); }));
  CHECK(done.get_future().get().value() == 1);
  CHECK(peers_in(cluster) == std::vector<std::string>{"p7", "p1"});
}

TEST_CASE("outbox: while the session is fenced nothing is appended", "[runtime][outbox]") {
  cluster::MemoryCluster store;
  auto other = store.open("t");
  auto cluster = store.open("t");
  store.fence_all(true);
  {
    Outbox outbox(*cluster, GroupId("g"), 0);
    std::promise<Result<Position>> done;
    REQUIRE(outbox.append(leave(1), [&](Result<Position> r) { done.set_value(std::move(r)); }));
    outbox.close();
    CHECK(done.get_future().get().error().code() == ErrorCode::unavailable);
    CHECK(other->log().newest().value() == -1);
  }
  Outbox outbox(*cluster, GroupId("g"), 0);
  std::promise<Result<Position>> done;
  REQUIRE(outbox.append(leave(2), [&](Result<Position> r) { done.set_value(std::move(r)); }));
  store.fence_all(false);
  CHECK(done.get_future().get().value() == 0);
}

TEST_CASE("outbox: with its session every entry is refused", "[runtime][outbox]") {
  cluster::MemoryCluster store;
  auto cluster = store.open("t");
  Outbox outbox(*cluster, GroupId("g"), 0);
  store.expire_all();
  std::promise<Result<Position>> done;
  REQUIRE(outbox.append(leave(1), [&](Result<Position> r) { done.set_value(std::move(r)); }));
  CHECK(done.get_future().get().error().code() == ErrorCode::unavailable);
  outbox.close();
  CHECK_FALSE(outbox.append(leave(2)));
}

TEST_CASE("outbox: the group never waits for a full one, whose callbacks may wait for the group",
          "[runtime][outbox]") {
  cluster::MemoryCluster store;
  auto cluster = store.open("t");
  Outbox outbox(*cluster, GroupId("g"), 0, 1);
  std::promise<void> group_is_free;
  std::vector<Position> positions;
  // The first callback holds the outbox until the group's thread, this one, has appended more than there is room for.
  REQUIRE(outbox.append(
      leave(0), [free = group_is_free.get_future().share(), &positions](const Result<Position>& r) {
        free.wait();
        positions.push_back(r.value());
      }));
  for (int i = 1; i <= 5; ++i) {
    REQUIRE(outbox.append_now(leave(i),
                              [&](const Result<Position>& r) { positions.push_back(r.value()); }));
  }
  group_is_free.set_value();
  outbox.close();
  CHECK(positions == std::vector<Position>{0, 1, 2, 3, 4, 5});
  CHECK_FALSE(outbox.append_now(leave(6)));
}

}  // namespace
}  // namespace onyx::runtime
