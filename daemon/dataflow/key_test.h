// The commonest predicate of flow conditions, decided without a call: whether one key of the segment has a given value.
//
//   (fn [event old segment all-new] (= :view (:type segment)))      also with the operands swapped, and with not=
//
// Shape:   the value is nil, a boolean, integer, string, character or keyword, which are equal to themselves alone, so that the
//          answer is that of the language's `=`.
// Source:  the budget of a flow condition; everything else is called.
#pragma once

#include <optional>
#include <vector>

#include "common/edn/value.h"
#include "common/model/job.h"
#include "daemon/dataflow/key_lookup.h"

namespace onyx::dataflow {

struct KeyTest {
  edn::Value key;
  edn::Value value;
  bool is_negated = false;
  bool operator==(const KeyTest&) const = default;
};

// nullopt when the function is anything else. `definitions` are the forms of a job's :functions.
std::optional<KeyTest> key_test_of(const model::FunctionRef& function,
                                   const std::vector<edn::Value>& definitions);

class KeyMatcher {
 public:
  explicit KeyMatcher(const KeyTest& test)
      : lookup_(test.key), value_(test.value), is_negated_(test.is_negated) {}

  bool matches(const edn::Value& segment) {
    const edn::Value* found = lookup_.find(segment);
    const bool is_equal = found != nullptr ? *found == value_ : value_.is_nil();
    return is_equal != is_negated_;
  }

 private:
  KeyLookup lookup_;
  edn::Value value_;
  bool is_negated_;
};

}  // namespace onyx::dataflow
