#include "daemon/runtime/coordinator_strand.h"

#include <catch2/catch.hpp>

#include <future>

#include "daemon/runtime/workers.h"

namespace onyx::runtime {
namespace {

class Gate final : public cluster::Fence {
 public:
  bool is_open() const override { return open; }
  bool open = true;
};

// A job of one input peer, whose coordinator the test runs itself.
struct Rig {
  std::shared_ptr<Gate> gate = std::make_shared<Gate>();
  int emitted = 0;
  int published = 0;
  int completed = 0;
  std::function<void()> on_stopped = [] {};
  std::shared_ptr<CoordinatorStrand> strand = std::make_shared<CoordinatorStrand>(
      7, 1, 1, barrier::CoordinatorSettings{},
      CoordinatorStrand::Hooks{[this](const barrier::Barrier&) { ++emitted; },
                               [this](Epoch) { ++published; }, [this](Epoch) { ++completed; },
                               [this] { on_stopped(); }},
      gate);
  Ran run() { return strand->run(Workers::now() + kSlice); }
};

}  // namespace

TEST_CASE(
    "coordinator strand: behind a closed fence no barrier goes out, behind an open one it does",
    "[runtime][fence]") {
  Rig rig;
  rig.gate->open = false;
  CHECK(rig.run() == Ran::waiting);
  CHECK(rig.emitted == 0);
  CHECK(rig.strand->wake_at().has_value());
  rig.gate->open = true;
  rig.run();
  CHECK(rig.emitted > 0);
}

TEST_CASE("coordinator strand: a closed fence does not keep it from stopping", "[runtime][fence]") {
  Rig rig;
  rig.gate->open = false;
  std::promise<void> stopped;
  rig.on_stopped = [&] { stopped.set_value(); };
  Workers workers(1);
  workers.add({rig.strand});
  rig.strand->post_stop();
  CHECK(stopped.get_future().wait_for(std::chrono::seconds(60)) == std::future_status::ready);
  CHECK(rig.emitted == 0);
}

}  // namespace onyx::runtime
