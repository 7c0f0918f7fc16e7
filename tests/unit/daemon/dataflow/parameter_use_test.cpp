#include "daemon/dataflow/parameter_use.h"

#include <catch2/catch.hpp>

#include "tests/unit/daemon/dataflow/fixture.h"

namespace onyx::dataflow {
namespace {

// The used ones of the first four parameters, as "0123" without the unused.
std::string used(std::string_view definitions, std::string_view name) {
  std::vector<edn::Value> forms;
  for (const edn::Value& form : value(definitions).items()) forms.push_back(form);
  const ParameterUse use = parameters_used(model::FunctionRef(value(name)), forms);
  std::string text;
  for (std::size_t i = 0; i < 4; ++i) {
    if (use[i]) text += static_cast<char>('0' + i);
  }
  return text;
}

TEST_CASE("parameter use: a parameter that the body does not mention is unused",
          "[parameter-use]") {
  CHECK(used("[(ns a) (defn f [event old new all] (= 1 (:n new)))]", ":a/f") == "2");
  CHECK(used("[(ns a) (defn f \"doc\" [event old new all] (= old (get {:x [event]} new)))]",
             ":a/f") == "012");
  CHECK(used("[(ns a) (def f (fn [event old new all] (count all)))]", ":a/f") == "3");
  CHECK(used("[]", "(fn [_ _ segment _] (:n segment))") == "2");
}

TEST_CASE("parameter use: destructuring counts as use, also of a name in another's default",
          "[parameter-use]") {
  CHECK(used("[(ns a) (defn f [event {:keys [n]} new all] true)]", ":a/f") == "1");
  CHECK(used("[(ns a) (defn f [event old {:keys [n] :or {n old}} all] n)]", ":a/f") == "12");
}

TEST_CASE("parameter use: what cannot be judged counts as used", "[parameter-use]") {
  CHECK(used("[(ns a) (def f (constantly true))]", ":a/f") == "0123");
  CHECK(used("[(ns a) (defn f [& args] true)]", ":a/f") == "0123");
  CHECK(used("[(ns a) (defn f ([a] a) ([a b c d] a))]", ":a/f") == "0123");
  CHECK(used("[(ns a) (defn f [a b c d] 1)]", ":b/f") == "0123");
  CHECK(used("[]", ":clojure.core/identity") == "0123");
}

TEST_CASE("parameter use: the last definition of a name counts", "[parameter-use]") {
  CHECK(used("[(ns a) (defn f [a b c d] a) (defn f [a b c d] d)]", ":a/f") == "3");
  CHECK(used("[(ns a) (defn f [a b c d] a) (ns b) (defn f [a b c d] d)]", ":a/f") == "0");
}

}  // namespace
}  // namespace onyx::dataflow
