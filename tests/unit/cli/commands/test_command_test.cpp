#include <catch2/catch.hpp>

#include "tests/unit/cli/commands/rig.h"

namespace onyx::cli {
namespace {

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

std::string a_case(const std::string& expectations) {
  return "{:doc \"what it pins down\" :onyx/source \"s\" :job {}\n " + expectations + "}";
}

void answer(Rig& rig, const std::string& segment) {
  rig.backend.on_case = [segment](const service::CaseRequest&) {
    service::CaseView view;
    view.ended = service::CaseView::Ended::completed;
    view.outputs_edn = {{"out", {segment}}};
    view.duration_ms = 4;
    return view;
  };
}

}  // namespace

TEST_CASE("test: a directory's cases run in order; other files are passed over", "[cli]") {
  Rig rig;
  answer(rig, "{:n 1}");
  const std::string b = rig.file("cases/b.edn", a_case(":expect {:out [{:n 1}]}"));
  const std::string a = rig.file("cases/deep/a.edn", a_case(":expect {:out [{:n 1}]}"));
  rig.file("cases/job.edn", a_job_text());
  rig.file("cases/notes.txt", "no EDN at all {");
  const Ran ran = rig.run({"test", rig.directory() + "/cases"});
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(ran.out == "✓ " + b + "  4 ms\n✓ " + a + "  4 ms\n2 passed, 0 failed\n");
}

TEST_CASE("test: a failed case says where, what was expected and what came, exit 10", "[cli]") {
  Rig rig;
  answer(rig, "{:n 2}");
  const std::string file = rig.file("a.edn", a_case(":expect {:out [{:n 1}]}"));
  const Ran ran = rig.run({"test", file});
  CHECK(ran.code == 10);
  CHECK(has(ran.out, "✗ " + file));
  CHECK(has(ran.out, "what it pins down"));
  CHECK(has(ran.out, file + ":2:16"));
  CHECK(has(ran.out, "expected [{:n 1}]"));
  CHECK(has(ran.out, "got      [{:n 2}]"));
  CHECK(has(ran.out, "0 passed, 1 failed"));
  const edn::Value json = rig.run({"test", file, "-o", "json"}).json();
  CHECK(json.get("failed") == edn::Value::integer(1));
  CHECK(json.get("cases").at(0).get("passed") == edn::Value::boolean(false));
  CHECK(json.get("cases").at(0).get("mismatches").at(0).get("line") == edn::Value::integer(2));
}

TEST_CASE("test: the text, --local and the seed arrive", "[cli]") {
  Rig rig;
  service::CaseRequest seen;
  rig.backend.on_case = [&](const service::CaseRequest& request) {
    seen = request;
    service::CaseView view;
    view.ended = service::CaseView::Ended::completed;
    return view;
  };
  const std::string text = a_case(":expect {}");
  CHECK(rig.run({"test", rig.file("a.edn", text), "--local", "--seed", "7"}).code == 0);
  CHECK(seen.text.text == text);
  CHECK(seen.local);
  CHECK(seen.seed == 7);
}

TEST_CASE("test: a killed and a refused job are judged by what they say", "[cli]") {
  Rig rig;
  rig.backend.on_case = [](const service::CaseRequest&) {
    service::CaseView view;
    view.ended = service::CaseView::Ended::killed;
    view.exception_edn = "{:message \"Divide by zero\" :data {:a 1}}";
    return view;
  };
  const std::string killed = rig.file(
      "a.edn", a_case(":expect-state :killed :expect-exception {:message-matches \"divide\"}"));
  CHECK(rig.run({"test", killed}).code == 0);
  rig.backend.on_case = [](const service::CaseRequest&) {
    service::CaseView view;
    edn::Diagnostic diagnostic;
    diagnostic.message = "no :onyx/type";
    diagnostic.path = {edn::Value::keyword("catalog"), edn::Value::integer(0)};
    view.diagnostics = {diagnostic};
    return view;
  };
  const std::string refused =
      rig.file("b.edn", a_case(":expect-error {:path [:catalog] :message-matches \":onyx/type\"}"));
  CHECK(rig.run({"test", refused}).code == 0);
  CHECK(rig.run({"test", killed}).code == 10);
}

TEST_CASE("test: a named file that is no case fails and shows why", "[cli]") {
  Rig rig;
  const std::string file = rig.file("a.edn", "{:job {} :expects {}}");
  const Ran ran = rig.run({"test", file});
  CHECK(ran.code == 10);
  CHECK(has(ran.out, ":expects"));
}

TEST_CASE("test: no case at all is exit 5", "[cli]") {
  Rig rig;
  rig.file("cases/job.edn", a_job_text());
  CHECK(rig.run({"test", rig.directory() + "/cases"}).code == 5);
  CHECK(rig.run({"test", rig.directory() + "/none"}).code == 5);
}

TEST_CASE("test: with -q only the names of failed cases", "[cli]") {
  Rig rig;
  answer(rig, "{:n 2}");
  rig.file("cases/a.edn", a_case(":expect {:out [{:n 2}]}"));
  const std::string b = rig.file("cases/b.edn", a_case(":expect {:out []}"));
  CHECK(rig.run({"test", rig.directory() + "/cases", "-q"}).out == b + "\n");
}

}  // namespace onyx::cli
