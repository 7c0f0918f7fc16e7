#include "daemon/config/settings.h"

#include <catch2/catch.hpp>

namespace onyx::config {
namespace {

constexpr std::string_view kRequired =
    ":onyx/tenancy-id \"shop\" :zookeeper/address \"zk:2181\" "
    ":onyx.peer/job-scheduler :onyx.job-scheduler/greedy";

Flags with_file() {
  Flags flags;
  flags.config_file = "onyxd.edn";
  return flags;
}

Loaded loaded(const Flags& flags, const std::string& text = "") {
  auto settings = load(flags, text);
  if (!settings.has_value()) {
    for (const auto& found : settings.error().diagnostics)
      UNSCOPED_INFO(edn::render(found, text, false));
  }
  REQUIRE(settings.has_value());
  return *settings;
}

Refused refused(const Flags& flags, const std::string& text = "") {
  auto settings = load(flags, text);
  REQUIRE_FALSE(settings.has_value());
  return settings.error();
}

std::string file(std::string_view more) {
  return "{" + std::string(kRequired) + " " + std::string(more) + "}";
}

TEST_CASE("settings: --dev needs nothing", "[config]") {
  Flags flags;
  flags.is_dev = true;
  const Settings settings = loaded(flags).settings;
  CHECK(settings.is_dev);
  CHECK(settings.tenancy == "dev");
  CHECK(settings.zookeeper.empty());
  CHECK(settings.job_scheduler == "onyx.job-scheduler/balanced");
  CHECK(settings.peers == 8);
  CHECK(settings.file_roots == std::vector<std::string>{"/"});
}

TEST_CASE("settings: the file over the defaults, the flags over the file", "[config]") {
  const std::string text = file(
      ":onyxd/peers 3 :onyxd/listen [\"127.0.0.1:0\"] :onyx.peer/tags [:b :a :b] "
      ":onyxd/log-level :warn");
  const Settings from_file = loaded(with_file(), text).settings;
  CHECK(from_file.tenancy == "shop");
  CHECK(from_file.zookeeper == "zk:2181");
  CHECK(from_file.job_scheduler == "onyx.job-scheduler/greedy");
  CHECK(from_file.peers == 3);
  CHECK(from_file.listen == std::vector<std::string>{"127.0.0.1:0"});
  CHECK(from_file.tags == std::vector<std::string>{"a", "b"});
  CHECK(from_file.log_level == "warn");
  CHECK(from_file.file_roots.empty());

  Flags flags = with_file();
  flags.peers = 5;
  flags.listen = {"unix:/a", "unix:/b"};
  flags.tenancy = "other";
  flags.state_dir = "/state";
  flags.log_level = "debug";
  const Settings over = loaded(flags, text).settings;
  CHECK(over.peers == 5);
  CHECK(over.listen == flags.listen);
  CHECK(over.tenancy == "other");
  CHECK(over.state_dir == "/state");
  CHECK(over.log_level == "debug");
  CHECK(over.zookeeper == "zk:2181");
  CHECK(over.peer_config.get("onyxd/peers") == edn::Value::integer(5));
}

TEST_CASE("settings: the data plane's port is the system's choice until TCP is asked for",
          "[config]") {
  const auto of = [](const std::string& text) { return loaded(with_file(), file(text)).settings; };
  CHECK(of("").data_host == "127.0.0.1");
  CHECK(of("").data_port == 0);
  CHECK(of(":onyx.messaging/bind-addr \"127.0.0.2\"").data_host == "127.0.0.2");
  CHECK(of(":onyx.messaging/bind-addr \"127.0.0.2\"").data_port == 7401);
  CHECK(of(":onyx.messaging/peer-port 5000").data_port == 5000);
  CHECK(of(":onyxd/data-listen \"unix:/d\"").data_listen == "unix:/d");
}

TEST_CASE("settings: the name of the machine is the system's unless it is given", "[config]") {
  CHECK(loaded(with_file(), file("")).settings.host.empty());
  CHECK(loaded(with_file(), file(":onyxd/host \"rack-7\"")).settings.host == "rack-7");
  for (const char* bad : {"\"\"", "\"rack 7\""}) {
    const auto wrong = refused(with_file(), file(std::string("\n :onyxd/host ") + bad));
    REQUIRE(wrong.diagnostics.size() == 1);
    CHECK(wrong.diagnostics.front().code == "CFG-04");
    CHECK(wrong.diagnostics.front().span.is_known());
  }
}

TEST_CASE("settings: what is missing or wrong is said all at once, with its place", "[config]") {
  const auto missing = refused(with_file(), "{:onyx/tenancy-id \"a\"}");
  CHECK(missing.diagnostics.size() >= 2);
  CHECK(missing.text == "{:onyx/tenancy-id \"a\"}");

  const auto wrong = refused(with_file(), file("\n :onyxd/peers -1\n :onyxd/peerz 4"));
  bool names_line_2 = false;
  bool names_line_3 = false;
  for (const auto& found : wrong.diagnostics) {
    CHECK(found.file == "onyxd.edn");
    names_line_2 = names_line_2 || found.span.line == 2;
    names_line_3 = names_line_3 || found.span.line == 3;
  }
  CHECK(names_line_2);
  CHECK(names_line_3);
}

TEST_CASE("settings: a file that is no EDN, or no map, is refused", "[config]") {
  CHECK(refused(with_file(), "{:a").diagnostics.size() == 1);
  CHECK_FALSE(refused(with_file(), "[1]").diagnostics.empty());
}

}  // namespace
}  // namespace onyx::config
