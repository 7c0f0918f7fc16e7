// Sorted maps and sets: persistent trees in the order of `compare`, or of a comparator of the language.
//
// Shape:   a balanced tree by size, so that the element at any place is found in O(log n). Its depth has kLazyDepth, for
//          no function of common/edn sees what is in it; realise() makes a plain map or set of it when a value leaves a
//          call or becomes a key.
// Thread:  like a Function, it belongs to the Instance that made it.
// Errors:  the comparator may throw whatever evaluation throws; the tree is unchanged then.
// Source:  Clojure's sorted-map and sorted-set: keys are the same when the comparator says 0, and the first one stays.
#pragma once

#include <cstddef>
#include <memory>

#include "common/edn/value.h"
#include "common/lang/call.h"
#include "common/lang/function.h"
#include "common/lang/order.h"

namespace onyx::lang {

class Sorted final : public edn::Extension {
 public:
  // `kind` is map or set; `comparator` nil for `compare`.
  static Value empty(edn::Kind kind, Value comparator);
  ~Sorted() override;

  std::string_view type_name() const override { return is_map() ? "sorted map" : "sorted set"; }
  void print(std::string& out) const override;  // #<sorted map>: print realised values instead

  bool is_map() const { return kind_ == edn::Kind::map; }
  std::size_t count() const;
  // Elements by their place in the order, index < count().
  Value item(std::size_t index) const;  // of a map its entry, a vector of two
  const Value& key_at(std::size_t index) const;
  const Value& value_at(std::size_t index) const;

  // Map: the value; set: the element; nullptr when absent. Lives as long as this.
  const Value* find(Call& call, const Value& key) const;
  // How many elements come before `key`.
  std::size_t rank(Call& call, const Value& key) const;

  Value with(Call& call, Value key, Value value = {}) const;  // a set takes no value
  Value without(Call& call, const Value& key) const;
  Value emptied() const;
  // A map or set of common/edn with the same elements.
  Value plain(Call& call) const;

 private:
  struct Node;
  using NodePtr = std::shared_ptr<const Node>;
  class Change;

  Sorted(edn::Kind kind, Value comparator, NodePtr root, std::uint16_t levels);
  const Node* node_of(Call& call, const Value& key) const;
  const Node& node_at(std::size_t index) const;

  edn::Kind kind_;
  Value comparator_;
  Comparator compare_;
  NodePtr root_;
};

// The Sorted behind a value, or nullptr.
inline const Sorted* as_sorted(const Value& value) {
  if (!is_extension(value, ExtensionForm::sorted)) return nullptr;
  return static_cast<const Sorted*>(value.as_extension());
}

// Clojure's map? and set?: hashed or sorted.
inline bool is_any_map(const Value& value) {
  const Sorted* sorted = as_sorted(value);
  return value.is_map() || (sorted != nullptr && sorted->is_map());
}
inline bool is_any_set(const Value& value) {
  const Sorted* sorted = as_sorted(value);
  return value.is_set() || (sorted != nullptr && !sorted->is_map());
}

}  // namespace onyx::lang
