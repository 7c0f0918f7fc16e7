#include "common/cases/judge.h"

#include <catch2/catch.hpp>

namespace onyx::cases {
namespace {

Case a_case(const std::string& expectations) {
  const std::string text = "{:doc \"d\" :onyx/source \"s\" :job {} " + expectations + "}";
  const auto document = edn::read_document(text);
  REQUIRE(document);
  auto found = read_case(*document, "");
  REQUIRE(found);
  return *found;
}

Outcome completed(const std::string& segments) {
  Outcome outcome;
  outcome.ended = Ended::completed;
  const auto value = edn::read(segments);
  REQUIRE(value);
  for (const edn::Value& segment : value->items()) outcome.outputs["out"].push_back(segment);
  return outcome;
}

Outcome killed(const std::string& exception) {
  Outcome outcome;
  outcome.ended = Ended::killed;
  outcome.exception = *edn::read(exception);
  return outcome;
}

Outcome rejected(const std::string& path, const std::string& message) {
  Outcome outcome;
  outcome.ended = Ended::rejected;
  edn::Diagnostic diagnostic;
  diagnostic.message = message;
  const auto value = edn::read(path);
  for (const edn::Value& step : value->items()) diagnostic.path.push_back(step);
  outcome.diagnostics = {diagnostic};
  return outcome;
}

bool passes(const std::string& expectations, const Outcome& outcome) {
  return judge(a_case(expectations), outcome).empty();
}

}  // namespace

TEST_CASE("judge: segments are compared as a bag", "[cases]") {
  const std::string two = ":expect {:out [{:n 1} {:n 2}]}";
  CHECK(passes(two, completed("[{:n 2} {:n 1}]")));
  CHECK(!passes(two, completed("[{:n 1}]")));
  CHECK(!passes(two, completed("[{:n 1} {:n 2} {:n 3}]")));
  CHECK(passes(":expect {:out [{:n 1} {:n 1}]}", completed("[{:n 1} {:n 1}]")));
  CHECK(!passes(":expect {:out [{:n 1} {:n 1}]}", completed("[{:n 1}]")));
  CHECK(!passes(":expect {:out [{:n 1}]}", completed("[{:n 1} {:n 1}]")));
}

TEST_CASE("judge: an empty vector means that nothing may have arrived", "[cases]") {
  CHECK(passes(":expect {:out []}", completed("[]")));
  CHECK(!passes(":expect {:out []}", completed("[{:n 1}]")));
}

TEST_CASE("judge: an output without an entry is not looked at", "[cases]") {
  CHECK(passes(":expect {:other []}", completed("[{:n 1}]")));
}

TEST_CASE("judge: with an exact order the order counts", "[cases]") {
  const std::string exact = ":expect {:out {:order :exact :segments [{:n 1} {:n 2}]}}";
  CHECK(passes(exact, completed("[{:n 1} {:n 2}]")));
  const auto found = judge(a_case(exact), completed("[{:n 2} {:n 1}]"));
  REQUIRE(found.size() == 1);
  CHECK(found[0].what == "output :out, the order differs");
  CHECK(found[0].expected == "[{:n 1} {:n 2}]");
  CHECK(found[0].got == "[{:n 2} {:n 1}]");
}

TEST_CASE("judge: what must be contained may be among others, as often as listed", "[cases]") {
  const std::string contains = ":expect-contains {:out [{:n 1} {:n 1}]}";
  CHECK(passes(contains, completed("[{:n 3} {:n 1} {:n 1} {:n 1}]")));
  CHECK(!passes(contains, completed("[{:n 3} {:n 1}]")));
}

TEST_CASE("judge: values are equal as in Clojure", "[cases]") {
  CHECK(!passes(":expect {:out [{:n 1}]}", completed("[{:n 1.0}]")));
  CHECK(passes(":expect {:out [{:n [1 2]}]}", completed("[{:n (1 2)}]")));
  CHECK(passes(":expect {:out [{:n #{1 2}}]}", completed("[{:n #{2 1}}]")));
  CHECK(!passes(":expect {:out [{:n :a}]}", completed("[{:n \"a\"}]")));
  CHECK(!passes(":expect {:out [{:n nil}]}", completed("[{}]")));
  CHECK(passes(":expect {:out [{:t #inst \"2020-01-01T01:00:00+01:00\"}]}",
               completed("[{:t #inst \"2020-01-01\"}]")));
}

TEST_CASE("judge: a job that does not complete fails a case that expects outputs", "[cases]") {
  Outcome late = completed("[]");
  late.ended = Ended::timed_out;
  CHECK(!passes(":expect {:out []}", late));
  CHECK(!passes(":expect {:out []}", killed("{:message \"m\"}")));
  const auto found = judge(a_case(":expect {:out []}"), rejected("[:catalog]", "a reason"));
  REQUIRE(found.size() == 1);
  CHECK(found[0].got.find("a reason") != std::string::npos);
}

TEST_CASE("judge: of a killed job the message and a part of the data are compared", "[cases]") {
  const std::string expects =
      ":expect-state :killed :expect-exception {:message-matches \"no WAY\" :data {:a 1}}";
  CHECK(passes(expects, killed("{:message \"there is no way\" :data {:a 1 :b 2}}")));
  CHECK(!passes(expects, killed("{:message \"there is a way\" :data {:a 1}}")));
  CHECK(!passes(expects, killed("{:message \"no way\" :data {:a 2}}")));
  CHECK(!passes(expects, killed("{:message \"no way\"}")));
  CHECK(!passes(expects, killed("nil")));
  CHECK(!passes(expects, completed("[]")));
  CHECK(passes(":expect-state :killed", killed("nil")));
}

TEST_CASE("judge: a job to be killed may be refused instead, with the message in the error",
          "[cases]") {
  CHECK(passes(":expect-state :killed", rejected("[]", "anything")));
  const std::string expects =
      ":expect-state :killed :expect-exception {:message-matches \"init\" :data {:a 1}}";
  CHECK(passes(expects, rejected("[:windows 0]", "needs :window/init")));
  CHECK(!passes(expects, rejected("[:windows 0]", "something else")));
}

TEST_CASE("judge: an expected error agrees in path and message at once", "[cases]") {
  const std::string expects = ":expect-error {:path [:catalog 1] :message-matches \"batch-size\"}";
  CHECK(passes(expects, rejected("[:catalog 1 :onyx/batch-size]", ":onyx/batch-size is missing")));
  CHECK(passes(expects, rejected("[:catalog 1]", ":onyx/batch-size is missing")));
  CHECK(!passes(expects, rejected("[:catalog]", ":onyx/batch-size is missing")));
  CHECK(!passes(expects, rejected("[:catalog 1]", "something else")));
  Outcome both = rejected("[:catalog 1]", "something else");
  both.diagnostics.push_back(rejected("[:workflow]", "batch-size").diagnostics[0]);
  CHECK(!passes(expects, both));
  CHECK(passes(":expect-error {}", rejected("[]", "any")));
}

TEST_CASE("judge: a warning is no error", "[cases]") {
  Outcome warned = rejected("[:catalog]", "m");
  warned.diagnostics[0].severity = edn::Severity::warning;
  CHECK(!passes(":expect-error {}", warned));
}

TEST_CASE("judge: a job that was to be refused and ran fails", "[cases]") {
  const auto found = judge(a_case(":expect-error {:path [:catalog]}"), completed("[]"));
  REQUIRE(found.size() == 1);
  CHECK(found[0].what == "the job was accepted");
}

TEST_CASE("judge: the notes of an error are part of what it says", "[cases]") {
  Outcome outcome = rejected("[]", "m");
  outcome.diagnostics[0].notes = {"because of :onyx/fn"};
  CHECK(passes(":expect-error {:message-matches \":onyx/fn\"}", outcome));
}

}  // namespace onyx::cases
