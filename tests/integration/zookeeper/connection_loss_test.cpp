// Lost replies and broken connections, which only the in-memory ZooKeeper can be told to produce.

#include <vector>

#include "daemon/zookeeper/client/handle.h"
#include "tests/integration/zookeeper/worlds.h"

namespace onyx {
namespace {

const GroupId kGroup("group-1");
const JobId kJob("5c0ffee0-0000-4000-8000-000000000001");

cluster::JobSubmission job() {
  cluster::JobSubmission submission;
  submission.job = kJob;
  submission.hash = "abc";
  submission.chunks = {{"catalog", "[{}]"}};
  submission.entry_text = "{:fn :submit-job}";
  return submission;
}

}  // namespace

TEST_CASE("lost reply: an append says that its outcome is unknown, and is in the log once",
          "[zookeeper][loss]") {
  EmbeddedWorld world;
  const auto session = world.open();
  REQUIRE(session->log().append("a"));
  world.server->cut_before_next_reply();
  const auto unknown = session->log().append("b");
  REQUIRE(!unknown);
  CHECK(unknown.error().code() == ErrorCode::unavailable);
  CHECK(session->log().newest().value() == 1);
  CHECK(session->log().read(1).value()->text == "b");
  CHECK(session->log().append("c").value() == 2);
}

TEST_CASE("lost reply: a submit goes through, with one entry", "[zookeeper][loss]") {
  EmbeddedWorld world;
  const auto session = world.open();
  world.server->cut_before_next_reply();
  const auto submitted = session->jobs().submit(job());
  REQUIRE(submitted);
  CHECK(!submitted->already);
  CHECK(session->log().newest().value() == 0);
  CHECK(session->jobs().get(kJob, "catalog").value() == "[{}]");
}

TEST_CASE("lost reply: who wrote a chunk first still learns that it did", "[zookeeper][loss]") {
  EmbeddedWorld world;
  const auto session = world.open();
  world.server->cut_before_next_reply();
  CHECK(session->jobs().put_exception(kJob, "{:cause 1}").value());
  CHECK(!session->jobs().put_exception(kJob, "{:cause 2}").value());
}

TEST_CASE("lost reply: a pulse that was announced is one's own", "[zookeeper][loss]") {
  EmbeddedWorld world;
  const auto session = world.open();
  world.server->cut_before_next_reply();
  REQUIRE(session->pulses().announce(kGroup));
  CHECK(session->pulses().exists(kGroup).value());
}

TEST_CASE("lost reply: a coordinate can be taken over", "[zookeeper][loss]") {
  EmbeddedWorld world;
  const auto session = world.open();
  world.server->cut_before_next_reply();
  const auto taken = session->coordinates().assume(kJob).value();
  CHECK(session->coordinates().write(kJob, "x", taken.version));
}

TEST_CASE("cut: session, pulse and watches outlive the connection", "[zookeeper][loss]") {
  EmbeddedWorld world;
  auto owner = world.open();
  const auto other = world.open();
  REQUIRE(owner->pulses().announce(kGroup));
  Mailbox<int> gone;
  const auto watch = other->pulses().watch(kGroup, [&] { gone.put(1); }).value();
  for (int i = 0; i < 3; ++i) world.server->cut_connections();
  CHECK(other->pulses().exists(kGroup).value());
  CHECK(owner->log().newest().value() == -1);
  CHECK(gone.is_empty());
  owner.reset();
  gone.take();
}

TEST_CASE("cut: a follower goes on where it was", "[zookeeper][loss]") {
  EmbeddedWorld world;
  const auto reader = world.open();
  const auto writer = world.open();
  Mailbox<Position> positions;
  const auto follower = reader->log().follow(0, [&](cluster::LogEvent event) {
    const auto* entry = std::get_if<cluster::StoredEntry>(&event);
    positions.put(entry != nullptr ? entry->position : -1);
  });
  for (Position position = 0; position < 20; ++position) {
    world.server->cut_connections();
    while (!writer->log().append("x")) {
    }
    CHECK(positions.take() == position);
  }
}

TEST_CASE("handle: it closes with requests of every kind under way", "[zookeeper][loss]") {
  EmbeddedWorld world;
  for (int i = 0; i < 20; ++i) {
    zookeeper::HandleOptions options;
    options.address = world.address();
    auto handle = std::move(*zookeeper::Handle::open(options, [](zookeeper::HandleEvent) {}));
    const auto watch = handle->watchers().add([](zookeeper::WatchEvent) {});
    std::vector<zookeeper::Call> calls;
    for (int n = 0; n < 20; ++n) {
      calls.push_back(handle->multi({zookeeper::Op{zookeeper::Op::Kind::create, "/m", "x"},
                                     zookeeper::Op{zookeeper::Op::Kind::remove, "/m"}}));
      calls.push_back(handle->exists("/none", watch));
      calls.push_back(handle->children("/"));
    }
    if (i % 2 == 0) calls.front().wait();
    if (i % 3 == 0) world.server->cut_connections();
    handle.reset();
    for (zookeeper::Call& call : calls) call.wait();
  }
  CHECK(world.open()->log().newest().value() == -1);
}

TEST_CASE("open: no server is an error in good time", "[zookeeper][loss]") {
  zookeeper::ClusterOptions options;
  {
    EmbeddedWorld world;
    options.address = world.address();
  }
  options.tenancy = "t";
  options.connect_deadline = std::chrono::milliseconds(300);
  const auto opened = zookeeper::open_cluster(options);
  REQUIRE(!opened);
  CHECK(opened.error().code() == ErrorCode::unavailable);
  CHECK_THAT(opened.error().text(), Catch::Contains(options.address));
}

TEST_CASE("open: an address that is none is an error", "[zookeeper][loss]") {
  zookeeper::ClusterOptions options;
  options.address = "no port here";
  options.tenancy = "t";
  options.connect_deadline = std::chrono::milliseconds(300);
  CHECK(!zookeeper::open_cluster(options));
}

}  // namespace onyx
