#include <catch2/catch.hpp>

#include "tests/unit/cli/commands/rig.h"

namespace onyx::cli {
namespace {

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("doc: a key is explained, with or without its colon", "[cli]") {
  Rig rig;
  const Ran ran = rig.run_alone({"doc", ":onyx/batch-size"});
  CHECK(ran.code == 0);
  CHECK(ran.out.rfind(":onyx/batch-size", 0) == 0);
  CHECK(rig.run_alone({"doc", "onyx/batch-size"}).out == ran.out);
  const edn::Value json = rig.run_alone({"doc", ":onyx/batch-size", "-o", "json"}).json();
  CHECK(json.get("keys").at(0).get("key") == edn::Value::string(":onyx/batch-size"));
}

TEST_CASE("doc: a mistyped key is exit 5 with the nearest", "[cli]") {
  Rig rig;
  const Ran ran = rig.run_alone({"doc", ":onyx/batch-sise"});
  CHECK(ran.code == 5);
  CHECK(has(ran.err, ":onyx/batch-size"));
}

TEST_CASE("doc: a word finds keys by name and text, none gives all", "[cli]") {
  Rig rig;
  CHECK(has(rig.run_alone({"doc", "batch"}).out, ":onyx/batch-timeout"));
  CHECK(has(rig.run_alone({"doc", "-q"}).out, ":window/range\n"));
}

TEST_CASE("explain: a code is explained in either case of letters", "[cli]") {
  Rig rig;
  const Ran ran = rig.run_alone({"explain", "cat-12"});
  CHECK(ran.code == 0);
  CHECK(ran.out.rfind("CAT-12", 0) == 0);
  CHECK(has(rig.run_alone({"explain"}).out, "CAT-12\t"));
}

TEST_CASE("explain: the codes of the command line itself are explained too", "[cli]") {
  Rig rig;
  for (const char* code : {"CLI-01", "CLI-02", "CLI-03", "NET-10", "CASE-01"}) {
    INFO(code);
    CHECK(rig.run_alone({"explain", code}).code == 0);
  }
}

TEST_CASE("validate: functions are compiled, and what is missing in them is found", "[cli]") {
  Rig rig;
  std::string text = a_job_text();
  text.insert(text.find(":file/format"), ":onyx/fn :my.app/parse ");
  const std::string job = rig.file("job.edn", text);
  const Ran missing = rig.run_alone({"validate", job});
  CHECK(missing.code == 3);
  CHECK(has(missing.out, ":my.app/parse"));
  const std::string functions =
      rig.file("app.clj", "(ns my.app)\n(defn parse [segment] (assoc segment :n 1))\n");
  const Ran found = rig.run_alone({"validate", job, "--functions", functions});
  INFO(found.out);
  CHECK(found.code == 0);
  const std::string broken =
      rig.file("broken.clj", "(ns my.app)\n(defn parse [segment] (asoc 1))\n");
  const Ran wrong = rig.run_alone({"validate", job, "--functions", broken});
  CHECK(wrong.code == 3);
  CHECK(has(wrong.out, "broken.clj:2:"));
}

TEST_CASE("explain: an unknown code is exit 5", "[cli]") {
  Rig rig;
  CHECK(rig.run_alone({"explain", "CAT-999"}).code == 5);
}

TEST_CASE("validate: a valid job is exit 0, without any daemon", "[cli]") {
  Rig rig;
  const std::string job = rig.file("job.edn", a_job_text());
  const Ran ran = rig.run_alone({"validate", job});
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(ran.out == job + ": 0 errors, 0 warnings\n");
}

TEST_CASE("validate: findings are data: place, caret and count on stdout, exit 3", "[cli]") {
  Rig rig;
  std::string text = a_job_text();
  text.replace(text.find(":onyx/batch-size 10"), 19, ":onyx/batch-size -1");
  const std::string job = rig.file("job.edn", text);
  const Ran ran = rig.run_alone({"lint", job});
  CHECK(ran.code == 3);
  CHECK(has(ran.out, "error[CAT-"));
  CHECK(has(ran.out, "job.edn:3:"));
  CHECK(has(ran.out, "^"));
  CHECK(has(ran.out, "1 error, 0 warnings"));
  CHECK(ran.err.empty());
  const edn::Value json = rig.run_alone({"validate", job, "-o", "json"}).json();
  CHECK(json.get("valid") == edn::Value::boolean(false));
  CHECK(json.get("findings").at(0).get("line") == edn::Value::integer(3));
}

TEST_CASE("validate: every file is looked at, and the worst decides", "[cli]") {
  Rig rig;
  const std::string good = rig.file("good.edn", a_job_text());
  const std::string bad = rig.file("bad.edn", "{:workflow");
  const Ran ran = rig.run_alone({"validate", bad, good, rig.directory() + "/none.edn"});
  CHECK(ran.code == 5);
  CHECK(has(ran.out, "EDN-"));
  CHECK(has(ran.out, good + ": 0 errors"));
  CHECK(has(ran.err, "none.edn"));
}

}  // namespace onyx::cli
