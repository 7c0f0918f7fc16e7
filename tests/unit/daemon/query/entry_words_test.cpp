#include "daemon/query/entry_words.h"

#include <catch2/catch.hpp>

#include "daemon/coordination/transition.h"
#include "tests/support/cluster_log.h"

namespace onyx::query {
namespace {

using namespace coordination;

// Applies the commands in turn; the last one in words.
std::pair<std::string, std::string> words_of(std::vector<Command> commands) {
  replica::Replica replica = replica::base_replica({});
  std::pair<std::string, std::string> words;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    LogEntry entry;
    entry.position = static_cast<Position>(i);
    entry.command = std::move(commands[i]);
    auto applied = coordination::apply(std::move(replica), entry);
    replica = std::move(applied.replica);
    words = {subject_of(entry, replica), effect_of(applied.diff, replica)};
  }
  return words;
}

SubmitJob submit() {
  auto spec = test::chain({test::task("in"), test::task("out")});
  spec.name = "clicks";
  return test::submit("6f1c02d9-1111", std::move(spec));
}

const PrepareJoinCluster kJoin{GroupId("b3a1c9f0-2222"), std::nullopt};

TEST_CASE("entry words: ids are cut to what people can compare", "[query]") {
  CHECK(short_id("6f1c02d9-1111-2222") == "6f1c02d9");
  CHECK(short_id("abc") == "abc");
}

TEST_CASE("entry words: whom an entry is about", "[query]") {
  CHECK(words_of({kJoin}).first == "group b3a1c9f0");
  CHECK(
      words_of({kJoin, AddVirtualPeers{GroupId("b3a1c9f0-2222"), {PeerId("p1")}, "", {}}}).first ==
      "1 peer of group b3a1c9f0");
  CHECK(words_of({submit()}).first == "job 6f1c02d9 clicks");
  CHECK(words_of({submit(), KillJob{JobId("6f1c02d9-1111"), "", "", {}}}).first ==
        "job 6f1c02d9 clicks");
  CHECK(words_of({DrainGroup{GroupId("b3a1c9f0-1")}}).first == "group b3a1c9f0");
  CHECK(words_of({UndrainGroup{GroupId("b3a1c9f0-1")}}).first == "group b3a1c9f0");
  CHECK(words_of({LeaveCluster{PeerId("0123456789"), ""}}).first == "peer 01234567");
  CHECK(words_of({Senseless{"why", "text"}}).first == "not understood");
  CHECK(words_of({Gc{"id"}}).first.empty());
}

TEST_CASE("entry words: what an entry changed", "[query]") {
  CHECK(words_of({submit()}).second == "accepted");
  CHECK_THAT(words_of({KillJob{JobId("x"), "", "", {}}}).second, Catch::StartsWith("rejected: "));
  const auto running =
      words_of({kJoin,
                AddVirtualPeers{GroupId("b3a1c9f0-2222"), {PeerId("p1"), PeerId("p2")}, "", {}},
                submit()})
          .second;
  CHECK(running == "accepted, job 6f1c02d9 clicks running, 2 peers moved");
  const auto killed =
      words_of({kJoin,
                AddVirtualPeers{GroupId("b3a1c9f0-2222"), {PeerId("p1"), PeerId("p2")}, "", {}},
                submit(), KillJob{JobId("6f1c02d9-1111"), "", "", {}}})
          .second;
  CHECK(killed == "ended, job 6f1c02d9 clicks killed, 2 peers moved");
}

}  // namespace
}  // namespace onyx::query
