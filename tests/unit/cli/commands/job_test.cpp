#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/unit/cli/commands/rig.h"

namespace onyx::cli {
namespace {

using service::JobState;

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

void add_jobs(Rig& rig) {
  rig.backend.jobs = {service::a_job(kClicks, "clicks", JobState::completed),
                      service::a_job(kBilling, "billing", JobState::running)};
}

}  // namespace

TEST_CASE("job ls: piped it is tab-separated with full ids and times", "[cli]") {
  Rig rig;
  add_jobs(rig);
  const Ran ran = rig.run({"job", "ls"});
  CHECK(ran.code == 0);
  CHECK(ran.err.empty());
  CHECK(ran.out == "id\tname\tstate\tpeers\tin\tout\tsubmitted\n" + kClicks +
                       "\tclicks\tcompleted\t3\t250000\t64102\t2023-11-14T22:13:20.000Z\n" +
                       kBilling +
                       "\tbilling\trunning\t3\t250000\t64102\t2023-11-14T22:13:20.000Z\n");
}

TEST_CASE("job ls: on a terminal it is aligned, with short ids and relative times", "[cli]") {
  Rig rig;
  add_jobs(rig);
  rig.is_out_terminal = true;
  rig.variables["NO_COLOR"] = "1";
  const Ran ran = rig.run({"job", "ls"});
  CHECK(ran.out ==
        "id        name     state      peers       in     out  submitted\n"
        "6f1c02d9  clicks   completed      3  250,000  64,102  10.0 s ago\n"
        "91acd0f2  billing  running        3  250,000  64,102  10.0 s ago\n");
}

TEST_CASE("job ls: by state, as ids, as JSON and as ndjson", "[cli]") {
  Rig rig;
  add_jobs(rig);
  CHECK(rig.run({"job", "ls", "-q"}).out == kClicks + "\n" + kBilling + "\n");
  CHECK(rig.run({"job", "ls", "-q", "--state", "running"}).out == kBilling + "\n");
  CHECK(rig.run({"job", "ls", "--state", "dead"}).code == 2);
  const edn::Value list = rig.run({"job", "ls", "-o", "json"}).json();
  CHECK(list.get("kind") == edn::Value::string("JobList"));
  CHECK(list.get("jobs").at(0).get("id") == edn::Value::string(kClicks));
  CHECK(list.get("jobs").at(0).get("tasks").count() == 2);
  const std::string lines = rig.run({"job", "ls", "-o", "ndjson"}).out;
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 2);
}

TEST_CASE("job status: one screen with every task", "[cli]") {
  Rig rig;
  add_jobs(rig);
  const Ran ran = rig.run({"job", "status", "billing"});
  CHECK(ran.code == 0);
  CHECK(has(ran.out, "billing 91acd0f2   running 10.0 s   log entry 412   version 413\n"));
  CHECK(has(ran.out, "out   output      2  64,102"));
}

TEST_CASE("job status: a job that started over says so", "[cli]") {
  Rig rig;
  add_jobs(rig);
  rig.backend.jobs[1].restarts = 2;
  CHECK(has(rig.run({"job", "status", "billing"}).out, "restarted 2 times"));
}

TEST_CASE("job: numbers that went with a daemon are not shown as zeros", "[cli]") {
  Rig rig;
  add_jobs(rig);
  rig.backend.jobs[0].numbers_lost = true;
  const std::string status = rig.run({"job", "status", "clicks"}).out;
  CHECK(has(status, "its numbers went with a daemon that has stopped"));
  CHECK(has(status, "what its peers have done is not known any more"));
  CHECK(has(status, "out   output      2   ?    ?        ?          ?         -\n"));
  CHECK_FALSE(has(status, " in · "));
  CHECK(has(rig.run({"job", "ls"}).out, "clicks\tcompleted\t3\t?\t?\t"));
  const edn::Value job = rig.run({"job", "status", "clicks", "-o", "json"}).json();
  CHECK(job.get("numbers_lost") == edn::Value::boolean(true));
  CHECK(job.get("tasks").at(0).get("segments_out").is_nil());
  CHECK(has(rig.run({"await", "clicks"}).out, "its numbers went with a daemon"));
}

TEST_CASE("job status: a killed job shows its exception", "[cli]") {
  Rig rig;
  add_jobs(rig);
  rig.backend.jobs[1] = service::a_job(kBilling, "billing", JobState::killed);
  rig.backend.jobs[1].reason = "an exception in task out";
  rig.backend.jobs[1].exception_edn = "{:message \"Divide by zero\" :data {:offending-task :out}}";
  const Ran ran = rig.run({"job", "status", "billing"});
  CHECK(ran.code == 0);
  CHECK(has(ran.out, "killed after 1.2 s: an exception in task out"));
  CHECK(has(ran.out, "Divide by zero"));
  CHECK(has(ran.out, ":offending-task"));
  const edn::Value job = rig.run({"job", "status", "billing", "-o", "json"}).json();
  CHECK(job.get("exception").get("message") == edn::Value::string("Divide by zero"));
}

TEST_CASE("job status: an unknown job is exit 5, an ambiguous one exit 2 with the list", "[cli]") {
  Rig rig;
  add_jobs(rig);
  const Ran unknown = rig.run({"job", "status", "nothing"});
  CHECK(unknown.code == 5);
  CHECK(has(unknown.err, "no job `nothing`"));
  rig.backend.jobs[0].ref.name = "billing";
  rig.backend.jobs[0].ref.state = JobState::running;
  const Ran ambiguous = rig.run({"job", "status", "billing"});
  CHECK(ambiguous.code == 2);
  CHECK(has(ambiguous.err, kClicks));
  CHECK(has(ambiguous.err, kBilling));
}

