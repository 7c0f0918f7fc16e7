#include "common/frontend/checked_job.h"

#include <fmt/format.h>
#include <catch2/catch.hpp>

namespace onyx::frontend {
namespace {

// `fn` stands alone on line 3, from column 2 on.
std::string job(std::string_view fn, std::string_view rest = "") {
  return fmt::format(R"({{:workflow [[:in :f] [:f :out]]
 :catalog [{{:onyx/name :f :onyx/type :function :onyx/batch-size 1 :onyx/fn
 {}}}
 {{:onyx/name :in :onyx/plugin :onyx.plugin.seq/input :onyx/type :input :onyx/medium :seq
   :seq/sequential [] :onyx/batch-size 1}}
 {{:onyx/name :out :onyx/plugin :onyx.plugin.seq/output :onyx/type :output :onyx/medium :seq
   :onyx/batch-size 1}}]
 {}
 :task-scheduler :onyx.task-scheduler/balanced}})",
                     fn, rest);
}

JobText text_of(std::string text, std::vector<SourceText> functions = {}) {
  JobText made;
  made.job = {"job.edn", std::move(text)};
  made.functions = std::move(functions);
  return made;
}

std::string shown(const CheckedJob& checked) {
  std::string all;
  for (const auto& found : checked.diagnostics) all += edn::render(found, {}, false) + "\n";
  return all;
}

std::vector<edn::Diagnostic> errors(const CheckedJob& checked) {
  std::vector<edn::Diagnostic> out;
  for (const auto& found : checked.diagnostics)
    if (found.severity == edn::Severity::error) out.push_back(found);
  return out;
}

TEST_CASE("frontend: a job with its functions inline, in the job and in files is accepted",
          "[frontend]") {
  for (const auto& text :
       {text_of(job("(fn [s] s)")), text_of(job(":my/f", ":functions [(ns my) (defn f [s] s)]")),
        text_of(job(":my/f"), {{"f.clj", "(ns my)\n(defn f [s] s)"}})}) {
    const CheckedJob checked = check(text, {});
    INFO(shown(checked));
    CHECK(checked.is_accepted());
  }
}

TEST_CASE("frontend: an error inside an inline form has the place of the form", "[frontend]") {
  for (const char* id : {"", "6f1c02d9-0d5e-4b0c-9d1e-3f3f0c8e7a11"}) {
    JobText text = text_of(job("(fn [s] (asoc s :a 1))"));
    text.id = id;
    const CheckedJob checked = check(text, {});
    const auto found = errors(checked);
    INFO(shown(checked));
    REQUIRE(found.size() == 1);
    CHECK_FALSE(checked.is_accepted());
    CHECK(found[0].file == "job.edn");
    CHECK(found[0].span.line == 3);
    CHECK(found[0].span.column == 11);
  }
}

TEST_CASE("frontend: an error in a file has the file's name and place", "[frontend]") {
  const CheckedJob checked =
      check(text_of(job(":my/f"), {{"f.clj", "(ns my)\n(defn f [s]\n  (asoc s :a 1))"}}), {});
  const auto found = errors(checked);
  INFO(shown(checked));
  REQUIRE_FALSE(found.empty());
  CHECK(found[0].file == "f.clj");
  CHECK(found[0].span.line == 3);
}

TEST_CASE("frontend: the forms of files come behind the job's own, the id into its metadata",
          "[frontend]") {
  JobText text = text_of(job(":my/f", ":functions [(ns my) (defn g [s] s)]"),
                         {{"f.clj", "(defn f [s] (g s))"}});
  text.id = "6f1c02d9-0d5e-4b0c-9d1e-3f3f0c8e7a11";
  const CheckedJob checked = check(text, {});
  INFO(shown(checked));
  CHECK(checked.value.get("functions").count() == 3);
  CHECK(checked.value.get("metadata").get("job-id") == edn::Value::string(text.id));
}

TEST_CASE("frontend: a name that no function has is refused where it stands", "[frontend]") {
  const CheckedJob checked =
      check(text_of(job(":my/ff", ":functions [(ns my) (defn f [s] s)]")), {});
  const auto found = errors(checked);
  INFO(shown(checked));
  REQUIRE(found.size() == 1);
  CHECK(found[0].span.line == 3);
  CHECK(found[0].span.column == 2);
}

TEST_CASE("frontend: all findings come at once, those of a text in its order", "[frontend]") {
  JobText text = text_of(
      job("(fn [s] (asoc s :a 1))", ":functions [(ns my) (defn g [s] (conjj s))]\n :flow 1"),
      {{"a.clj", "(defn h [s]\n (mapp s))"}, {"b.clj", "(defn"}});
  const CheckedJob checked = check(text, {});
  INFO(shown(checked));
  CHECK_FALSE(checked.is_accepted());
  std::vector<std::string> places;
  for (const auto& found : errors(checked))
    if (found.span.is_known()) places.push_back(fmt::format("{}:{}", found.file, found.span.line));
  CHECK(places ==
        std::vector<std::string>{"job.edn:3", "job.edn:8", "job.edn:9", "a.clj:2", "b.clj:1"});
}

TEST_CASE("frontend: text that is no EDN, and EDN that is no map", "[frontend]") {
  const CheckedJob unread = check(text_of("{:workflow [[:in"), {});
  CHECK(unread.diagnostics.size() == 1);
  CHECK(unread.value.is_nil());
  CHECK_FALSE(unread.is_accepted());
  const CheckedJob vector = check(text_of("[1 2]"), {});
  CHECK_FALSE(vector.is_accepted());
  CHECK_FALSE(errors(vector).empty());
}

}  // namespace
}  // namespace onyx::frontend
