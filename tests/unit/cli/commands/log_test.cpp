#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>
#include <streambuf>
#include <thread>

#include "cli/app.h"
#include "tests/unit/cli/commands/rig.h"

namespace onyx::cli {
namespace {

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

service::LogEntryView entry(Position position, const std::string& fn) {
  return {position, 1'700'000'000'000 + position, fn, "clicks 6f1c", "effect", "{:n 1}", false};
}

void fill(Rig& rig, Position first, Position last) {
  rig.backend.log.origin = first;
  rig.backend.log.newest = last;
  for (Position p = first; p <= last; ++p) {
    rig.backend.log.entries.push_back(entry(p, p % 2 == 0 ? "submit-job" : "kill-job"));
  }
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

void until_watched(service::FakeBackend& backend) {
  while (backend.watchers() == 0) std::this_thread::yield();
}

constexpr WallTimeMs kNowMs = 1'700'000'010'000;  // by the rig's clock

}  // namespace

TEST_CASE("log tail: the newest entries, then it ends", "[cli]") {
  Rig rig;
  fill(rig, 0, 30);
  CHECK(lines(rig.run({"log", "tail"}).out) == 21);  // and the header
  const Ran ran = rig.run({"log", "tail", "-n", "2"});
  CHECK(ran.code == 0);
  CHECK(ran.out ==
        "#\ttime\tfn\tsubject\teffect\n"
        "29\t2023-11-14T22:13:20.029Z\tkill-job\tclicks 6f1c\teffect\n"
        "30\t2023-11-14T22:13:20.030Z\tsubmit-job\tclicks 6f1c\teffect\n");
}

TEST_CASE("log tail: of a job, and since a time", "[cli]") {
  Rig rig;
  fill(rig, 0, 50);
  rig.backend.jobs = {service::a_job(kClicks, "clicks", service::JobState::running)};
  auto& entries = rig.backend.log.entries;
  entries[3].args_edn = "{:job #uuid \"" + kClicks + "\"}";
  entries[7].effect = "drained, job " + kClicks.substr(0, 8) + " clicks starved";
  CHECK(rig.run({"log", "tail", "--job", "clicks", "-q"}).out == "3\n7\n");
  CHECK(rig.run({"log", "tail", "--job", "clicks", "--from", "4", "-q"}).out == "7\n");
  CHECK(rig.run({"log", "tail", "--job", "nobody"}).code == 5);
  const Ran soon = rig.run({"log", "tail", "--since", "soon"});
  CHECK(soon.code == 2);
  CHECK(has(soon.err, "CLI-04"));
  for (auto& one : entries) one.created_ms = kNowMs - 1'000 * (50 - one.position);
  CHECK(rig.run({"log", "tail", "--since", "2s", "-q"}).out == "48\n49\n50\n");
}

TEST_CASE("log tail: from an entry to the end, over more than one page", "[cli]") {
  Rig rig;
  fill(rig, 0, 2'500);
  CHECK(lines(rig.run({"log", "tail", "--from", "0", "-q"}).out) == 2'501);
  CHECK(rig.run({"log", "tail", "--from", "2499", "-q"}).out == "2499\n2500\n");
  CHECK(rig.run({"log", "tail", "--from", "x"}).code == 2);
  CHECK(rig.run({"log", "tail", "--from", "9999"}).code == 0);
}

TEST_CASE("log tail: by name, as JSON with its arguments", "[cli]") {
  Rig rig;
  fill(rig, 0, 3);
  CHECK(rig.run({"log", "tail", "--fn", "kill-job", "-q"}).out == "1\n3\n");
  const edn::Value list = rig.run({"log", "tail", "-n", "1", "-o", "json"}).json();
  CHECK(list.get("kind") == edn::Value::string("LogEntryList"));
  CHECK(list.get("entries").at(0).get("args").get("n") == edn::Value::integer(1));
}

TEST_CASE("log tail: what gc has taken is said", "[cli]") {
  Rig rig;
  fill(rig, 10, 12);
  const Ran ran = rig.run({"log", "tail", "--from", "3"});
  CHECK(lines(ran.out) == 4);
  CHECK(has(ran.err, "entries 3 to 9 are gone"));
}

TEST_CASE("log tail: an empty log is an empty table", "[cli]") {
  Rig rig;
  const Ran ran = rig.run({"log", "tail"});
  CHECK(ran.code == 0);
  CHECK(lines(ran.out) == 1);
}

TEST_CASE("log tail -f: goes on until Ctrl-C, in order and without holes", "[cli]") {
  Rig rig;
  fill(rig, 0, 250);
  rig.meanwhile = [&](Interrupts& interrupts) {
    until_watched(rig.backend);
    for (Position p = 251; p < 260; ++p) rig.backend.append(entry(p, "gc"));
    interrupts.raise();
  };
  const Ran ran = rig.run({"log", "tail", "--from", "0", "-f", "-q"});
  CHECK(ran.code == 130);
  std::string expected;
  for (Position p = 0; p < static_cast<Position>(lines(ran.out)); ++p) {
    expected += std::to_string(p) + "\n";
  }
  CHECK(ran.out == expected);
}

TEST_CASE("log tail -f: JSON is one object a line, gaps included", "[cli]") {
  Rig rig;
  fill(rig, 5, 6);
  std::string seen;
  rig.meanwhile = [&](Interrupts& interrupts) {
    until_watched(rig.backend);
    rig.stop_daemon();  // ends the stream after what was sent
    interrupts.raise();
  };
  const Ran ran = rig.run({"log", "tail", "--from", "0", "-f", "-o", "json"});
  if (!ran.out.empty()) {
    CHECK(ran.out.rfind("{\"kind\":\"LogGap\",\"v\":1,\"from\":0,\"to\":4}\n", 0) == 0);
  }
  CHECK((ran.code == 8 || ran.code == 130));
}

TEST_CASE("log tail -f: a reader of stdout that has gone ends it with exit 0", "[cli]") {
  // Takes the first line, then refuses.
  class Gone final : public std::streambuf {
   public:
    bool is_gone = false;

   private:
    int_type overflow(int_type c) override {
      if (is_gone) return traits_type::eof();
      is_gone = c == '\n';
      return c;
    }
  };
  Rig rig;
  fill(rig, 0, 5);
  REQUIRE(rig.run({"job", "ls"}).code == 0);  // starts the daemon
  Gone buffer;
  std::ostream out(&buffer);
  std::ostringstream err;
  std::istringstream in;
  class StillClock final : public Clock {
   public:
    Instant monotonic() const override { return {}; }
    WallTimeMs wall_ms() const override { return 0; }
  };
  const StillClock clock;
  Terminal terminal{out, err, in, false, false, 80, {}, clock};
  CHECK(run({"log", "tail", "-f", "--addr", rig.address()}, terminal) == 0);
  CHECK(err.str().empty());
}

}  // namespace onyx::cli
