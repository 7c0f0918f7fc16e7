// Clojure's `compare`, which sort uses, and stable sorting with it or with a function of the language.
#pragma once

#include <vector>

#include "common/edn/value.h"
#include "common/lang/call.h"

namespace onyx::lang {

// Negative, 0 or positive. nil comes first; numbers compare by value; strings by their characters; vectors by length,
// then by their elements. Other pairs of kinds are a class_cast exception.
std::int64_t compare_values(Call& call, const Value& a, const Value& b);

// A comparator as Clojure takes them: one that answers numbers (negative: a first) or one that answers whether a comes
// first, such as `>`. nil: compare_values.
class Comparator {
 public:
  explicit Comparator(Value function) : function_(std::move(function)) {}
  std::int64_t operator()(Call& call, const Value& a, const Value& b) const;

 private:
  Value function_;
};

// Merge sort, so that an inconsistent comparator can do no harm, and equal elements keep their order.
// `keys`, when not empty, are compared instead of `items`.
void sort_stable(Call& call, std::vector<Value>& items, std::vector<Value> keys,
                 const Comparator& comparator);

}  // namespace onyx::lang
