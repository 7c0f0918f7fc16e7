#include <catch2/catch.hpp>

#include "common/api/cluster_codec.h"
#include "common/api/job_codec.h"
#include "common/api/log_codec.h"

namespace onyx::api {
namespace {

// Through the bytes and back.
template <class Message, class View>
View sent(const View& view) {
  Message message;
  encode(view, &message);
  Message received;
  REQUIRE(received.ParseFromString(message.SerializeAsString()));
  return decode(received);
}

JobView a_view() {
  JobView view;
  view.ref = {JobId("6f1c02d9-0000-4000-8000-000000000001"), "clicks", JobState::killed};
  view.submitted_ms = 1;
  view.started_ms = 2;
  view.ended_ms = 3;
  view.position = 4;
  view.version = 5;
  view.restarts = 6;
  view.task_scheduler = "balanced";
  view.reason = "because";
  view.exception_edn = "{:message \"x\"}";
  TaskView task;
  task.name = "in";
  task.type = "input";
  task.peers = 1;
  task.min_peers = 2;
  task.max_peers = 3;
  task.sites = {GroupId("g")};
  task.segments_in = 7;
  task.segments_out = 8;
  task.dropped = 9;
  task.bad_lines = 10;
  task.progress = 0.0;
  task.busy_ns = 11;
  task.backpressured_ns = 12;
  view.tasks = {task, TaskView{}};
  view.as_of_position = 13;
  view.as_of_ms = 14;
  view.silent_groups = {GroupId("h")};
  view.numbers_lost = true;
  return view;
}

}  // namespace

TEST_CASE("job codec: a job comes back with every field", "[api]") {
  const JobView got = sent<v1::Job>(a_view());
  CHECK(got.ref.id.text() == "6f1c02d9-0000-4000-8000-000000000001");
  CHECK(got.ref.name == "clicks");
  CHECK(got.ref.state == JobState::killed);
  CHECK(got.submitted_ms == 1);
  CHECK(got.started_ms == 2);
  CHECK(got.ended_ms == 3);
  CHECK(got.position == 4);
  CHECK(got.version == 5);
  CHECK(got.restarts == 6);
  CHECK(got.task_scheduler == "balanced");
  CHECK(got.reason == "because");
  CHECK(got.exception_edn == "{:message \"x\"}");
  CHECK(got.as_of_position == 13);
  CHECK(got.as_of_ms == 14);
  CHECK(got.silent_groups == std::vector<GroupId>{GroupId("h")});
  CHECK(got.numbers_lost);
  REQUIRE(got.tasks.size() == 2);
  const TaskView& task = got.tasks[0];
  CHECK(task.name == "in");
  CHECK(task.type == "input");
  CHECK(task.peers == 1);
  CHECK(task.min_peers == 2);
  CHECK(task.max_peers == 3);
  CHECK(task.sites == std::vector<GroupId>{GroupId("g")});
  CHECK(task.segments_in == 7);
  CHECK(task.segments_out == 8);
  CHECK(task.dropped == 9);
  CHECK(task.bad_lines == 10);
  CHECK(task.busy_ns == 11);
  CHECK(task.backpressured_ns == 12);
}

TEST_CASE("job codec: no progress and no progress yet are different", "[api]") {
  const JobView got = sent<v1::Job>(a_view());
  CHECK(got.tasks[0].progress == 0.0);
  CHECK(got.tasks[1].progress == std::nullopt);
}

TEST_CASE("job codec: every state comes back", "[api]") {
  for (const JobState state : {JobState::submitted, JobState::waiting, JobState::running,
                               JobState::completed, JobState::killed}) {
    CHECK(decode(encode(state)) == state);
  }
}

TEST_CASE("job codec: a submission without an id has none", "[api]") {
  SubmitRequest request{{"{}", "job.edn"}, {{"(ns a)", "a.clj"}}, std::nullopt};
  CHECK(sent<v1::SubmitRequest>(request).id == std::nullopt);
  request.id = "x";
  const SubmitRequest got = sent<v1::SubmitRequest>(request);
  CHECK(got.id == "x");
  CHECK(got.job.text == "{}");
  CHECK(got.functions.at(0).file == "a.clj");
}

TEST_CASE("job codec: why a job waits comes back with its numbers", "[api]") {
  SubmitView view;
  view.job = a_view().ref;
  view.position = 412;
  view.already = true;
  WhyView why;
  why.job = a_view();
  why.reason = "not-enough-peers";
  why.text = "needs 5, 3 are free";
  why.peers_needed = 5;
  why.peers_total = 12;
  why.peers_free = 3;
  why.needs = {{"in", 1, ""}, {"out", 4, "wants tag :gpu"}};
  why.holders = {{a_view().ref, 9, 8}};
  why.unblock = {"onyxctl peer add 2"};
  view.why = why;
  const SubmitView got = sent<v1::SubmitResponse>(view);
  CHECK(got.position == 412);
  CHECK(got.already);
  CHECK(!got.placed);
  REQUIRE(got.why);
  CHECK(got.why->reason == "not-enough-peers");
  CHECK(got.why->text == why.text);
  CHECK(got.why->peers_needed == 5);
  CHECK(got.why->peers_total == 12);
  CHECK(got.why->peers_free == 3);
  CHECK(got.why->needs.at(1).note == "wants tag :gpu");
  CHECK(got.why->holders.at(0).min_peers == 8);
  CHECK(got.why->unblock == why.unblock);
  view.why.reset();
  CHECK(!sent<v1::SubmitResponse>(view).why);
}

TEST_CASE("job codec: a case comes back as it ended, with its outputs in order", "[api]") {
  for (const auto ended : {CaseView::Ended::rejected, CaseView::Ended::completed,
                           CaseView::Ended::killed, CaseView::Ended::timed_out}) {
    CaseView view;
    view.ended = ended;
    CHECK(sent<v1::RunCaseResponse>(view).ended == ended);
  }
  CaseView view;
  view.outputs_edn = {{"out", {"{:n 2}", "{:n 1}"}}, {"none", {}}};
  view.exception_edn = "{:message \"m\"}";
  view.duration_ms = 12;
  const CaseView got = sent<v1::RunCaseResponse>(view);
  CHECK(got.outputs_edn == view.outputs_edn);
  CHECK(got.exception_edn == view.exception_edn);
  CHECK(got.duration_ms == 12);
}

TEST_CASE("cluster codec: groups and peers come back", "[api]") {
  GroupView group;
  group.id = GroupId("g1");
  group.host = "host-a";
  group.version = "1.0.0";
  group.state = "ready";
  group.peers = 8;
  group.busy = 3;
  group.tags = {":db"};
  group.plugins = {"onyx.plugin.file/input"};
  group.position = 431;
  group.stale = 12;
  group.is_self = true;
  const GroupView got = sent<v1::Group>(group);
  CHECK(got.id == group.id);
  CHECK(got.tags == group.tags);
  CHECK(got.plugins == group.plugins);
  CHECK(got.peers == 8);
  CHECK(got.busy == 3);
  CHECK(got.position == 431);
  CHECK(got.stale == 12);
  CHECK(got.is_self);

  PeerView peer;
  peer.id = PeerId("p1");
  peer.group = GroupId("g1");
  peer.job = JobId("j1");
  peer.job_name = "clicks";
  peer.task = "in";
  peer.slot = 2;
  peer.state = "working";
  const PeerView same = sent<v1::Peer>(peer);
  CHECK(same.id == peer.id);
  CHECK(same.job == peer.job);
  CHECK(same.task == "in");
  CHECK(same.slot == 2);
  CHECK(sent<v1::Peer>(PeerView{}).slot == -1);
}

TEST_CASE("log codec: entries come back in order", "[api]") {
  LogView view;
  view.origin = 3;
  view.newest = 4;
  view.entries = {{3, 100, "submit-job", "clicks", "waiting", "{:id 1}", false},
                  {4, 101, "kill-job", "clicks", "no such job", "{:job 1}", true}};
  const LogView got = sent<v1::ReadLogResponse>(view);
  CHECK(got.origin == 3);
  CHECK(got.newest == 4);
  REQUIRE(got.entries.size() == 2);
  CHECK(got.entries[1].position == 4);
  CHECK(got.entries[1].fn == "kill-job");
  CHECK(got.entries[1].args_edn == "{:job 1}");
  CHECK(got.entries[1].rejected);
}

TEST_CASE("replica codec: changes come back, with what was not there and what has gone", "[api]") {
  ReplicaDiffView view{3, 5, {{"[:a]", "", "1"}, {"[:b]", "2", ""}}};
  const ReplicaDiffView got = sent<v1::DiffReplicaResponse>(view);
  CHECK(got.from == 3);
  CHECK(got.to == 5);
  REQUIRE(got.changes.size() == 2);
  CHECK(got.changes[0].path_edn == "[:a]");
  CHECK(got.changes[0].before_edn.empty());
  CHECK(got.changes[0].after_edn == "1");
  CHECK(got.changes[1].before_edn == "2");
  CHECK(got.changes[1].after_edn.empty());
}

TEST_CASE("log codec: an entry in detail comes back with every field", "[api]") {
  EntryView view;
  view.entry.position = 12;
  view.by = "client";
  view.writer = GroupId("g");
  view.seq = 4;
  view.cause = LogEntryView{11, 1, "notify-join-cluster", "group g", "", "", false};
  view.is_origin = true;
  view.diff_edn = "{:change :unchanged}";
  view.changes = {{"[:a]", "", "1"}};
  const EntryView got = sent<v1::ShowEntryResponse>(view);
  CHECK(got.entry.position == 12);
  CHECK(got.by == "client");
  CHECK(got.writer == GroupId("g"));
  CHECK(got.seq == 4);
  REQUIRE(got.cause);
  CHECK(got.cause->fn == "notify-join-cluster");
  CHECK(got.is_origin);
  CHECK(got.diff_edn == "{:change :unchanged}");
  CHECK(got.changes.size() == 1);
  CHECK_FALSE(sent<v1::ShowEntryResponse>(EntryView{}).cause);
}

TEST_CASE("cluster codec: the whole and a group come back with every field", "[api]") {
  ClusterView view;
  view.daemon.tenancy = "t";
  view.job_scheduler = "greedy";
  view.groups = {GroupView{GroupId("g")}};
  view.peers = 1;
  view.busy = 2;
  view.not_joined = 3;
  view.jobs_waiting = 4;
  view.jobs_running = 5;
  view.jobs_completed = 6;
  view.jobs_killed = 7;
  view.origin = 8;
  view.newest = 9;
  const ClusterView got = sent<v1::Cluster>(view);
  CHECK(got.daemon.tenancy == "t");
  CHECK(got.job_scheduler == "greedy");
  REQUIRE(got.groups.size() == 1);
  CHECK(got.groups[0].id == GroupId("g"));
  CHECK(std::vector{got.peers, got.busy, got.not_joined, got.jobs_waiting, got.jobs_running,
                    got.jobs_completed, got.jobs_killed} == std::vector{1, 2, 3, 4, 5, 6, 7});
  CHECK(got.origin == 8);
  CHECK(got.newest == 9);

  GroupDetailView detail;
  detail.group.id = GroupId("g");
  detail.session = "suspect";
  detail.site = "host:1";
  detail.watches = {GroupId("h")};
  detail.watched_by = GroupId("i");
  detail.peers = {PeerView{PeerId("p")}};
  const GroupDetailView back = sent<v1::GroupDetail>(detail);
  CHECK(back.group.id == GroupId("g"));
  CHECK(back.session == "suspect");
  CHECK(back.site == "host:1");
  CHECK(back.watches == detail.watches);
  CHECK(back.watched_by == GroupId("i"));
  REQUIRE(back.peers.size() == 1);
  CHECK(back.peers[0].id == PeerId("p"));
}

}  // namespace onyx::api