TEST_CASE("job why: the reason and the numbers of a wait", "[cli]") {
  Rig rig;
  add_jobs(rig);
  service::WhyView why;
  why.job = service::a_job(kBilling, "billing", JobState::waiting);
  why.reason = "not-enough-peers";
  why.text = "it needs 5 peers and 3 are free";
  why.peers_needed = 5;
  why.peers_total = 12;
  why.peers_free = 3;
  why.needs = {{"in", 1, ""}, {"out", 4, ""}};
  why.holders = {{{JobId(kClicks), "clicks", JobState::running}, 9, 9}};
  why.unblock = {"onyxctl peer add 2"};
  rig.backend.whys[kBilling] = why;
  const Ran ran = rig.run({"job", "why", "billing"});
  CHECK(ran.code == 0);
  CHECK(has(ran.out, "it needs 5 peers and 3 are free"));
  CHECK(has(ran.out, "needs 5 peers   in 1 · out 4"));
  CHECK(has(ran.out, "free  3 of 12   9 held by clicks 6f1c02d9 (its minimum)"));
  CHECK(has(ran.out, "unblock with    onyxctl peer add 2"));
  const edn::Value json = rig.run({"job", "why", "billing", "-o", "json"}).json();
  CHECK(json.get("peers_needed") == edn::Value::integer(5));
  CHECK(json.get("reason") == edn::Value::string("not-enough-peers"));
}

TEST_CASE(
    "job why: of very many tasks and holders a screen shows a few, those that lack most first",
    "[cli]") {
  Rig rig;
  add_jobs(rig);
  service::WhyView why;
  why.job = service::a_job(kBilling, "billing", JobState::waiting);
  why.peers_needed = 10'000;
  for (int i = 0; i < 10'000; ++i) why.needs.push_back({"t" + std::to_string(i), 1, ""});
  why.needs[5'000].note = "wants :gpu, which 0 peers have";
  for (int i = 0; i < 20; ++i) {
    why.holders.push_back({{JobId(kClicks), "clicks", JobState::running}, 2, 1});
  }
  rig.backend.whys[kBilling] = why;
  const std::string out = rig.run({"job", "why", "billing"}).out;
  CHECK(has(out,
            "needs 10000 peers   t5000 1 (wants :gpu, which 0 peers have) · t0 1 · t1 1 · t2 1 · "
            "t3 1 · t4 1 · t5 1 · t6 1 · and 9,992 more tasks\n"));
  CHECK(has(out, "   24 held by 12 more jobs\n"));
  CHECK(out.size() < 2'000);
  CHECK(rig.run({"job", "why", "billing", "-o", "json"}).json().get("needs").count() == 10'000);
}

TEST_CASE("job output: a segment a line, and how many there were", "[cli]") {
  Rig rig;
  add_jobs(rig);
  rig.backend.outputs[kClicks] = {
      {JobId(kClicks), "clicks", JobState::completed}, "out", {"{:n 1}", "{:n 2}"}, 2'000};
  const Ran ran = rig.run({"job", "output", "clicks"});
  CHECK(ran.code == 0);
  CHECK(ran.out == "{:n 1}\n{:n 2}\n");
  CHECK(has(ran.err, "the last 2 of 2,000 segments"));
  CHECK(rig.run({"job", "output", "clicks", ":out", "-n", "1"}).out == "{:n 2}\n");
  CHECK(rig.run({"job", "output", "clicks", "-o", "ndjson"}).out == "{\"n\":1}\n{\"n\":2}\n");
  CHECK(rig.run({"job", "output", "clicks", "other"}).code == 5);
  CHECK(rig.run({"job", "output", "clicks", "-n", "-1"}).code == 2);
}

TEST_CASE("kill: prints what was released, and the reason arrives", "[cli]") {
  Rig rig;
  add_jobs(rig);
  const Ran ran = rig.run({"kill", "billing", "--reason", "wrong input"});
  CHECK(ran.code == 0);
  CHECK(ran.out == "billing 91acd0f2 killed (log entry 431) · 3 peers released\n");
  CHECK(rig.backend.kill_reasons == std::vector<std::string>{"wrong input"});
  CHECK(has(rig.run({"job", "kill", "billing"}).out, "had ended already: killed"));
}

TEST_CASE("kill: one unknown job does not spare the others", "[cli]") {
  Rig rig;
  add_jobs(rig);
  const Ran ran = rig.run({"kill", "nothing", "billing"});
  CHECK(ran.code == 5);
  CHECK(has(ran.out, "billing 91acd0f2 killed"));
}

TEST_CASE("kill: all of them only when that is confirmed", "[cli]") {
  Rig rig;
  add_jobs(rig);
  const Ran refused = rig.run({"kill", "--all"});
  CHECK(refused.code == 2);
  CHECK(has(refused.err, "--yes"));
  CHECK(rig.backend.kill_reasons.empty());
  CHECK(rig.run({"kill", "--all", "--yes", "-q"}).out == kBilling + "\n");
  CHECK(rig.run({"kill"}).code == 2);
  CHECK(rig.run({"kill", "billing", "--all"}).code == 2);
}

TEST_CASE("kill: on a terminal it asks before it kills all", "[cli]") {
  Rig rig;
  add_jobs(rig);
  rig.is_err_terminal = true;
  rig.input = "n\n";
  CHECK(rig.run({"kill", "--all"}).code == 2);
  CHECK(rig.backend.kill_reasons.empty());
  rig.input = "y\n";
  CHECK(rig.run({"kill", "--all"}).code == 0);
  CHECK(rig.backend.kill_reasons.size() == 1);
}

}  // namespace onyx::cli
