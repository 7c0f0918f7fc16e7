#include "daemon/query/replica_diff.h"

#include <algorithm>
#include <utility>

#include "daemon/replica/replica_edn.h"

namespace onyx::query {

using edn::Value;

namespace {

// A vector of maps that each have an :id, as a map by that id; none for anything else.
std::optional<Value> by_id(const Value& value) {
  if (!value.is_vector()) return std::nullopt;
  std::vector<std::pair<Value, Value>> entries;
  for (const Value& item : value.items()) {
    if (!item.is_map() || item.find("id") == nullptr) return std::nullopt;
    entries.emplace_back(item.get("id"), item);
  }
  return Value::map(std::move(entries));
}

// Names stay as they were written, for a replica and a job have an order for people; ids are sorted.
std::vector<Value> keys_of(const Value& map) {
  std::vector<Value> keys;
  for (const edn::Entry& entry : map.entries()) keys.push_back(entry.key);
  const bool has_ids = std::any_of(keys.begin(), keys.end(),
                                   [](const Value& key) { return key.is(edn::Kind::uuid); });
  if (has_ids) {
    std::sort(keys.begin(), keys.end(),
              [](const Value& a, const Value& b) { return edn::compare(a, b) < 0; });
  }
  return keys;
}

class Comparison {
 public:
  void compare(const Value& before, const Value& after) {
    if (before == after) return;
    if (before.is_map() && after.is_map()) return compare_maps(before, after);
    const auto old_items = by_id(before);
    const auto new_items = by_id(after);
    if (old_items && new_items) return compare_maps(*old_items, *new_items);
    changes_.push_back({path_, before, after});
  }

  std::vector<ReplicaChange> take() { return std::move(changes_); }

 private:
  void compare_maps(const Value& before, const Value& after) {
    for (const Value& key : keys_of(after)) {
      path_.push_back(key);
      if (const Value* old = before.find(key)) {
        compare(*old, *after.find(key));
      } else {
        changes_.push_back({path_, std::nullopt, *after.find(key)});
      }
      path_.pop_back();
    }
    for (const Value& key : keys_of(before)) {
      if (after.find(key) != nullptr) continue;
      path_.push_back(key);
      changes_.push_back({path_, *before.find(key), std::nullopt});
      path_.pop_back();
    }
  }

  std::vector<Value> path_;
  std::vector<ReplicaChange> changes_;
};

}  // namespace

std::vector<ReplicaChange> changes_between(const replica::Replica& before,
                                           const replica::Replica& after) {
  Comparison comparison;
  comparison.compare(replica::to_edn(before), replica::to_edn(after));
  std::vector<ReplicaChange> changes = comparison.take();
  std::erase_if(changes, [](const ReplicaChange& change) {
    return change.path.size() == 1 && change.path.front().is_keyword("version");
  });
  return changes;
}

}  // namespace onyx::query
