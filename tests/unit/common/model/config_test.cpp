#include <catch2/catch.hpp>

#include "tests/unit/common/model/support.h"

namespace onyx::model::test {
namespace {

constexpr std::string_view kValidConfig = R"({:onyx/tenancy-id "prod"
 :zookeeper/address "127.0.0.1:2181"
 :onyx.peer/job-scheduler :onyx.job-scheduler/balanced
 :onyx.messaging/impl :tcp
 :onyx.peer/heartbeat-ms 250
 :onyx.peer/fn-params {:tag ["a"]}
 :onyxd/peers 4
 :onyxd/listen ["127.0.0.1:7400"]
 :onyxd/file-roots ["/srv/data"]
 :my.company/note 1})";

std::vector<edn::Diagnostic> judged(std::string_view text) {
  const edn::Document config = document(text, "onyxd.edn");
  return validate_peer_config({config.value, &config.place, "onyxd.edn"});
}

std::vector<edn::Diagnostic> changed(std::string_view from, std::string_view to) {
  return judged(edited(std::string(kValidConfig), from, to));
}

}  // namespace

TEST_CASE("configuration: a valid one has no findings, foreign keys included", "[model][config]") {
  CHECK(summary(judged(kValidConfig)) == "");
}

TEST_CASE("configuration: tenancy, ZooKeeper address and job scheduler are required",
          "[model][config]") {
  CHECK(summary(judged("{}")) ==
        "CFG-01 [:onyx/tenancy-id]\nCFG-01 [:zookeeper/address]\nCFG-01 "
        "[:onyx.peer/job-scheduler]\n");
}

TEST_CASE("configuration: each mistake has its code, its place and the key in its message",
          "[model][config]") {
  struct Row {
    std::string_view code, from, to, key;
  };
  const Row rows[] = {
      {"CFG-02", "\"prod\"", "\"a/b\"", ":onyx/tenancy-id"},
      {"CFG-02", "\"prod\"", "4", ":onyx/tenancy-id"},
      {"CFG-03", ":my.company/note 1", ":onyx/id \"x\"", ":onyx/tenancy-id"},
      {"CFG-03", ":my.company/note 1", ":onyx.messaging/compress-fn :a/b",
       ":onyx.messaging/compress-fn"},
      {"CFG-04", ":onyx.peer/heartbeat-ms 250", ":onyx.peer/heartbeat-ms \"250\"",
       ":onyx.peer/heartbeat-ms"},
      {"CFG-04", ":onyx.peer/heartbeat-ms 250", ":onyx.peer/heartbeat-ms 0",
       ":onyx.peer/heartbeat-ms"},
      {"CFG-01", ":onyx.job-scheduler/balanced", ":onyx.job-scheduler/balancd",
       ":onyx.peer/job-scheduler"},
      {"CFG-04", ":onyxd/listen [\"127.0.0.1:7400\"]", ":onyxd/listen \"127.0.0.1:7400\"",
       ":onyxd/listen"},
      {"CFG-04", ":onyxd/peers 4", ":onyxd/peers 0", ":onyxd/peers"},
      {"CFG-06", ":onyx.peer/heartbeat-ms", ":onyx.peer/hartbeat-ms", ":onyx.peer/hartbeat-ms"},
      {"CFG-06", ":onyxd/peers", ":onyxd/pears", ":onyxd/pears"},
      {"CFG-06", ":my.company/note 1", ":zookeeper/adress \"x\"", ":zookeeper/adress"},
      {"CFG-06", ":my.company/note 1", "\"text\" 1", "text"},
  };
  for (const Row& row : rows) {
    INFO(row.to);
    const auto found = changed(row.from, row.to);
    REQUIRE(found.size() == 1);
    CHECK(found[0].code == row.code);
    CHECK(found[0].severity == edn::Severity::error);
    CHECK(found[0].span.is_known());
    CHECK_THAT(found[0].message, Catch::Contains(std::string(row.key)));
  }
}

TEST_CASE("configuration: a misspelt key is answered with the right one", "[model][config]") {
  CHECK(changed(":onyx.peer/heartbeat-ms", ":onyx.peer/hartbeat-ms")[0].did_you_mean.at(0) ==
        ":onyx.peer/heartbeat-ms");
  CHECK(changed(":onyxd/peers", ":onyxd/pears")[0].did_you_mean.at(0) == ":onyxd/peers");
}

TEST_CASE("configuration: keys without a use are accepted with a notice", "[model][config]") {
  for (const char* key :
       {":onyx.messaging.aeron/embedded-driver? true", ":onyx.monitoring/config {}",
        ":onyx.bookkeeper/port 3196", ":onyx.peer/drained-back-off 100"}) {
    const auto found = changed(":my.company/note 1", key);
    REQUIRE(found.size() == 1);
    CHECK(found[0].code == "CFG-07");
    CHECK_FALSE(has_errors(found));
  }
  const auto aeron = changed(":onyx.messaging/impl :tcp", ":onyx.messaging/impl :aeron");
  REQUIRE(aeron.size() == 1);
  CHECK(aeron[0].code == "CFG-07");
}

TEST_CASE("configuration: anything but a map is refused", "[model][config]") {
  for (const char* text : {"nil", "[1]", "\"x\"", "4"})
    CHECK(summary(judged(text)) == "CFG-04 []\n");
}

}  // namespace onyx::model::test
