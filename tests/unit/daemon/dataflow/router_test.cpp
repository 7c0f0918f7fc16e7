#include "daemon/dataflow/router.h"

#include <catch2/catch.hpp>

#include "tests/unit/daemon/dataflow/fixture.h"

namespace onyx::dataflow {
namespace {

using C = ConditionBuilder;

const model::Predicate T = calls("T");
const model::Predicate F = calls("F");
const model::Predicate X = calls("X");

// Task :t with successors a, b, c; T is true, F false, X throws "from X"; pt and pair are post-transforms.
struct Fixture {
  explicit Fixture(std::vector<C> rules, std::map<std::string, HandMade> more = {}) {
    conditions = *compile_flow_conditions(job_of(std::move(rules)), TaskId("t"), egress, table);
    traits.assign(table.functions().size(), FunctionTraits());
    std::map<std::string, HandMade> functions = std::move(more);
    functions.insert(
        {"T", [](const Arguments&) -> Evaluated { return edn::Value::boolean(true); }});
    functions.insert({"F", [](const Arguments&) -> Evaluated { return edn::Value(); }});
    functions.insert({"X", [](const Arguments&) { return thrown("from X", value("{:x 1}")); }});
    functions.insert({"pt", [](const Arguments& args) -> Evaluated {
                        return edn::Value::map({{edn::Value::keyword("post"), args[1]}});
                      }});
    evaluator.emplace(table, std::move(functions));
  }

  // What each successor gets for one element `old` whose function gave `segments`.
  std::map<std::string, std::vector<edn::Value>> sent(std::string_view old,
                                                      std::string_view segments) {
    Results results;
    results.add_sequence(value(segments));
    return route({value(old)}, std::move(results));
  }
  std::map<std::string, std::vector<edn::Value>> sent_for_exception(std::string_view old) {
    Results results;
    results.add_exception(
        lang::make_exception(lang::ErrorClass::exception_info, "orig", value("{:o 1}")));
    return route({value(old)}, std::move(results));
  }

  std::map<std::string, std::vector<edn::Value>> route(std::vector<edn::Value> batch,
                                                       Results results) {
    router.emplace(conditions, traits, value(":t"), *evaluator,
                   [this](std::string line) { lines.push_back(line); });
    std::vector<Routed> out;
    done = router->route(batch, results, value("{:event 1}"), out);
    std::map<std::string, std::vector<edn::Value>> by_task;
    for (const Routed& routed : out) {
      for (const char letter : letters_of(routed.to, egress))
        by_task[std::string(1, letter)].push_back(routed.segment);
    }
    return by_task;
  }

  std::string raised() const {
    REQUIRE_FALSE(done.has_value());
    return lang::as_exception(done.error())->message();
  }

