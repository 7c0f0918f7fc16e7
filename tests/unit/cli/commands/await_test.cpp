#include <catch2/catch.hpp>
#include <thread>

#include "tests/unit/cli/commands/rig.h"

namespace onyx::cli {
namespace {

using service::JobState;

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

service::JobView clicks(JobState state) { return service::a_job(kClicks, "clicks", state); }

// Until the command's subscription is there: what is published then is seen.
void until_watched(service::FakeBackend& backend) {
  while (backend.watchers() == 0) std::this_thread::yield();
}

}  // namespace

TEST_CASE("await: a completed job is exit 0, a killed one exit 4 with its reason", "[cli]") {
  Rig rig;
  rig.backend.jobs = {clicks(JobState::completed)};
  const Ran done = rig.run({"await", "clicks"});
  CHECK(done.code == 0);
  CHECK(done.out == "✓ clicks 6f1c02d9 completed in 1.2 s · 250,000 in · 64,102 out\n");
  rig.backend.jobs = {clicks(JobState::killed)};
  rig.backend.jobs[0].reason = "killed by uid 1000";
  const Ran killed = rig.run({"job", "await", "clicks"});
  CHECK(killed.code == 4);
  CHECK(has(killed.out, "killed after 1.2 s: killed by uid 1000"));
}

TEST_CASE("await: an unknown job is exit 5", "[cli]") {
  Rig rig;
  CHECK(rig.run({"await", "nothing"}).code == 5);
}

TEST_CASE("await: off a terminal there is one line a change of state", "[cli]") {
  Rig rig;
  rig.backend.jobs = {clicks(JobState::waiting)};
  rig.meanwhile = [&](Interrupts&) {
    until_watched(rig.backend);
    rig.backend.publish(clicks(JobState::completed));
  };
  const Ran ran = rig.run({"await", "6f1c"});
  CHECK(ran.code == 0);
  CHECK(has(ran.out, "completed"));
  CHECK(ran.err.find('\x1b') == std::string::npos);
}

TEST_CASE("await: on a terminal the progress leaves nothing behind", "[cli]") {
  Rig rig;
  rig.is_err_terminal = true;
  rig.backend.jobs = {clicks(JobState::running)};
  rig.backend.jobs[0].tasks[0].progress = 0.5;
  rig.meanwhile = [&](Interrupts&) {
    until_watched(rig.backend);
    rig.backend.publish(clicks(JobState::completed));
  };
  const Ran ran = rig.run({"await", "clicks"});
  CHECK(ran.code == 0);
  if (!ran.err.empty()) {  // the first view may be overtaken by the last
    CHECK(has(ran.err, "50%"));
    CHECK(ran.err.substr(ran.err.size() - 3) == "\x1b[J");
  }
}

TEST_CASE("await: a time limit is exit 124, and the job goes on", "[cli]") {
  Rig rig;
  rig.backend.jobs = {clicks(JobState::running)};
  const Ran ran = rig.run({"await", "clicks", "--timeout", "50ms"});
  CHECK(ran.code == 124);
  CHECK(ran.out.empty());
  CHECK(has(ran.err, "onyxctl await 6f1c02d9"));
  CHECK(rig.backend.kill_reasons.empty());
}

TEST_CASE("await: Ctrl-C detaches with exit 130 and says how to follow", "[cli]") {
  Rig rig;
  rig.backend.jobs = {clicks(JobState::running)};
  rig.meanwhile = [&](Interrupts& interrupts) {
    until_watched(rig.backend);
    CHECK(interrupts.raise());
  };
  const Ran ran = rig.run({"await", "clicks"});
  CHECK(ran.code == 130);
  CHECK(has(ran.err, "onyxctl await "));
  CHECK(rig.backend.kill_reasons.empty());
}

TEST_CASE("await: the watch ends with the command", "[cli]") {
  Rig rig;
  rig.backend.jobs = {clicks(JobState::running)};
  CHECK(rig.run({"await", "clicks", "--timeout", "20ms"}).code == 124);
  rig.stop_daemon();
  CHECK(rig.backend.watchers() == 0);
}

TEST_CASE("await: of several jobs the worst end is the exit code", "[cli]") {
  Rig rig;
  rig.backend.jobs = {clicks(JobState::completed),
                      service::a_job(kBilling, "billing", JobState::killed)};
  const Ran ran = rig.run({"await", "billing", "clicks"});
  CHECK(ran.code == 4);
  CHECK(has(ran.out, "clicks 6f1c02d9 completed"));
}

TEST_CASE("await: a daemon that stops is exit 8, not the end of the job", "[cli]") {
  Rig rig;
  rig.backend.jobs = {clicks(JobState::running)};
  rig.meanwhile = [&](Interrupts&) {
    until_watched(rig.backend);
    rig.stop_daemon();
  };
  const Ran ran = rig.run({"await", "clicks"});
  CHECK(ran.code == 8);
}

TEST_CASE("await: JSON is the job as it ended", "[cli]") {
  Rig rig;
  rig.backend.jobs = {clicks(JobState::completed)};
  const edn::Value job = rig.run({"await", "clicks", "-o", "json"}).json();
  CHECK(job.get("kind") == edn::Value::string("Job"));
  CHECK(job.get("state") == edn::Value::string("completed"));
}

}  // namespace onyx::cli
