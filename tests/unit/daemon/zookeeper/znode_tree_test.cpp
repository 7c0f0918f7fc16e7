#include "daemon/zookeeper/embedded/znode_tree.h"

#include <catch2/catch.hpp>

namespace onyx::zookeeper::embedded {
namespace {

const std::vector<Acl> kOpen = {{31, {"world", "anyone"}}};

// A tree with a clock that counts: every request is one zxid and one millisecond later.
class Tree {
 public:
  Outcome handle(const Request& request, SessionId session = 1) {
    ++zxid;
    return tree.handle(request, Caller{session, identities}, zxid, 1'000 + zxid);
  }
  Code create(const std::string& path, std::int32_t flags = 0, SessionId session = 1) {
    return handle(Create{path, "", kOpen, flags, false}, session).reply.code;
  }
  std::string created(const std::string& path, std::int32_t flags) {
    return handle(Create{path, "", kOpen, flags, false}).reply.text.value_or("refused");
  }
  Stat stat(const std::string& path) { return handle(Exists{path}).reply.stat.value(); }

  ZnodeTree tree;
  Zxid zxid = 0;
  Identities identities;
};

}  // namespace

TEST_CASE("tree: a node needs its parent", "[embedded][tree]") {
  Tree tree;
  CHECK(tree.create("/a/b") == Code::no_node);
  CHECK(tree.create("/a") == Code::ok);
  CHECK(tree.create("/a/b") == Code::ok);
  CHECK(tree.create("/a/b") == Code::node_exists);
}

TEST_CASE("tree: paths that are none are refused", "[embedded][tree]") {
  Tree tree;
  for (const char* path : {"", "a", "/a/", "//a", "/a//b", "/.", "/..", "/a/../b"}) {
    CHECK(tree.create(path) == Code::bad_arguments);
  }
}

TEST_CASE("tree: a stat says when and how often", "[embedded][tree]") {
  Tree tree;
  tree.create("/a");                                 // zxid 1
  tree.handle(SetData{"/a", "hello", kAnyVersion});  // 2
  tree.create("/a/x");                               // 3
  tree.create("/a/y");                               // 4
  tree.handle(Remove{"/a/x", kAnyVersion});          // 5
  Stat expected;
  expected.czxid = 1;
  expected.mzxid = 2;
  expected.pzxid = 5;
  expected.ctime = 1'001;
  expected.mtime = 1'002;
  expected.version = 1;
  expected.cversion = 3;  // two creates and a delete
  expected.data_length = 5;
  expected.num_children = 1;
  CHECK(tree.stat("/a") == expected);
}

TEST_CASE("tree: sequential names count the creates, dense over deletes", "[embedded][tree]") {
  Tree tree;
  tree.create("/log");
  CHECK(tree.created("/log/e-", kFlagSequence) == "/log/e-0000000000");
  CHECK(tree.created("/log/e-", kFlagSequence) == "/log/e-0000000001");
  tree.handle(Remove{"/log/e-0000000000", kAnyVersion});
  tree.handle(Remove{"/log/e-0000000001", kAnyVersion});
  CHECK(tree.created("/log/e-", kFlagSequence) == "/log/e-0000000002");
}

TEST_CASE("tree: any other child takes a number too", "[embedded][tree]") {
  Tree tree;
  tree.create("/log");
  tree.create("/log/foreign", kFlagEphemeral);
  CHECK(tree.created("/log/e-", kFlagSequence) == "/log/e-0000000001");
}

TEST_CASE("tree: a multi that fails leaves no trace", "[embedded][tree]") {
  Tree tree;
  tree.create("/a");
  tree.create("/a/x", kFlagEphemeral);
  tree.handle(SetData{"/a", "before", kAnyVersion});
  tree.handle(GetData{"/a", true}, 7);
  const Stat before = tree.stat("/a");

  const Outcome outcome = tree.handle(
      Multi{{SetData{"/a", "after", kAnyVersion}, Create{"/a/e-", "", kOpen, kFlagSequence, false},
             Remove{"/a/x", kAnyVersion}, CheckVersion{"/none", 0}, Remove{"/a", kAnyVersion}}});
  CHECK(outcome.events.empty());
  std::vector<Code> codes;
  for (const Reply::Part& part : outcome.reply.parts.value()) codes.push_back(part.code);
  CHECK(codes ==
        std::vector{Code::ok, Code::ok, Code::ok, Code::no_node, Code::runtime_inconsistency});
  CHECK(tree.stat("/a") == before);
  CHECK(tree.handle(GetData{"/a"}).reply.text == "before");
  CHECK(tree.created("/a/e-", kFlagSequence) == "/a/e-0000000001");
  CHECK(tree.tree.end_session(1, 99).empty());
  CHECK(tree.handle(Exists{"/a/x"}).reply.code == Code::no_node);
}

TEST_CASE("tree: within a multi a step sees the ones before it", "[embedded][tree]") {
  Tree tree;
  const Outcome outcome = tree.handle(
      Multi{{Create{"/a", "", kOpen, 0, false}, Create{"/a/e-", "", kOpen, kFlagSequence, false},
             SetData{"/a", "x", 0}, CheckVersion{"/a", 1}}});
  const auto& parts = outcome.reply.parts.value();
  CHECK(parts[1].text == "/a/e-0000000000");
  CHECK(parts[2].stat->version == 1);
  CHECK(parts[3].code == Code::ok);
}

TEST_CASE("tree: versions fence sets and removes", "[embedded][tree]") {
  Tree tree;
  tree.create("/a");
  CHECK(tree.handle(SetData{"/a", "x", 1}).reply.code == Code::bad_version);
  CHECK(tree.handle(SetData{"/a", "x", 0}).reply.stat->version == 1);
  CHECK(tree.handle(Remove{"/a", 0}).reply.code == Code::bad_version);
  CHECK(tree.handle(Remove{"/a", 1}).reply.code == Code::ok);
}

TEST_CASE("tree: a node with children stays, an ephemeral has none", "[embedded][tree]") {
  Tree tree;
  tree.create("/a");
  tree.create("/a/b", kFlagEphemeral);
  CHECK(tree.handle(Remove{"/a", kAnyVersion}).reply.code == Code::not_empty);
  CHECK(tree.create("/a/b/c") == Code::no_children_for_ephemerals);
}

TEST_CASE("tree: ephemerals go with their session, and only they", "[embedded][tree]") {
  Tree tree;
  tree.create("/a", kFlagEphemeral, 1);
  tree.create("/b", kFlagEphemeral, 2);
  tree.create("/c", 0, 1);
  tree.handle(Exists{"/a", true}, 2);
  CHECK(tree.tree.end_session(1, 50) ==
        std::vector<WatchEvent>{{2, EventType::node_deleted, "/a"}});
  CHECK(tree.handle(Exists{"/a"}).reply.code == Code::no_node);
  CHECK(tree.handle(Exists{"/b"}).reply.code == Code::ok);
  CHECK(tree.handle(Exists{"/c"}).reply.code == Code::ok);
}

TEST_CASE("tree: a watch fires once", "[embedded][tree]") {
  Tree tree;
  tree.handle(Exists{"/a", true}, 7);
  CHECK(tree.handle(Create{"/a", "", kOpen, 0, false}).events ==
        std::vector<WatchEvent>{{7, EventType::node_created, "/a"}});
  CHECK(tree.handle(SetData{"/a", "x", kAnyVersion}).events.empty());
  tree.handle(GetData{"/a", true}, 7);
  CHECK(tree.handle(SetData{"/a", "y", kAnyVersion}).events ==
        std::vector<WatchEvent>{{7, EventType::node_data_changed, "/a"}});
  tree.handle(GetChildren{"/", true, false}, 7);
  CHECK(tree.handle(Remove{"/a", kAnyVersion}).events ==
        std::vector<WatchEvent>{{7, EventType::node_children_changed, "/"}});
  CHECK(tree.tree.watch_count() == 0);
}

TEST_CASE("tree: data and children watches of one node make one event when it goes",
          "[embedded][tree]") {
  Tree tree;
  tree.create("/a");
  tree.handle(GetData{"/a", true}, 7);
  tree.handle(GetChildren{"/a", true, false}, 7);
  CHECK(tree.handle(Remove{"/a", kAnyVersion}).events ==
        std::vector<WatchEvent>{{7, EventType::node_deleted, "/a"}});
}

TEST_CASE("tree: a client that was away hears what it missed, and watches the rest",
          "[embedded][tree]") {
  Tree tree;
  tree.create("/changed");
  tree.create("/same");
  const Zxid left_at = tree.zxid;
  tree.handle(SetData{"/changed", "x", kAnyVersion});
  tree.create("/came");
  const Outcome outcome = tree.handle(
      SetWatches{left_at, {"/changed", "/same", "/went"}, {"/came", "/absent"}, {"/same"}}, 7);
  CHECK(outcome.events == std::vector<WatchEvent>{{7, EventType::node_data_changed, "/changed"},
                                                  {7, EventType::node_deleted, "/went"},
                                                  {7, EventType::node_created, "/came"}});
  CHECK(tree.handle(Create{"/absent", "", kOpen, 0, false}).events ==
        std::vector<WatchEvent>{{7, EventType::node_created, "/absent"}});
}

TEST_CASE("tree: an access list lets in whom it names", "[embedded][tree]") {
  Tree tree;
  const Identity ann{"digest", "ann:x"};
  CHECK(tree.handle(Create{"/a", "", {{31, {"auth", ""}}}, 0, false}).reply.code ==
        Code::invalid_acl);
  tree.identities = {ann};
  CHECK(tree.handle(Create{"/a", "", {{31, {"auth", ""}}}, 0, false}).reply.code == Code::ok);
  CHECK(tree.handle(GetAcl{"/a"}).reply.acl == std::vector<Acl>{{31, ann}});
  tree.identities = {{"digest", "bob:y"}};
  CHECK(tree.handle(GetData{"/a"}).reply.code == Code::no_auth);
  CHECK(tree.create("/a/b") == Code::no_auth);
  CHECK(tree.handle(SetAcl{"/a", kOpen, kAnyVersion}).reply.code == Code::no_auth);
  CHECK(tree.handle(Multi{{Create{"/c", "", kOpen, 0, false}, SetData{"/a", "", -1}}})
            .reply.parts->at(1)
            .code == Code::no_auth);
  CHECK(tree.handle(Exists{"/c"}).reply.code == Code::no_node);
  tree.identities = {ann};
  CHECK(tree.handle(SetAcl{"/a", kOpen, kAnyVersion}).reply.stat->aversion == 1);
  tree.identities = {};
  CHECK(tree.handle(GetData{"/a"}).reply.code == Code::ok);
}

}  // namespace onyx::zookeeper::embedded
