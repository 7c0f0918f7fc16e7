// Jobs that nobody would write by hand: large, deep, hostile. Each gets findings, never a crash, and does not cost the
// square of its size.
#include <catch2/catch.hpp>

#include "common/model/job_reader.h"
#include "common/model/planning.h"
#include "tests/unit/common/model/support.h"

namespace onyx::model::test {
namespace {

// A chain of `count` functions between an input and an output.
std::string chain(std::size_t count) {
  const auto name = [&](std::size_t i) { return ":t" + std::to_string(i); };
  std::string workflow = "[[:in :t0]";
  std::string catalog =
      "[{:onyx/name :in :onyx/type :input :onyx/plugin :onyx.plugin.seq/input :onyx/medium :seq "
      ":onyx/batch-size 1}"
      "{:onyx/name :out :onyx/type :output :onyx/plugin :onyx.plugin.seq/output :onyx/medium :seq "
      ":onyx/batch-size 1}";
  for (std::size_t i = 0; i < count; ++i) {
    workflow += "[" + name(i) + " " + (i + 1 < count ? name(i + 1) : ":out") + "]";
    catalog += "{:onyx/name " + name(i) + " :onyx/type :function :onyx/fn :m/f :onyx/batch-size 1}";
  }
  return "{:task-scheduler :onyx.task-scheduler/balanced :functions [(ns m) (defn f [s] s)] "
         ":workflow " +
         workflow + "] :catalog " + catalog + "]}";
}

}  // namespace

TEST_CASE("robustness: ten thousand tasks are validated, read and planned", "[model][robustness]") {
  const edn::Document job = document(chain(10'000));
  CHECK(summary(findings(job)) == "");
  const auto read = read_job(job.value);
  REQUIRE(read.has_value());
  CHECK(plan(*read).tasks.size() == 10'002);
}

TEST_CASE("robustness: findings without end are cut off, and the report says so",
          "[model][robustness]") {
  std::string text = chain(3'000);
  for (std::size_t at = text.find(":m/f :"); at != std::string::npos; at = text.find(":m/f :", at))
    text.replace(at, 5, ":m/g ");
  const auto found = findings(document(text));
  REQUIRE(found.size() == 1'001);
  CHECK(found.back().code == "RUN-02");
  CHECK_THAT(found.back().message, Catch::Contains("2000 more"));
}

TEST_CASE("robustness: a cycle through ten thousand tasks is one finding", "[model][robustness]") {
  const auto found =
      findings(document(edited(chain(10'000), "[:t9999 :out]", "[:t9999 :t0] [:t9999 :out]")));
  REQUIRE(found.size() == 1);
  CHECK(found[0].code == "WF-06");
  CHECK(found[0].message.size() < 400);
}

TEST_CASE("robustness: deep and endless values are shown short", "[model][robustness]") {
  const std::string deep = std::string(400, '[') + std::string(400, ']');
  const std::string wide = "[" + std::string(20'000, '1') + "]";
  const std::string text(3'000, 'x');
  for (const std::string& value :
       {deep, "\"" + text + "\"", ":" + text, "{" + std::string(":a ") + deep + "}"}) {
    const auto found = findings_in(
        edited(std::string(kValidJob), ":onyx/batch-size 101", ":onyx/batch-size " + value));
    REQUIRE(found.size() == 1);
    CHECK(found[0].code == "CAT-04");
    CHECK(found[0].message.size() < 200);
  }
}

TEST_CASE("robustness: predicates nested without end are refused", "[model][robustness]") {
  std::string predicate = ":my.app/valid?";
  for (int i = 0; i < 300; ++i) predicate = "[:not " + predicate + "]";
  const auto found =
      findings_in(edited(std::string(kValidJob), "[:not :my.app/valid?]", predicate));
  REQUIRE(found.size() == 1);
  CHECK(found[0].code == "FLOW-07");
}

TEST_CASE("robustness: every part may be of any kind", "[model][robustness]") {
  const char* values[] = {"nil",
                          "true",
                          "1",
                          "1.5",
                          "\\a",
                          "\"s\"",
                          ":k",
                          "sym",
                          "()",
                          "[]",
                          "{}",
                          "#{}",
                          "[nil]",
                          "{nil nil}",
                          "[[]]",
                          "[{}]",
                          "{:a {}}",
                          "#inst \"2020-01-01\"",
                          "9223372036854775807",
                          "(fn)",
                          "(fn [x] x)"};
  const char* keys[] = {":workflow",      ":catalog",    ":flow-conditions", ":lifecycles",
                        ":windows",       ":triggers",   ":resume-point",    ":functions",
                        ":job-name",      ":job-config", ":metadata",        ":percentage",
                        ":task-scheduler"};
  const edn::Value valid = document(kValidJob).value;
  for (const char* key : keys) {
    for (const char* value : values) {
      const edn::Value job = valid.assoc(document(key).value, document(value).value);
      const FormNames names(job);
      Context context;
      context.functions = &names;
      context.features = Features::all();
      const auto found = validate({job}, context);
      INFO(key << " " << value);
      if (!has_errors(found)) CHECK(read_job(job).has_value());
    }
  }
}

TEST_CASE("robustness: every key of every entry may be of any kind", "[model][robustness]") {
  const char* values[] = {"nil", "true", "-1",   "0.5",    "\"s\"",      ":k", ":n/k",
                          "[]",  "{}",   "[:k]", "[1 :k]", "(fn [x] x)", "()"};
  const edn::Value valid = document(kValidJob).value;
  for (const char* section : {"catalog", "flow-conditions", "lifecycles", "windows", "triggers"}) {
    const edn::Value& entries = valid.get(section);
    for (std::size_t i = 0; i < entries.count(); ++i) {
      for (edn::Entry entry : entries.at(i).entries()) {
        for (const char* text : values) {
          const edn::Value value = document(text).value;
          const edn::Value job =
              valid.assoc(edn::Value::keyword(section),
                          entries.with_at(i, entries.at(i).assoc(entry.key, value)));
          const FormNames names(job);
          Context context;
          context.functions = &names;
          context.features = Features::all();
          INFO(section << " " << i << " " << edn::print(entry.key) << " " << text);
          if (!has_errors(validate({job}, context))) CHECK(read_job(job).has_value());
        }
      }
    }
  }
}

}  // namespace onyx::model::test
