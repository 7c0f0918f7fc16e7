// One map of a document against the rows of its section: unknown keys, removed keys, absent keys, types and choices.
//
// Shape:   check() reports what is wrong and remembers which keys are; good() then gives a value only when its shape is
//          right, so that the semantic rules need no checks of their own.
#pragma once

#include <string_view>
#include <unordered_set>

#include "common/edn/value.h"
#include "common/model/information_model.h"
#include "common/model/validation/report.h"

namespace onyx::model {

// How a section's maps are judged.
struct SectionRules {
  Section section;
  std::string_view closed_namespace;  // "onyx"; empty: every unknown key is refused
  std::string_view missing_code;      // empty: the row's own
  std::string_view unknown_code;
};

class EntryShape {
 public:
  EntryShape(const edn::Value& map, Path path) : map_(&map), path_(std::move(path)) {}

  void check(const SectionRules& rules, Report& report);

  const edn::Value& map() const { return *map_; }
  const Path& path() const { return path_; }
  Path path_of(std::string_view key) const { return path_ / key; }

  bool has(std::string_view key) const { return map_->find(key) != nullptr; }
  // nullptr when the key is absent or its value has the wrong shape.
  const edn::Value* good(std::string_view key) const;
  bool is_true(std::string_view key) const;
  std::optional<std::int64_t> integer(std::string_view key) const;
  // The text of a keyword, without colon; empty otherwise.
  std::string_view keyword(std::string_view key) const;

  void mark_bad(std::string_view key) { bad_.emplace(key); }
  bool is_bad(std::string_view key) const { return bad_.contains(std::string(key)); }

 private:
  void check_present(const ModelKey& row, const edn::Value& value, Report& report);
  void check_unknown(const SectionRules& rules, const edn::Value& key, Report& report);

  const edn::Value* map_;
  Path path_;
  std::unordered_set<std::string> bad_;
};

// What the value should have been ("a positive integer"), or nothing when it is of this type.
std::optional<std::string> expected_instead(ValueType type, const edn::Value& value);

// `key` must be one of the row's choices: reports and gives false when it is not.
bool check_choice(const ModelKey& row, const edn::Value& value, const Path& path, Report& report);

// An inline function: a list that begins with the symbol fn.
bool is_inline_function(const edn::Value& value);
bool is_namespaced_keyword(const edn::Value& value);
bool is_task_name(const edn::Value& value);  // a keyword other than :all and :none
// A UUID, or its text in any case.
bool is_uuid(const edn::Value& value);

}  // namespace onyx::model
