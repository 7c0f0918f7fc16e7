#include "daemon/query/replica_diff.h"

#include <catch2/catch.hpp>

#include "common/edn/printer.h"
#include "tests/support/cluster_log.h"

namespace onyx::query {
namespace {

// A line a change: "path: before → after".
std::string text_of(const std::vector<ReplicaChange>& changes) {
  std::string text;
  for (const ReplicaChange& change : changes) {
    text += edn::print(edn::Value::vector(change.path)) + ": " +
            (change.before ? edn::print(*change.before) : "-") + " → " +
            (change.after ? edn::print(*change.after) : "-") + "\n";
  }
  return text;
}

coordination::SubmitJob submit(const std::string& id) {
  return test::submit(id, test::chain({test::task("a", 1, 1), test::task("b")}));
}

TEST_CASE("replica diff: nothing but the version is no change", "[query]") {
  auto log = test::ClusterLog::with_peers(2);
  const replica::Replica before = log.replica();
  CHECK(changes_between(before, before).empty());
  log.append(coordination::KillJob{JobId("nobody"), "", "", std::nullopt});
  CHECK(log.replica().version == before.version + 1);
  CHECK(changes_between(before, log.replica()).empty());
}

TEST_CASE("replica diff: a peer comes, and goes", "[query]") {
  auto log = test::ClusterLog::with_peers(1);
  const replica::Replica before = log.replica();
  log.append(test::add_peers("g", {"p9"}, {"gpu"}, "host:1"));
  const replica::Replica after = log.replica();
  CHECK(text_of(changes_between(before, after)) ==
        "[:peers :p9]: - → {:group :g, :site \"host:1\", :tags [:gpu]}\n");
  CHECK(text_of(changes_between(after, before)) ==
        "[:peers :p9]: {:group :g, :site \"host:1\", :tags [:gpu]} → -\n");
}

TEST_CASE("replica diff: a job is compared with itself, wherever it stands", "[query]") {
  auto log = test::ClusterLog::with_peers(4);
  log.append(submit("j1"));
  log.append(submit("j2"));
  const replica::Replica before = log.replica();
  log.append(coordination::KillJob{JobId("j1"), "enough", "me", std::nullopt});
  const std::string text = text_of(changes_between(before, log.replica()));
  INFO(text);
  CHECK(text.find("[:jobs :j2 :allocation :b]: [:p04] → [:p04 :p01 :p02]\n") != std::string::npos);
  CHECK(text.find("[:jobs :j2 :allocation-version]: 3 → 4\n") != std::string::npos);
  CHECK(text.find("[:jobs :j1]: {") != std::string::npos);
  CHECK(text.find("[:finished :j1]: - → {") != std::string::npos);
  CHECK(text.find("[:jobs :j2]:") == std::string::npos);
}

TEST_CASE("replica diff: ids are sorted", "[query]") {
  const std::string a = "11111111-0000-4000-8000-000000000000";
  const std::string b = "77777777-0000-4000-8000-000000000000";
  const std::string c = "eeeeeeee-0000-4000-8000-000000000000";
  auto log = test::ClusterLog::with_peers(1);
  const replica::Replica before = log.replica();
  log.append(test::add_peers("g", {c, a, b}));
  const auto changes = changes_between(before, log.replica());
  REQUIRE(changes.size() == 3);
  CHECK(edn::print(changes[0].path.back()) == "#uuid \"" + a + "\"");
  CHECK(edn::print(changes[1].path.back()) == "#uuid \"" + b + "\"");
  CHECK(edn::print(changes[2].path.back()) == "#uuid \"" + c + "\"");
}

}  // namespace
}  // namespace onyx::query
