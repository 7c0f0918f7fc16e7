// Reading typed fields out of EDN maps: the first thing that is wrong is remembered, reading goes on with a default.
//
// Shape:   ids that are UUIDs are #uuid in EDN, others keywords (a string where a keyword cannot be written); reading
//          takes any of the three. A missing field gives the default; `required` ones an error.
// Errors:  error() says which field, what was found and what was meant; empty when all was well.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/ids.h"
#include "common/edn/value.h"

namespace onyx::replica {

edn::Value id_to_edn(std::string_view text);
std::optional<std::string> id_from_edn(const edn::Value& value);

inline edn::Value to_edn(const UuidOrText& id) { return id_to_edn(id.text()); }
inline edn::Value to_edn(const TaskId& id) { return id_to_edn(id.text()); }

template <class Id>
edn::Value ids_to_edn(const std::vector<Id>& ids) {
  std::vector<edn::Value> items;
  items.reserve(ids.size());
  for (const Id& id : ids) items.push_back(to_edn(id));
  return edn::Value::vector(std::move(items));
}

edn::Value keywords_to_edn(const std::vector<std::string>& texts);  // a vector of keywords

// Puts the fields of one map together; nil values may be left out.
class MapBuilder {
 public:
  MapBuilder& put(std::string_view key, edn::Value value) {
    entries_.emplace_back(edn::Value::keyword(key), std::move(value));
    return *this;
  }
  MapBuilder& put(edn::Value key, edn::Value value) {
    entries_.emplace_back(std::move(key), std::move(value));
    return *this;
  }
  edn::Value build() { return edn::Value::map(std::move(entries_)); }

 private:
  std::vector<std::pair<edn::Value, edn::Value>> entries_;
};

class Fields {
 public:
  // `what` begins every message: "args of :submit-job".
  Fields(const edn::Value& map, std::string what);

  bool has(std::string_view key) const { return !value(key).is_nil(); }
  const edn::Value& value(std::string_view key) const;

  std::string id(std::string_view key);           // required
  std::string optional_id(std::string_view key);  // empty when missing
  std::string text(std::string_view key);         // string; empty when missing
  std::string keyword(std::string_view key);      // its text; empty when missing
  std::optional<std::int64_t> integer(std::string_view key);
  std::int64_t integer(std::string_view key, std::int64_t otherwise);
  std::vector<std::string> ids(
      std::string_view key);  // of a vector, list or set; empty when missing
  std::vector<std::string> keywords(std::string_view key);  // sorted, distinct

  // The map at `key`, entry by entry: f(id text, value).
  template <class F>
  void each(std::string_view key, F&& f) {
    const edn::Value& map = value(key);
    if (map.is_nil()) return;
    if (!map.is_map()) return wrong(key, map, "a map");
    for (const edn::Entry& entry : map.entries()) {
      const auto id = id_from_edn(entry.key);
      if (!id) return wrong(key, entry.key, "an id as key");
      f(*id, entry.value);
    }
  }

  void wrong(std::string_view key, const edn::Value& found, std::string_view meant);
  void fail(std::string message);
  bool ok() const { return error_.empty(); }
  const std::string& error() const { return error_; }

 private:
  const edn::Value* map_;
  std::string what_;
  std::string error_;
};

}  // namespace onyx::replica
