#include <catch2/catch.hpp>

#include "tests/unit/cli/commands/rig.h"

namespace onyx::cli {
namespace {

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

void add_peers(Rig& rig) {
  service::PeerView idle;
  idle.id = PeerId("aaaa1111-0000-4000-8000-000000000001");
  idle.group = GroupId("gggg1111-0000-4000-8000-000000000001");
  idle.host = "host-a";
  idle.state = "idle";
  service::PeerView busy = idle;
  busy.id = PeerId("aabb2222-0000-4000-8000-000000000002");
  busy.job = JobId(kClicks);
  busy.job_name = "clicks";
  busy.task = "in";
  busy.slot = 0;
  busy.state = "working";
  rig.backend.peers = {idle, busy};
}

}  // namespace

TEST_CASE("peer ls: who works on what", "[cli]") {
  Rig rig;
  add_peers(rig);
  rig.is_out_terminal = true;
  rig.variables["NO_COLOR"] = "1";
  CHECK(rig.run({"peer", "ls"}).out ==
        "peer      group     host    state    job     task  slot\n"
        "aaaa1111  gggg1111  host-a  idle     -       -        -\n"
        "aabb2222  gggg1111  host-a  working  clicks  in       0\n");
  const edn::Value list = rig.run({"peer", "ls", "-o", "json"}).json();
  CHECK(list.get("peers").at(0).find("job") == nullptr);
  CHECK(list.get("peers").at(1).get("task") == edn::Value::string("in"));
}

TEST_CASE("peer add: one when no number is given, and the new ids with -q", "[cli]") {
  Rig rig;
  add_peers(rig);
  CHECK(rig.run({"peer", "add"}).out == "1 peer added · the group has 3 now\n");
  CHECK(rig.run({"peer", "add", "2", "-q"}).out == "new-0\nnew-1\n");
  CHECK(rig.run({"peer", "add", "0"}).code == 2);
  CHECK(rig.run({"peer", "add", "100000"}).code == 2);
}

TEST_CASE("peer rm: by prefix; ambiguous is exit 2, unknown exit 5", "[cli]") {
  Rig rig;
  add_peers(rig);
  const Ran ran = rig.run({"peer", "rm", "aabb"});
  CHECK(ran.code == 0);
  CHECK(ran.out == "peer aabb2222 left · the group has 1 now\n");
  const Ran ambiguous = rig.run({"peer", "rm", "aa"});
  CHECK(ambiguous.code == 2);
  CHECK(has(ambiguous.err, "aaaa1111-0000-4000-8000-000000000001"));
  CHECK(rig.run({"peer", "rm", "zz"}).code == 5);
}

TEST_CASE("group ls: peers, tags and log position of each daemon", "[cli]") {
  Rig rig;
  service::GroupView group;
  group.id = GroupId("gggg1111-0000-4000-8000-000000000001");
  group.host = "host-a";
  group.version = "1.0.0";
  group.state = "ready";
  group.peers = 8;
  group.busy = 7;
  group.tags = {":db", ":gpu"};
  group.plugins = {"onyx.plugin.file/input"};
  group.position = 431;
  rig.backend.groups = {group};
  rig.is_out_terminal = true;
  rig.variables["NO_COLOR"] = "1";
  CHECK(rig.run({"group", "ls"}).out ==
        "group     host    version  peers  busy  idle  tags        log  state\n"
        "gggg1111  host-a  1.0.0        8     7     1  [:db :gpu]  431  ready\n");
  CHECK(has(rig.run({"group", "ls", "-o", "wide"}).out, "onyx.plugin.file/input"));
}

TEST_CASE("group show: its state, who watches whom, and its peers", "[cli]") {
  Rig rig;
  add_peers(rig);
  service::GroupDetailView detail;
  detail.group.id = GroupId("bbbb1111-0000-4000-8000-000000000001");
  detail.group.host = "host-a";
  detail.group.version = "1.0.0";
  detail.group.state = "ready";
  detail.group.peers = 2;
  detail.group.busy = 1;
  detail.group.position = 431;
  detail.group.is_self = true;
  detail.session = "connected";
  detail.site = "host-a:7401";
  detail.watches = {GroupId("cccc1111-0000-4000-8000-000000000001")};
  detail.peers = rig.backend.peers;
  service::GroupView other = detail.group;
  other.id = GroupId("bbcc2222-0000-4000-8000-000000000002");
  other.is_self = false;
  other.host = "host-b";
  rig.backend.groups = {detail.group, other};
  rig.backend.details[detail.group.id.text()] = detail;
  rig.is_out_terminal = true;
  rig.variables["NO_COLOR"] = "1";
  const std::string out = rig.run({"group", "show"}).out;
  CHECK(out ==
        "group bbbb1111   ready   onyxd 1.0.0 on host-a\n"
        "  session     connected\n"
        "  log         entry 431 applied\n"
        "  site        host-a:7401\n"
        "  peers       2   1 busy · 1 idle\n"
        "  watches     cccc1111\n"
        "  watched by  nobody\n"
        "\n"
        "peer      group     host    state    job     task  slot\n"
        "aaaa1111  gggg1111  host-a  idle     -       -        -\n"
        "aabb2222  gggg1111  host-a  working  clicks  in       0\n");
  CHECK(rig.run({"group", "show", "bbbb"}).out == out);
  CHECK(rig.run({"group", "show", "host-a"}).out == out);
  CHECK(rig.run({"group", "show", "host-a", "-o", "json"}).json().get("session") ==
        edn::Value::string("connected"));
  const Ran ambiguous = rig.run({"group", "show", "bb"});
  CHECK(ambiguous.code == 2);
  CHECK(has(ambiguous.err, "bbcc2222-0000-4000-8000-000000000002"));
  const Ran unknown = rig.run({"group", "show", "zz"});
  CHECK(unknown.code == 5);
  CHECK(has(unknown.err, "onyxctl group ls  lists them"));
}

TEST_CASE("cluster status: peers, jobs, log and groups at a glance", "[cli]") {
  Rig rig;
  service::ClusterView& whole = rig.backend.whole;
  whole.daemon = {"1.0.0",  "1",       "prod", GroupId("gggg1111-0000-4000-8000-000000000001"),
                  "host-a", "zk:2181", false,  0,
                  430};
  whole.job_scheduler = "balanced";
  whole.peers = 12;
  whole.busy = 9;
  whole.not_joined = 4;
  whole.jobs_running = 2;
  whole.jobs_waiting = 1;
  whole.jobs_completed = 30;
  whole.origin = 12;
  whole.newest = 431;
  service::GroupView group;
  group.id = whole.daemon.group;
  group.host = "host-a";
  group.version = "1.0.0";
  group.state = "ready";
  group.peers = 12;
  group.busy = 9;
  group.position = 430;
  whole.groups = {group};
  rig.is_out_terminal = true;
  rig.variables["NO_COLOR"] = "1";
  CHECK(rig.run({"cluster", "status"}).out ==
        "tenancy prod   balanced job scheduler   log version 1\n"
        "  peers      12   9 busy · 3 idle · 4 of groups that have not joined\n"
        "  jobs       2 running · 1 waiting · 30 completed · 0 killed\n"
        "  log        entry 430 applied · the newest is 431 · begins at 12\n"
        "  asked      onyxd 1.0.0 on host-a, group gggg1111\n"
        "  zookeeper  zk:2181\n"
        "\n"
        "group     host    version  peers  busy  idle  tags  log  state\n"
        "gggg1111  host-a  1.0.0       12     9     3  []    430  ready\n");
  const edn::Value got = rig.run({"cluster", "status", "-o", "json"}).json();
  CHECK(got.get("peers").get("idle") == edn::Value::integer(3));
  CHECK(got.get("log").get("newest") == edn::Value::integer(431));
  CHECK(rig.run({"cluster", "status", "-q"}).out == whole.daemon.group.text() + "\n");
  whole.newest = -1;
  CHECK(has(rig.run({"cluster", "status"}).out, "ZooKeeper does not answer"));
}

TEST_CASE("gc: says what went", "[cli]") {
  Rig rig;
  rig.backend.collected = {440, 12, 440, 428, 3};
  CHECK(rig.run({"gc"}).out ==
        "log starts at entry 440 now (was 12) · 428 entries deleted · 3 ended jobs forgotten\n");
  CHECK(rig.run({"log", "gc", "-o", "json"}).json().get("entries_deleted") ==
        edn::Value::integer(428));
}

TEST_CASE("version: the client's, and the daemon's when there is one", "[cli]") {
  Rig rig;
  rig.backend.identity.version = "9.9.9";
  rig.backend.identity.host = "host-a";
  rig.backend.identity.dev = true;
  rig.backend.identity.position = 7;
  const Ran ran = rig.run({"version"});
  CHECK(ran.code == 0);
  CHECK(has(ran.out, "onyxctl "));
  CHECK(has(ran.out, "onyxd   9.9.9 on host-a (dev)"));
  CHECK(rig.run({"version", "-o", "json"}).json().get("daemon").get("position") ==
        edn::Value::integer(7));
  rig.stop_daemon();
  CHECK(rig.run_alone({"version", "--addr", rig.address()}).code == 8);
}

}  // namespace onyx::cli
