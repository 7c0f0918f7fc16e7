#include "daemon/dataflow/key_test.h"

#include <catch2/catch.hpp>

#include "tests/unit/daemon/dataflow/fixture.h"

namespace onyx::dataflow {
namespace {

std::optional<KeyTest> of_form(std::string_view form, std::string_view definitions = "[]") {
  std::vector<edn::Value> forms;
  const edn::Value all = value(definitions);
  for (const edn::Value& one : all.items()) forms.push_back(one);
  return key_test_of(model::FunctionRef(value(form)), forms);
}

TEST_CASE("key test: a key compared with a constant is recognised, either way round",
          "[key-test]") {
  const KeyTest view{value(":type"), value(":view"), false};
  CHECK(of_form("(fn [event old s all] (= :view (:type s)))") == view);
  CHECK(of_form("(fn [_ _ s _] (= (:type s) :view))") == view);
  CHECK(of_form("(fn named [_ _ s _] (not= (:type s) :view))") ==
        KeyTest{value(":type"), value(":view"), true});
  CHECK(of_form(":a/f", "[(ns a) (defn f \"doc\" [e o s n] (= \"x\" (:k/key s)))]") ==
        KeyTest{value(":k/key"), value("\"x\""), false});
  CHECK(of_form(":a/f", "[(ns a) (def f (fn [e o s n] (= nil (:k s))))]") ==
        KeyTest{value(":k"), value("nil"), false});
}

TEST_CASE("key test: anything else is not", "[key-test]") {
  CHECK_FALSE(of_form("(fn [e old s all] (= :view (:type old)))"));
  CHECK_FALSE(of_form("(fn [e old s all] (= 1.0 (:n s)))"));
  CHECK_FALSE(of_form("(fn [e old s all] (= [1] (:n s)))"));
  CHECK_FALSE(of_form("(fn [e old s all] (= :view (:type s :view)))"));
  CHECK_FALSE(of_form("(fn [e old s all] (= :view (:type s) 1))"));
  CHECK_FALSE(of_form("(fn [e old s all] (println 1) (= :view (:type s)))"));
  CHECK_FALSE(of_form("(fn [e old {:keys [type]} all] (= :view type))"));
  CHECK_FALSE(of_form("(fn [e old s s] (= :view (:type s)))"));
  CHECK_FALSE(of_form("(fn [e old s all more] (= :view (:type s)))"));
  CHECK_FALSE(of_form("(fn [e old s] (= :view (:type s)))"));
  CHECK_FALSE(of_form("(fn [e old s & all] (= :view (:type s)))"));
  CHECK_FALSE(of_form("(constantly true)"));
}

TEST_CASE("key test: not where = means something else", "[key-test]") {
  CHECK_FALSE(of_form("(fn [= old s all] (= :view (:type s)))"));
  CHECK_FALSE(of_form(":a/f", "[(ns a) (defn = [x y] true) (defn f [e o s n] (= 1 (:k s)))]"));
}

TEST_CASE("key test: answers as the language does, whatever the segment", "[key-test]") {
  const auto matches = [](std::string_view constant, std::string_view segment) {
    return KeyMatcher({value(":k"), value(constant), false}).matches(value(segment));
  };
  CHECK(matches(":view", "{:k :view}"));
  CHECK_FALSE(matches(":view", "{:k :click}"));
  CHECK_FALSE(matches(":view", "{}"));
  CHECK_FALSE(matches("1", "{:k 1.0}"));
  CHECK(matches("\"a string of more than fourteen bytes\"",
                "{:k \"a string of more than fourteen bytes\"}"));
  CHECK(matches("nil", "{}"));
  CHECK(matches("nil", "{:k nil}"));
  CHECK_FALSE(matches("false", "{:k nil}"));
  CHECK(matches("1", "{[1] 2 :k 1}"));
  CHECK(matches("nil", "[1 2]"));
  CHECK_FALSE(matches("1", "7"));
  CHECK(KeyMatcher({value(":k"), value("1"), true}).matches(value("{:k 2}")));
  CHECK_FALSE(KeyMatcher({value(":k"), value("1"), true}).matches(value("{:k 1}")));
}

TEST_CASE("key test: follows segments of changing shape", "[key-test]") {
  KeyMatcher matcher({value(":k"), value("1"), false});
  CHECK(matcher.matches(value("{:k 1 :x 2}")));
  CHECK_FALSE(matcher.matches(value("{:x 1 :k 2}")));
  CHECK(matcher.matches(value("{:x 2 :k 1}")));
  CHECK_FALSE(matcher.matches(value("{:x 1}")));
}

}  // namespace
}  // namespace onyx::dataflow
