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
  const auto stale = [&] {
    return rig.run({"group", "ls", "-o", "json"}).json().get("groups").at(0).get("stale");
  };
  CHECK(stale().is_nil());
  rig.backend.groups.front().stale = 12;
  CHECK(stale() == edn::Value::integer(12));
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
  rig.backend.details[detail.group.id.text()].group.stale = 3;
  CHECK(
      has(rig.run({"group", "show", "bbbb"}).out, "refused     3 of allocations that were over\n"));
  rig.backend.details[detail.group.id.text()].group.stale = 0;
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

namespace {

void add_groups(Rig& rig) {
  service::GroupView group;
  group.id = GroupId("gggg1111-0000-4000-8000-000000000001");
  group.host = "host-a";
  group.state = "ready";
  group.peers = 4;
  group.is_self = true;
  rig.backend.groups = {group};
  group.id = GroupId("bbcc2222-0000-4000-8000-000000000002");
  group.host = "host-b";
  group.is_self = false;
  rig.backend.groups.push_back(group);
}

}  // namespace

TEST_CASE("group drain and undrain: what was done, and how to undo it", "[cli]") {
  Rig rig;
  add_groups(rig);
  CHECK(rig.run({"group", "drain", "host-b"}).out ==
        "group bbcc2222 drained (log entry 440) · 4 peers released\n"
        "bring them back with  onyxctl group undrain bbcc2222\n");
  CHECK(has(rig.run({"group", "ls"}).out, "drained"));
  const Ran again = rig.run({"group", "drain", "bbcc"});
  CHECK(again.code == 0);
  CHECK(has(again.out, "group bbcc2222 is drained already"));
  CHECK(rig.run({"group", "undrain", "host-b"}).out ==
        "group bbcc2222 is back with 4 peers (log entry 441)\n");
  CHECK(rig.run({"group", "undrain", "host-b"}).out == "group bbcc2222 is not drained\n");
  const edn::Value got = rig.run({"group", "drain", "host-b", "--stop", "-o", "json"}).json();
  CHECK(got.get("kind") == edn::Value::string("GroupDrained"));
  CHECK(got.get("position") == edn::Value::integer(440));
  CHECK(got.get("group").get("state") == edn::Value::string("drained"));
  CHECK(got.get("stop") == edn::Value::boolean(true));
  const Ran unknown = rig.run({"group", "drain", "host-c"});
  CHECK(unknown.code == 5);
  CHECK(has(unknown.err, "no group `host-c`"));
  CHECK(has(unknown.err, "bbcc2222-0000-4000-8000-000000000002  host-b"));
  CHECK(rig.run({"group", "drain"}).code == 2);
}

