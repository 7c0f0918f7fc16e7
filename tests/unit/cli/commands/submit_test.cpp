#include <catch2/catch.hpp>

#include "common/edn/reader.h"
#include "tests/unit/cli/commands/rig.h"

namespace onyx::cli {
namespace {

using service::JobState;

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

void accept(Rig& rig, bool is_placed) {
  rig.backend.submitted.job = {JobId(kClicks), "clicks",
                               is_placed ? JobState::running : JobState::waiting};
  rig.backend.submitted.position = 412;
  rig.backend.submitted.placed = is_placed;
}

}  // namespace

TEST_CASE("submit: prints id and log entry; with -q the id alone", "[cli]") {
  Rig rig;
  accept(rig, true);
  const std::string job = rig.file("job.edn", a_job_text());
  const Ran ran = rig.run({"submit", job});
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(ran.out == "job clicks 6f1c02d9 accepted (log entry 412) · running\n");
  CHECK(rig.run({"job", "submit", job, "-q"}).out == kClicks + "\n");
  const edn::Value json = rig.run({"submit", job, "-o", "json"}).json();
  CHECK(json.get("job").get("id") == edn::Value::string(kClicks));
  CHECK(json.get("placed") == edn::Value::boolean(true));
}

TEST_CASE("submit: accepted but not placed is exit 7, with the id and the reason", "[cli]") {
  Rig rig;
  accept(rig, false);
  service::WhyView why;
  why.peers_needed = 5;
  why.peers_total = 3;
  why.peers_free = 3;
  why.needs = {{"in", 5, ""}};
  why.unblock = {"onyxctl peer add 2"};
  rig.backend.submitted.why = why;
  const std::string job = rig.file("job.edn", a_job_text());
  const Ran ran = rig.run({"submit", job});
  CHECK(ran.code == 7);
  CHECK(has(ran.out, "clicks 6f1c02d9 accepted (log entry 412) · waiting"));
  CHECK(has(ran.out, "needs 5 peers   in 5"));
  CHECK(has(ran.out, "onyxctl job why 6f1c02d9"));
  const Ran quiet = rig.run({"submit", job, "-q"});
  CHECK(quiet.code == 7);
  CHECK(quiet.out == kClicks + "\n");
}

TEST_CASE("submit: sends the text, the functions and the id", "[cli]") {
  Rig rig;
  accept(rig, true);
  const std::string job = rig.file("job.edn", a_job_text("/data/in.jsonl"));
  const std::string a = rig.file("a.clj", "(ns a)");
  const std::string b = rig.file("b.clj", "(ns b)");
  CHECK(rig.run({"submit", job, "--functions", a, "--functions", b, "--id", kBilling}).code == 0);
  REQUIRE(rig.backend.submissions.size() == 1);
  const service::SubmitRequest& sent = rig.backend.submissions[0];
  CHECK(sent.job.text == a_job_text("/data/in.jsonl"));
  CHECK(sent.job.file == job);
  CHECK(sent.id == kBilling);
  REQUIRE(sent.functions.size() == 2);
  CHECK(sent.functions[1].text == "(ns b)");
}

TEST_CASE("submit: a relative path is absolute when it arrives", "[cli]") {
  Rig rig;
  accept(rig, true);
  const std::string job = rig.file("jobs/job.edn", a_job_text("../data/in.jsonl"));
  CHECK(rig.run({"submit", job}).code == 0);
  const auto value = edn::read(rig.backend.submissions.at(0).job.text);
  REQUIRE(value);
  CHECK(value->get("catalog").at(0).get("file/path").as_string() ==
        rig.directory() + "/data/in.jsonl");
}

TEST_CASE("submit: a wrong job is exit 3 and never reaches the daemon", "[cli]") {
  Rig rig;
  std::string text = a_job_text();
  text.replace(text.find(":onyx/batch-size 10"), 19, ":onyx/batch-size -1");
  const Ran ran = rig.run({"submit", rig.file("job.edn", text)});
  CHECK(ran.code == 3);
  CHECK(ran.out.empty());
  CHECK(has(ran.err, ":onyx/batch-size"));
  CHECK(has(ran.err, "job.edn:3:"));
  CHECK(rig.backend.submissions.empty());
}

TEST_CASE("submit: a file that is no EDN is exit 3 and shows the place", "[cli]") {
  Rig rig;
  const Ran ran = rig.run({"submit", rig.file("job.edn", "{:workflow [\n")});
  CHECK(ran.code == 3);
  CHECK(has(ran.err, "EDN-"));
  CHECK(has(ran.err, "job.edn:"));
}

TEST_CASE("submit: a file that is not there is exit 5", "[cli]") {
  Rig rig;
  CHECK(rig.run({"submit", rig.directory() + "/none.edn"}).code == 5);
  CHECK(rig.run({"submit", rig.directory()}).code == 5);
}

TEST_CASE("submit: what the daemon finds is shown where the file has it", "[cli]") {
  Rig rig;
  const std::string text = a_job_text("in.jsonl");
  const std::string job = rig.file("job.edn", text);
  // The daemon sees the absolute path: what stands behind it on that line is further right.
  const std::string line = "            :file/path \"in.jsonl\" :file/format";
  const std::size_t grown = rig.directory().size() + 1;
  edn::Diagnostic found;
  found.code = "RUN-09";
  found.message = "this daemon cannot read that format";
  found.file = job;
  const auto column = static_cast<std::uint32_t>(line.size() - 12 + 1 + grown);
  found.span = {5, column, 5, column + 12, 0, 0};
  rig.backend.refusal =
      service::Refusal(Error(ErrorCode::invalid_argument, "the job is invalid"), {found});
  const Ran ran = rig.run({"submit", job});
  CHECK(ran.code == 3);
  CHECK(has(ran.err, "RUN-09"));
  CHECK(has(ran.err, "job.edn:5:" + std::to_string(line.size() - 12 + 1)));
}

TEST_CASE("submit: an id of another job is exit 6", "[cli]") {
  Rig rig;
  rig.backend.refusal = service::Refusal(
      Error(ErrorCode::already_exists, "that id belongs to another job", "RUN-04"));
  const Ran ran = rig.run({"submit", rig.file("job.edn", a_job_text())});
  CHECK(ran.code == 6);
  CHECK(has(ran.err, "that id belongs to another job"));
}

TEST_CASE("submit: warnings are talk", "[cli]") {
  Rig rig;
  accept(rig, true);
  edn::Diagnostic warning;
  warning.code = "WIN-31";
  warning.severity = edn::Severity::warning;
  warning.message = "gaps between windows";
  rig.backend.submitted.warnings = {warning};
  const std::string job = rig.file("job.edn", a_job_text());
  const Ran ran = rig.run({"submit", job});
  CHECK(ran.code == 0);
  CHECK(has(ran.err, "gaps between windows"));
  CHECK(rig.run({"submit", job, "-q"}).err.empty());
}

TEST_CASE("submit: reads stdin when the file is a dash", "[cli]") {
  Rig rig;
  accept(rig, true);
  rig.input = a_job_text("/in");
  CHECK(rig.run({"submit", "-"}).code == 0);
  CHECK(rig.backend.submissions.at(0).job.text == rig.input);
}

TEST_CASE("submit: a request that is too large is refused with the limit", "[cli]") {
  Rig rig;
  accept(rig, true);
  const std::string job = rig.file("job.edn", a_job_text());
  // Each can be read; together they are more than one job may have.
  const std::string half = rig.file("half.clj", std::string(8'500'000, ' '));
  const Ran ran = rig.run({"submit", job, "--functions", half, "--functions", half});
  CHECK(ran.code == 1);
  CHECK(has(ran.err, "16777216"));
  CHECK(rig.backend.submissions.empty());
}

TEST_CASE("submit: a file that is too large is refused before it is sent", "[cli]") {
  Rig rig;
  accept(rig, true);
  const std::string job = rig.file("job.edn", a_job_text());
  const std::string big = rig.file("big.clj", std::string(16'800'000, ' '));
  const Ran ran = rig.run({"submit", job, "--functions", big});
  CHECK(ran.code == 3);
  CHECK(has(ran.err, "big.clj"));
  CHECK(rig.backend.submissions.empty());
}

TEST_CASE("submit: an exception in the daemon is told, and the daemon stays up", "[cli]") {
  Rig rig;
  rig.backend.is_throwing = true;
  const Ran ran = rig.run({"submit", rig.file("job.edn", a_job_text())});
  CHECK(ran.code == 1);
  CHECK(has(ran.err, "thrown on purpose"));
  CHECK(rig.run({"job", "ls"}).code == 0);
}

TEST_CASE("submit --wait=running: until it runs, whatever becomes of it", "[cli]") {
  Rig rig;
  accept(rig, true);
  rig.backend.jobs = {service::a_job(kClicks, "clicks", JobState::running)};
  const std::string job = rig.file("job.edn", a_job_text());
  const Ran ran = rig.run({"submit", "--wait=running", job});
  CHECK(ran.code == 0);
  CHECK(ran.out == "clicks 6f1c02d9 is running on 3 peers\n");
  rig.backend.jobs = {service::a_job(kClicks, "clicks", JobState::killed)};
  CHECK(rig.run({"submit", job, "--wait=running"}).code == 4);
  CHECK(rig.run({"submit", job, "--wait=soon"}).code == 2);
  CHECK(has(rig.run({"submit", "--help"}).out, "--wait[=WHEN]"));
}

TEST_CASE("submit --wait: exits as await does", "[cli]") {
  Rig rig;
  accept(rig, true);
  const std::string job = rig.file("job.edn", a_job_text());
  rig.backend.jobs = {service::a_job(kClicks, "clicks", JobState::completed)};
  const Ran ran = rig.run({"submit", job, "--wait"});
  CHECK(ran.code == 0);
  CHECK(has(ran.out, "clicks 6f1c02d9 completed in 1.2 s · 250,000 in · 64,102 out"));
  rig.backend.jobs = {service::a_job(kClicks, "clicks", JobState::killed)};
  CHECK(rig.run({"submit", job, "--wait"}).code == 4);
}

}  // namespace onyx::cli
