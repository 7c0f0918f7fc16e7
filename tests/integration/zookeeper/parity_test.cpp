// The in-memory ZooKeeper answers as a real one does: the same random requests to both, the same replies from both.

#include <algorithm>
#include <map>
#include <ostream>
#include <random>
#include <vector>

#include "daemon/zookeeper/client/handle.h"
#include "tests/integration/zookeeper/worlds.h"

namespace onyx {
namespace {

using zookeeper::Call;
using zookeeper::Code;
using zookeeper::CreateMode;
using zookeeper::Handle;
using zookeeper::Op;
using zookeeper::Reply;

std::unique_ptr<Handle> connect(const std::string& address) {
  zookeeper::HandleOptions options;
  options.address = address;
  options.session_timeout = std::chrono::seconds(30);
  options.call_deadline = std::chrono::seconds(60);
  return std::move(*Handle::open(options, [](zookeeper::HandleEvent) {}));
}

// What must be equal: everything but times and session ids.
std::string describe(Reply reply) {
  std::ranges::sort(reply.names);
  std::string text = std::to_string(static_cast<int>(reply.code)) + " " + reply.text;
  text += " v" + std::to_string(reply.stat.version) + " c" +
          std::to_string(reply.stat.child_count) + " n" + std::to_string(reply.stat.child_changes) +
          (reply.stat.ephemeral_owner != 0 ? " e" : "");
  for (const std::string& name : reply.names) text += " " + name;
  for (const auto& [code, path] : reply.results) {
    text += " [" + std::to_string(static_cast<int>(code)) + " " + path + "]";
  }
  return text;
}

class RandomRequests {
 public:
  RandomRequests(unsigned int seed, std::string root) : random_(seed), root_(std::move(root)) {}

  Call next(Handle& handle, zookeeper::WatchId watch) {
    switch (pick(10)) {
      case 0:
      case 1:
        return handle.create(path(), text(), mode());
      case 2:
        return handle.remove(path(), version());
      case 3:
        return handle.set(path(), text(), version());
      case 4:
        return handle.get(path());
      case 5:
        return handle.children(path());
      case 6:
        return handle.exists(path());
      case 7:
        return handle.exists(path(), watch);
      default:
        return handle.multi(ops());
    }
  }

 private:
  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned int>(below)); }

  std::string path() {
    static constexpr const char* kPaths[] = {"",      "/a",   "/b",     "/a/x", "/a/y",
                                             "/a/x/", "/b/x", "/b/x/y", "/",    "/../z"};
    return root_ + kPaths[pick(10)];
  }
  std::string text() { return std::string(static_cast<std::size_t>(pick(4)), 't'); }
  std::int32_t version() { return pick(3) - 1; }
  CreateMode mode() {
    static constexpr CreateMode kModes[] = {CreateMode::persistent, CreateMode::persistent,
                                            CreateMode::sequential, CreateMode::ephemeral};
    return kModes[pick(4)];
  }
  std::vector<Op> ops() {
    std::vector<Op> ops(static_cast<std::size_t>(1 + pick(4)));
    for (Op& op : ops) {
      static constexpr Op::Kind kKinds[] = {Op::Kind::create, Op::Kind::create, Op::Kind::remove,
                                            Op::Kind::set, Op::Kind::check};
      op = {kKinds[pick(5)], path(), text(), mode(), version()};
    }
    return ops;
  }

  std::mt19937 random_;
  const std::string root_;
};

struct Run {
  std::vector<std::string> replies;
  int watches_fired = 0;
};

Run run(const std::string& address, unsigned int seed, int requests) {
  const auto handle = connect(address);
  // Two levels deep: the numbers of sequential nodes next to `root` are the test's own.
  const std::string above = "/parity-" + std::to_string(seed);
  const std::string root = above + "/top";
  REQUIRE(handle->create(above, {}).wait().ok());
  REQUIRE(describe(handle->create(root, {}).wait()) == "0 " + root + " v0 c0 n0");
  std::atomic<int> fired = 0;
  const auto watch = handle->watchers().add([&](zookeeper::WatchEvent) { ++fired; });
  RandomRequests random(seed, root);
  std::vector<Call> calls;
  for (int i = 0; i < requests; ++i) calls.push_back(random.next(*handle, watch));
  Run result;
  for (Call& call : calls) result.replies.push_back(describe(call.wait()));
  REQUIRE(handle->sync(root).wait().ok());
  result.watches_fired = fired;
  return result;
}

}  // namespace

TEST_CASE("embedded: answers any requests as ZooKeeper 3.8 does", "[zookeeper][parity]") {
  EmbeddedWorld embedded;
  RealWorld real;
  for (unsigned int seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    const Run ours = run(embedded.address(), seed, 300);
    const Run theirs = run(real.address(), seed, 300);
    for (std::size_t i = 0; i < ours.replies.size(); ++i) {
      INFO("request " << i);
      REQUIRE(ours.replies[i] == theirs.replies[i]);
    }
    CHECK(ours.watches_fired == theirs.watches_fired);
  }
}

}  // namespace onyx