TEST_CASE("cluster simulate: the steps in the order they were typed, and what comes of them",
          "[cli]") {
  Rig rig;
  add_groups(rig);
  const std::string job = rig.file("job.edn", a_job_text());
  service::SimulationView& view = rig.backend.simulation;
  view.as_of_position = 41;
  view.peers_before = 8;
  view.peers_after = 6;
  view.busy_before = 6;
  view.busy_after = 3;
  view.steps = {"group-leave-cluster group bbcc2222: left, 4 peers gone"};
  service::SimulationView::Job clicks;
  clicks.job = {JobId(kClicks), "clicks", service::JobState::running};
  clicks.before = service::JobState::running;
  clicks.peers_before = 6;
  clicks.peers_after = 3;
  clicks.starts_over = true;
  clicks.tasks = {{"in", 1, 1}, {"f", 5, 2}};
  clicks.reason = "running";
  service::SimulationView::Job billing;
  billing.job = {JobId(kBilling), "billing", service::JobState::waiting};
  billing.reason = "held-by-others";
  billing.text = "waits: it needs 6 peers, 3 are free, other jobs hold the rest";
  billing.tasks = {{"a", 0, 0}};
  view.jobs = {clicks, billing};
  service::PeerView peer;
  peer.id = PeerId("aaaa1111");
  peer.job = JobId(kClicks);
  peer.task = "f";
  view.moves = {{peer, std::nullopt}, {std::nullopt, peer}};
  rig.is_out_terminal = true;
  rig.variables["NO_COLOR"] = "1";
  const Ran ran = rig.run({"cluster", "simulate", "--lose", "host-b", "--submit", job,
                           "--add-peers", "2", "--lose", "host-a"});
  CHECK(ran.code == 0);
  CHECK(ran.out ==
        "as of entry 41   nothing is changed\n"
        "  1  group-leave-cluster group bbcc2222: left, 4 peers gone\n"
        "  peers  8 → 6   6 → 3 busy · 2 → 3 idle\n"
        "  moves  1 come · 1 leave\n"
        "\n"
        "job               state                 peers  tasks\n"
        "clicks 6f1c02d9   running, starts over  6 → 3  in 1 · f 5 → 2\n"
        "billing 91acd0f2  new → waiting             0  a 0\n"
        "\n"
        "billing 91acd0f2\n"
        "  waits: it needs 6 peers, 3 are free, other jobs hold the rest\n");
  REQUIRE(rig.backend.simulated.size() == 4);
  CHECK(rig.backend.simulated[0].lose_group == "bbcc2222-0000-4000-8000-000000000002");
  REQUIRE(rig.backend.simulated[1].submit.has_value());
  CHECK(rig.backend.simulated[2].add_peers == 2);
  CHECK(rig.backend.simulated[3].lose_group == "gggg1111-0000-4000-8000-000000000001");
  const edn::Value got = rig.run({"cluster", "simulate", "--add-peers", "1", "-o", "json"}).json();
  CHECK(got.get("kind") == edn::Value::string("Simulation"));
  CHECK(got.get("jobs").at(0).get("tasks").at(1).get("after") == edn::Value::integer(2));
  CHECK(got.get("jobs").at(1).find("before") == nullptr);
  CHECK(got.get("moves").at(0).get("change") == edn::Value::string("leaves"));
}

TEST_CASE("cluster simulate: what makes no sense is refused before, or by the daemon", "[cli]") {
  Rig rig;
  add_groups(rig);
  CHECK(rig.run({"cluster", "simulate"}).code == 2);
  CHECK(rig.run({"cluster", "simulate", "--add-peers", "0"}).code == 2);
  CHECK(rig.run({"cluster", "simulate", "--add-peers", "many"}).code == 2);
  CHECK(rig.run({"cluster", "simulate", "--submit", rig.file("bad.edn", "{:workflow 1}")}).code ==
        3);
  const Ran unknown = rig.run({"cluster", "simulate", "--lose", "host-z"});
  CHECK(unknown.code == 5);
  CHECK(has(unknown.err, "host-b"));
}

TEST_CASE("gc: says what went", "[cli]") {
  Rig rig;
  rig.backend.collected = {440, 12, 440, 428, 3};
  CHECK(rig.run({"gc"}).out ==
        "log starts at entry 440 now (was 12) · 428 entries deleted · 3 ended jobs forgotten\n");
  CHECK(rig.run({"log", "gc", "-o", "json"}).json().get("entries_deleted") ==
        edn::Value::integer(428));
}

TEST_CASE("gc: a dry run says what would go, and nothing goes", "[cli]") {
  Rig rig;
  rig.is_out_terminal = true;
  rig.variables["NO_COLOR"] = "1";
  rig.backend.collectable = {440, 12, 440, 428, 1};
  rig.backend.collectable.jobs = {{JobId(kClicks), "clicks", service::JobState::completed}};
  rig.backend.collectable.dropped = {{JobId(kBilling), "billing", service::JobState::killed}};
  CHECK(rig.run({"gc", "--dry-run"}).out ==
        "nothing is changed   log would start at entry 440 (is 12) · 428 entries deleted · 1 ended "
        "job forgotten\n"
        "  forgets  clicks 6f1c02d9  completed\n"
        "  drops    billing 91acd0f2  killed, even that\n");
  const edn::Value said = rig.run({"log", "gc", "--dry-run", "-o", "json"}).json();
  CHECK(said.get("dry_run") == edn::Value::boolean(true));
  CHECK(said.get("jobs").at(0).get("id") == edn::Value::string(kClicks));
  CHECK(said.get("dropped").at(0).get("name") == edn::Value::string("billing"));
  CHECK(rig.backend.collections == 0);
  CHECK(rig.run({"gc"}).code == 0);
  CHECK(rig.backend.collections == 1);
  CHECK(rig.run({"gc", "--dry-run=perhaps"}).code == 2);
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
