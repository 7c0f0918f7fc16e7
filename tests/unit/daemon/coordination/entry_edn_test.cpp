#include "daemon/coordination/entry_edn.h"

#include <catch2/catch.hpp>

#include "common/edn/printer.h"
#include "tests/support/cluster_log.h"

using namespace onyx;
using namespace onyx::coordination;

namespace {

std::string again(const Command& command) {
  const LogEntry read = decode(encode({command, {}, {}}, GroupId("g"), 3), 7, 11);
  CHECK(read.position == 7);
  CHECK(read.created_at_ms == 11);
  CHECK(read.writer == GroupId("g"));
  CHECK(read.seq == 3);
  return encode({read.command, {}, {}}, GroupId("g"), 3);
}

}  // namespace

TEST_CASE("entry: every command reads back as it was written", "[coordination][entry]") {
  replica::JobSpec spec =
      test::chain({test::task("in"), test::task("my.ns/f", 2, 5), test::task("out")});
  spec.name = "clicks";
  spec.saturation = 9;
  spec.percentage_ppm = 375'000;
  spec.task_scheduler = replica::TaskScheduler::percentage;
  auto& f = spec.tasks[1];
  f.flux = replica::FluxPolicy::resume;
  f.grouped = f.stateful = f.reduces = true;
  f.required_tags = {"a", "b.c/d"};
  f.plugin = "my.plugin/x";
  f.percentage_ppm = 1'000'000;
  const std::string uuid = "0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9";
  const std::vector<Command> commands = {
      PrepareJoinCluster{GroupId(uuid), std::vector<std::string>{"p/a", "p/b"}},
      PrepareJoinCluster{GroupId(uuid), std::nullopt},
      NotifyJoinCluster{GroupId("a")},
      AcceptJoinCluster{GroupId("a"), GroupId("b"), GroupId("c"), GroupId("a")},
      AbortJoinCluster{GroupId("a")},
      GroupLeaveCluster{GroupId("a")},
      DrainGroup{GroupId("a"), true, 3, "host unix:/run/x"},
      DrainGroup{GroupId(uuid)},
      UndrainGroup{GroupId("a")},
      test::add_peers("a", {"p1", uuid}, {"s3"}, "unix:/run/x"),
      LeaveCluster{PeerId("p1"), "evicted by p2"},
      test::submit(uuid, spec),
      KillJob{JobId(uuid), "why \"not\"", "client", 7},
      KillJob{JobId(uuid), {}, {}, std::nullopt},
      CompleteJob{JobId(uuid), 3, 9},
      RestartJob{JobId(uuid), "disk full", "task out", 3, 5},
      Gc{"request"},
  };
  for (const Command& command : commands) {
    INFO(name_of(command));
    CHECK(again(command) == encode({command, {}, {}}, GroupId("g"), 3));
  }
}

TEST_CASE("entry: a job's demands survive the log", "[coordination][entry]") {
  const replica::JobSpec spec =
      test::chain({test::task("in"), test::task("f", 2, 5), test::task("out", 1, 1)});
  const LogEntry read = decode(encode({test::submit("j", spec), {}, {}}, GroupId(), 0), 0, 0);
  const auto* submitted = std::get_if<SubmitJob>(&read.command);
  REQUIRE(submitted != nullptr);
  CHECK(*submitted->spec == spec);
}

TEST_CASE("entry: a UUID is written as one, any other id as a keyword", "[coordination][entry]") {
  const auto text = encode({AddVirtualPeers{GroupId("0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9"),
                                            {PeerId("p1"), PeerId("with space")},
                                            {},
                                            {}},
                            {},
                            {}},
                           GroupId(), 0);
  CHECK(text.find("#uuid \"0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9\"") != std::string::npos);
  CHECK(text.find(":p1") != std::string::npos);
  CHECK(text.find("\"with space\"") != std::string::npos);
}

TEST_CASE("entry: free text is cut to what the store takes, in whole characters",
          "[coordination][entry]") {
  const std::string text = "e" + std::string(300'000, 'x').insert(3'998, "\u00e4");
  const LogEntry read =
      decode(encode({KillJob{JobId("j"), text, text, 7}, text, {}}, GroupId("g"), 0), 0, 0);
  const auto* kill = std::get_if<KillJob>(&read.command);
  REQUIRE(kill != nullptr);
  CHECK(kill->reason == text.substr(0, 3'999) + " … (296004 bytes more)");
  CHECK(kill->by == kill->reason);
  CHECK(read.peer_parent == kill->reason);
  CHECK(kill->version == 7);
  const std::string short_text(kFreeTextBytesMax, 'y');
  CHECK(std::get<KillJob>(
            decode(encode({KillJob{JobId("j"), short_text, {}, {}}, {}, {}}, GroupId("g"), 0), 0, 0)
                .command)
            .reason == short_text);
}

TEST_CASE("entry: what cannot be understood says why", "[coordination][entry]") {
  const auto why = [](std::string_view text) {
    const LogEntry read = decode(text, 0, 0);
    const auto* bad = std::get_if<Senseless>(&read.command);
    return bad == nullptr ? std::string("understood") : bad->why;
  };
  CHECK(why("{:fn :kill-job :args {:job nil}}") == "args of :kill-job: :job is nil, not an id");
  CHECK(why("{:fn :frobnicate :args {}}") == "entry: unknown :fn :frobnicate");
  CHECK(why("[1 2]") == "entry: a vector instead of a map");
  CHECK(why("{:fn :gc :args {}").rfind("entry: not EDN", 0) == 0);
  CHECK(why("").rfind("entry: not EDN", 0) == 0);
  CHECK(why("{:onyx/format 2 :fn :gc :args {}}") == "entry: format 2, this version reads 1");
  CHECK(why("{:fn :set-replica! :args {}}") == "entry: unknown :fn :set-replica!");
}
