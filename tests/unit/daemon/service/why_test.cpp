// What a daemon says of a job that it has not read of in the log yet.
#include <catch2/catch.hpp>

#include "daemon/cluster/job_store.h"
#include "daemon/cluster/memory_cluster.h"
#include "daemon/coordination/entry_edn.h"
#include "daemon/plugins/built_in.h"
#include "daemon/runtime/job_spec.h"
#include "daemon/service/daemon_backend.h"
#include "tests/unit/daemon/runtime/deaf_cluster.h"
#include "tests/unit/daemon/runtime/fixture.h"

namespace onyx::service {
namespace {

class CountedIds final : public IdSource {
 public:
  std::string uuid() override {
    return fmt::format("{:08x}-0000-4000-8000-000000000000", ++count_);
  }

 private:
  std::atomic<int> count_{0};
};

}  // namespace

TEST_CASE("why: a daemon that lags behind the log says how far", "[service][why]") {
  auto outputs = std::make_shared<plugins::OutputStore>();
  plugins::Registry registry;
  plugins::add_built_in(registry, outputs);
  cluster::MemoryCluster memory;
  runtime::DeafCluster::Ears ears;
  runtime::Workers workers(1);
  query::ReplicaFeed feed;
  CountedIds ids;
  runtime::GroupSettings settings;
  settings.peers = 3;
  settings.execution.tenancy = "t";
  settings.execution.peer_config = edn::Value::map();
  settings.job_scheduler = "onyx.job-scheduler/balanced";
  runtime::PeerGroup group(
      std::move(settings),
      [&](cluster::OnSession on_session) -> Result<std::unique_ptr<cluster::Cluster>> {
        return std::make_unique<runtime::DeafCluster>(memory.open("t", std::move(on_session)),
                                                      ears);
      },
      registry, workers, ids, [&](const runtime::AppliedEntry& entry) { feed.applied(entry); },
      [&](const replica::Replica& replica, Position origin) { feed.start_from(replica, origin); });
  REQUIRE(group.start().has_value());
  DaemonFacts facts;
  facts.job_scheduler = "onyx.job-scheduler/balanced";
  DaemonBackend backend(facts, group, feed, registry, outputs, ids);

  ears.set_deaf(true);
  const auto job = runtime::compiled(
      runtime::job_text("[[:in :f] [:f :out]]", runtime::input("in", runtime::numbers(1), 1) +
                                                    runtime::function("f", "my/same", 1) +
                                                    runtime::output("out", 1)));
  const JobId id("5c0ffee0-0000-4000-8000-000000000001");
  cluster::JobSubmission submission;
  submission.job = id;
  submission.hash = job->hash;
  submission.chunks.push_back({"source", job->source.encode()});
  submission.entry_text = coordination::encode(
      {coordination::SubmitJob{id, runtime::job_spec(job->job, job->plan)}, "client", std::nullopt},
      GroupId(), 0);
  // Somebody else's daemon writes it.
  const auto other = memory.open("t");
  REQUIRE(other->jobs().submit(submission).has_value());
  const Position newest = other->log().newest().value();

  const auto lagging = backend.why(id);
  REQUIRE(lagging.has_value());
  CHECK(lagging->reason == "submitted");
  CHECK(lagging->text ==
        fmt::format("is submitted, but not applied here yet: this daemon has read the log up to "
                    "entry {}, the newest is {}",
                    newest - 1, newest));
  REQUIRE(lagging->unblock.size() == 1);
  CHECK_THAT(lagging->unblock.front(), Catch::Contains("onyxctl group ls"));

  ears.set_deaf(false);
  REQUIRE(feed.wait_for([&](const auto& r) { return r.version >= newest; },
                        runtime::Workers::now() + std::chrono::seconds(60),
                        [] { return false; }) != nullptr);
  CHECK(backend.why(id)->reason != "submitted");
  group.stop();
}

}  // namespace onyx::service
