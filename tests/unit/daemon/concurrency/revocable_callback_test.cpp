#include "daemon/concurrency/revocable_callback.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <vector>

#include "daemon/concurrency/named_thread.h"

namespace onyx::concurrency {

TEST_CASE("revocable callback: runs as often as it is called until it is revoked",
          "[concurrency]") {
  int sum = 0;
  RevocableCallback<int> callback([&](int n) { sum += n; });
  callback.run(1);
  callback.run(2);
  callback.revoke();
  callback.run(4);
  CHECK(sum == 3);
}

TEST_CASE("revocable callback: only one of many runs once", "[concurrency]") {
  std::atomic<int> runs = 0;
  RevocableCallback<> callback([&] { ++runs; });
  {
    std::vector<NamedThread> callers;
    for (int i = 0; i < 4; ++i) callers.emplace_back("caller", [&] { callback.run_once(); });
  }
  CHECK(runs == 1);
}

TEST_CASE("revocable callback: none is under way after revoke", "[concurrency]") {
  for (int i = 0; i < 200; ++i) {
    std::atomic<int> calls{0};
    RevocableCallback<> callback([&] { ++calls; });
    NamedThread caller("caller", [&] {
      for (int n = 0; n < 50; ++n) callback.run();
    });
    callback.revoke();
    const int at_revoke = calls;
    caller.join();
    CHECK(calls == at_revoke);
  }
}

}  // namespace onyx::concurrency
