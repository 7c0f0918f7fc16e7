#include "daemon/zookeeper/paths.h"

#include <catch2/catch.hpp>

#include "daemon/zookeeper/text_format.h"

namespace onyx::zookeeper {

TEST_CASE("paths: nothing from outside can make a path of two parts", "[zookeeper][paths]") {
  for (const std::string part : {"a/b", "..", ".", "", "a b", "\xC3\xA4", "%2F", "x%"}) {
    const std::string escaped = escape_part(part);
    CHECK(!escaped.empty());
    CHECK(escaped.find('/') == std::string::npos);
    CHECK(escaped != "..");
    CHECK(escaped != ".");
    CHECK(unescape_part(escaped) == part);
  }
  CHECK(escape_part("my.job-1_x:y") == "my.job-1_x:y");
}

TEST_CASE("paths: positions are ten digits, as ZooKeeper writes them", "[zookeeper][paths]") {
  const Paths paths("t");
  CHECK(paths.entry(7) == "/onyx/t/log/entry-0000000007");
  CHECK(position_in(paths.entry(2'147'483'647)) == 2'147'483'647);
  CHECK(position_in("/onyx/t/log/other") == -1);
  CHECK(position_in("/onyx/t/log/entry-12x") == -1);
}

TEST_CASE("paths: a chunk of a task lies below its job", "[zookeeper][paths]") {
  const Paths paths("t");
  CHECK(paths.chunk(JobId("j"), "catalog") == "/onyx/t/catalog/j");
  CHECK(paths.chunk(JobId("j"), "task/my.ns/parse") == "/onyx/t/task/j/my.ns%2Fparse");
}

TEST_CASE("paths: nothing but entries is put under the log", "[zookeeper][paths]") {
  const Paths paths("t");
  for (const std::string& node : paths.skeleton()) {
    CHECK(!node.starts_with(paths.log() + "/"));
  }
}

TEST_CASE("text format: words are found by kind and key", "[zookeeper][paths]") {
  const std::string line = "onyx/x/1 a=1 bc=2\nb=3";
  CHECK(number_in(line, "onyx/x/1", "a") == 1);
  CHECK(number_in(line, "onyx/x/1", "bc") == 2);
  CHECK(number_in(line, "onyx/x/1", "b") == std::nullopt);
  CHECK(number_in(line, "onyx/x/2", "a") == std::nullopt);
  CHECK(number_in("onyx/x/1 a=1x", "onyx/x/1", "a") == std::nullopt);
}

}  // namespace onyx::zookeeper