  const std::vector<TaskId> egress = successors("abc");
  FunctionTable table;
  FlowConditions conditions;
  std::vector<FunctionTraits> traits;
  std::optional<HandMadeEvaluator> evaluator;
  std::optional<Router> router;
  std::vector<std::string> lines;
  tl::expected<void, edn::Value> done;
};

using Sent = std::map<std::string, std::vector<edn::Value>>;

TEST_CASE("router: matching rules exclude their keys from every copy", "[router]") {
  const char* segment = "[{:n 1 :x 2 :y 3 :z 4}]";
  CHECK(Fixture(
            {C(T, "a").excluding("[:x]"), C(T, "b").excluding("[:y]"), C(F, "c").excluding("[:z]")})
            .sent("{}", segment) ==
        Sent{{"a", {value("{:n 1 :z 4}")}}, {"b", {value("{:n 1 :z 4}")}}});
  CHECK(
      Fixture({C(T, "a").excluding("[:x]"), C(T, "all").short_circuit().excluding("[:n :absent]")})
          .sent("{}", segment) == Sent{{"a", {value("{:y 3 :z 4}")}},
                                       {"b", {value("{:y 3 :z 4}")}},
                                       {"c", {value("{:y 3 :z 4}")}}});
}

TEST_CASE("router: excluding leaves the element of the batch as it was", "[router]") {
  Fixture fixture({C(T, "a").excluding("[:x]")});
  const edn::Value shared = value("{:n 1 :x 2}");
  Results results;
  results.add_one(shared);
  CHECK(fixture.route({shared}, std::move(results)) == Sent{{"a", {value("{:n 1}")}}});
  CHECK(shared == value("{:n 1 :x 2}"));
}

TEST_CASE("router: a predicate gets event, old, new, all new and its parameters", "[router]") {
  std::vector<Arguments> seen;
  const HandMade record = [&](const Arguments& args) -> Evaluated {
    seen.push_back(args);
    return edn::Value::boolean(false);
  };
  Fixture fixture({C(calls("record", {value("17"), value("nil")}), "a")}, {{"record", record}});
  fixture.sent("{:old 1}", "[{:n 1} {:n 2}]");
  const edn::Value all = value("[{:n 1} {:n 2}]");
  CHECK(seen == std::vector<Arguments>{{value("{:event 1}"), value("{:old 1}"), value("{:n 1}"),
                                        all, value("17"), value("nil")},
                                       {value("{:event 1}"), value("{:old 1}"), value("{:n 2}"),
                                        all, value("17"), value("nil")}});
}

TEST_CASE("router: arguments that a predicate does not use are not made", "[router]") {
  Arguments seen;
  Fixture fixture({C(calls("record"), "a")}, {{"record", [&](const Arguments& args) -> Evaluated {
                                                 seen = args;
                                                 return edn::Value::boolean(true);
                                               }}});
  fixture.traits[0].uses = ParameterUse(0b0100);
  fixture.sent("{:old 1}", "[{:n 1}]");
  CHECK(seen == Arguments{value("nil"), value("nil"), value("{:n 1}"), value("nil")});
  CHECK_FALSE(fixture.router->needs_batch());
}

TEST_CASE("router: segments that match nothing, and those for :none, are counted apart",
          "[router]") {
  Fixture nothing({C(F, "a")});
  CHECK(nothing.sent("{}", "[{:n 1} {:n 2}]").empty());
  CHECK(nothing.router->drops().no_match == 2);
  CHECK(nothing.router->drops().none == 0);
  Fixture none({C(T, "none").short_circuit(), C(T, "a")});
  CHECK(none.sent("{}", "[{:n 1}]").empty());
  CHECK(none.router->drops().none == 1);
  CHECK(none.router->drops().no_match == 0);
}

TEST_CASE("router: a rule that only compares a key filters a batch as it routes it", "[router]") {
  const char* batch =
      "[{:type :view :n 1} {:type :click} {} {:type :view :n 2} {:n 3 :type :view}]";
  for (const bool is_negated : {false, true}) {
    Fixture fixture({C(calls("is-view"), "ab")});
    fixture.traits[0].key_test = KeyTest{value(":type"), value(":view"), is_negated};
    const Sent routed = fixture.sent("{}", batch);
    CHECK(routed.at("a").size() == (is_negated ? 2u : 3u));
    const std::uint64_t dropped = fixture.router->drops().no_match;
    Results results;
    results.add_sequence(value(batch));
    const auto to = fixture.router->filter(results);
    REQUIRE(to.has_value());
    CHECK(letters_of(*to, fixture.egress) == "ab");
    CHECK(results.segments == routed.at("a"));
    CHECK(fixture.router->drops().no_match == 2 * dropped);
    CHECK(fixture.evaluator->called.empty());
  }
}

TEST_CASE("router: nothing is filtered where more is to be decided", "[router]") {
  const auto filters = [](std::vector<C> rules, bool compares_key = true) {
    Fixture fixture(std::move(rules));
    if (compares_key) fixture.traits[0].key_test = KeyTest{value(":n"), value("2")};
    fixture.sent("{}", "[]");
    Results results;
    results.add_sequence(value("[{:n 1}]"));
    const bool has_filtered = fixture.router->filter(results).has_value();
    CHECK(results.segments.size() == (has_filtered ? 0 : 1));
    return has_filtered;
  };
  CHECK(filters({C(T, "a")}));
  CHECK(filters({C(T, "a").short_circuit()}));
  CHECK_FALSE(filters({C(T, "a")}, false));
  CHECK_FALSE(filters({C(T, "a"), C(T, "b")}));
  CHECK_FALSE(filters({C(T, "none")}));
  CHECK_FALSE(filters({C(T, "a").excluding("[:n]")}));
  CHECK_FALSE(filters({C(negation(T), "a")}));
  CHECK_FALSE(filters({C(calls("T", {value("1")}), "a")}));
  Fixture fixture({C(T, "a")});
  fixture.traits[0].key_test = KeyTest{value(":n"), value("2")};
  fixture.sent("{}", "[]");
  Results results;
  results.add_exception(lang::make_exception(lang::ErrorClass::exception_info, "e", value("{}")));
  CHECK_FALSE(fixture.router->filter(results).has_value());
}

TEST_CASE("router: order is kept", "[router]") {
  CHECK(Fixture({C(T, "a"), C(T, "b")}).sent("{}", "[{:n 1} {:n 2} {:n 3}]")["b"] ==
        std::vector<edn::Value>{value("{:n 1}"), value("{:n 2}"), value("{:n 3}")});
}

// --- exceptions of the function: the table of 11.3 ---

TEST_CASE("router: an exception without exception rules is raised with task and segment",
          "[router]") {
  for (const bool with_rule : {false, true}) {
    Fixture fixture(with_rule ? std::vector<C>{C(T, "a")} : std::vector<C>{});
    fixture.sent_for_exception("{:n 5}");
    CHECK(fixture.raised() == "orig");
    const edn::Value& data = lang::as_exception(fixture.done.error())->data();
    CHECK(data.get("offending-task") == value(":t"));
    CHECK(data.get("offending-segment") == value("{:n 5}"));
    CHECK(data.get("o") == value("1"));
  }
}

TEST_CASE("router: an exception rule sends what its post-transform makes", "[router]") {
  Fixture fixture({C(T, "a").for_exceptions().short_circuit().post("pt")});
  CHECK(fixture.sent_for_exception("{:n 5}") == Sent{{"a", {value("{:post {:n 5}}")}}});
}

TEST_CASE("router: predicates of exception rules get the exception as new, and alone in all new",
          "[router]") {
  Arguments seen;
  Fixture fixture({C(calls("record"), "a").for_exceptions().post("pt")},
                  {{"record", [&](const Arguments& args) -> Evaluated {
                      seen = args;
                      return edn::Value::boolean(true);
                    }}});
  fixture.sent_for_exception("{:n 5}");
  REQUIRE(seen.size() == 4);
  CHECK(seen[1] == value("{:n 5}"));
  CHECK(lang::as_exception(seen[2])->message() == "orig");
  CHECK(lang::as_exception(seen[2])->data() == value("{:o 1}"));
  CHECK(seen[3].count() == 1);
}

TEST_CASE("router: an exception that no exception rule takes is dropped, counted, and logged",
          "[router]") {
  Fixture fixture({C(F, "a").for_exceptions().post("pt")});
  CHECK(fixture.sent_for_exception("{:n 5}").empty());
  CHECK(fixture.done.has_value());
  CHECK(fixture.router->drops().exceptions == 1);
  REQUIRE(fixture.lines.size() == 1);
  CHECK_THAT(fixture.lines[0], Catch::Contains("orig"));
}

TEST_CASE("router: without a post-transform a map that describes the exception is sent",
          "[router]") {
  Fixture fixture({C(T, "a").for_exceptions()});
  CHECK(
      fixture.sent_for_exception("{:n 5}") ==
      Sent{
          {"a",
           {value(
               R"({:error {:message "orig" :class "clojure.lang.ExceptionInfo" :data {:o 1} :task :t}
                              :segment {:n 5}})")}}});
}

TEST_CASE("router: exception rules may say :all and :none", "[router]") {
  CHECK(Fixture({C(T, "all").for_exceptions().post("pt")}).sent_for_exception("{:n 5}").size() ==
        3);
  Fixture none({C(T, "none").for_exceptions().post("pt")});
  CHECK(none.sent_for_exception("{:n 5}").empty());
  CHECK(none.router->drops().none == 1);
  Fixture empty({C(T, "").for_exceptions()});
  CHECK(empty.sent_for_exception("{:n 5}").empty());
  CHECK(empty.router->drops().none == 1);
}

TEST_CASE("router: segments meet only segment rules", "[router]") {
  CHECK(Fixture({C(T, "a").for_exceptions().post("pt")}).sent("{}", "[{:n 1}]") ==
        Sent{{"b", {value("{:n 1}")}}, {"c", {value("{:n 1}")}}});
  CHECK(Fixture({C(T, "a").for_exceptions().post("pt"), C(T, "a")}).sent("{}", "[{:n 1}]") ==
        Sent{{"a", {value("{:n 1}")}}});
}

TEST_CASE("router: excluded keys leave what the post-transform returned", "[router]") {
  Fixture fixture({C(T, "a").for_exceptions().post("keep").excluding("[:password]")},
                  {{"keep", [](const Arguments& args) -> Evaluated { return args[1]; }}});
  CHECK(fixture.sent_for_exception("{:user 1 :password 2}") == Sent{{"a", {value("{:user 1}")}}});
}

TEST_CASE("router: a post-transform that returns no segment is an exception", "[router]") {
  Fixture fixture({C(T, "a").for_exceptions().post("bad")},
                  {{"bad", [](const Arguments&) -> Evaluated { return value("[{:a 1}]"); }}});
  fixture.sent_for_exception("{:n 5}");
  CHECK_THAT(fixture.raised(),
             Catch::Contains(":flow/post-transform :bad of flow condition 0 returned"));
}

TEST_CASE("router: an exception of a post-transform is an exception", "[router]") {
  Fixture fixture({C(T, "a").for_exceptions().post("X")});
  fixture.sent_for_exception("{:n 5}");
  CHECK(fixture.raised() == "from X");
}

// --- exceptions of a predicate ---

TEST_CASE("router: a predicate's exception is raised when nothing takes it", "[router]") {
  Fixture fixture({C(X, "a")});
  fixture.sent("{:root 1}", "[{:n 1}]");
  CHECK(fixture.raised() == "from X");
  CHECK(lang::as_exception(fixture.done.error())->data().get("offending-segment") ==
        value("{:n 1}"));
}

TEST_CASE("router: a predicate's error goes to its tasks and leaves earlier choices alone",
          "[router]") {
  Fixture fixture({C(T, "a").excluding("[:q]"),
                   C(X, "a").errors_to("b").post("pt").excluding("[:e]"), C(T, "c")});
  CHECK(
      fixture.sent("{:root 1}", "[{:n 1 :q 2}]") ==
      Sent{{"a", {value("{:n 1}")}}, {"b", {value("{:post {:old {:root 1} :new {:n 1 :q 2}}}")}}});
}

TEST_CASE("router: a predicate's error may go to :all or :none", "[router]") {
  const edn::Value post = value("{:post {:old {} :new {:n 1}}}");
  CHECK(Fixture({C(X, "a").errors_to("all").post("pt")}).sent("{}", "[{:n 1}]") ==
        Sent{{"a", {post}}, {"b", {post}}, {"c", {post}}});
  Fixture none({C(X, "a").errors_to("none").post("pt")});
  CHECK(none.sent("{}", "[{:n 1}]").empty());
  CHECK(none.router->drops().none == 1);
}

TEST_CASE("router: a predicate's error without a post-transform is described", "[router]") {
  CHECK(
      Fixture({C(X, "a").errors_to("b")}).sent("{:root 1}", "[{:n 1}]") ==
      Sent{
          {"b",
           {value(
               R"({:error {:message "from X" :class "clojure.lang.ExceptionInfo" :data {:x 1} :task :t}
                              :segment {:n 1}})")}}});
}

TEST_CASE("router: a predicate's error with a post-transform but no tasks is dropped and counted",
          "[router]") {
  Fixture fixture({C(X, "a").post("pt")});
  CHECK(fixture.sent("{}", "[{:n 1}]").empty());
  CHECK(fixture.done.has_value());
  CHECK(fixture.router->drops().exceptions == 1);
}

TEST_CASE("router: the predicate of an exception rule may throw too", "[router]") {
  Fixture fixture({C(X, "a").for_exceptions().errors_to("b").post("both")},
                  {{"both", [](const Arguments& args) -> Evaluated {
                      return edn::Value::map(
                          {{edn::Value::keyword("old"), args[1].get("old")},
                           {edn::Value::keyword("first"),
                            edn::Value::string(lang::as_exception(args[1].get("new"))->message())},
                           {edn::Value::keyword("second"),
                            edn::Value::string(lang::as_exception(args[2])->message())}});
                    }}});
  CHECK(fixture.sent_for_exception("{:n 5}") ==
        Sent{{"b", {value(R"({:old {:n 5} :first "orig" :second "from X"})")}}});
}

TEST_CASE("router: exceptions and segments of one batch keep their order", "[router]") {
  Fixture fixture({C(T, "a").for_exceptions().post("pt"), C(T, "a")});
  Results results;
  results.add_one(value("{:n 1}"));
  results.add_exception(lang::make_exception(lang::ErrorClass::exception_info, "orig"));
  results.add_one(value("{:n 3}"));
  CHECK(fixture.route({value("{:n 1}"), value("{:n 2}"), value("{:n 3}")}, std::move(results)) ==
        Sent{{"a", {value("{:n 1}"), value("{:post {:n 2}}"), value("{:n 3}")}}});
}

}  // namespace
}  // namespace onyx::dataflow
