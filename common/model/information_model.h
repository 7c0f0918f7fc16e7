// The information model: one row per key that Onyx or this project gives a meaning, the source of
// validation, did-you-mean, `onyxctl doc`, defaults and docs.
//
// Shape:   static rows, grouped by section, in the order of the documentation. Keys are written
// without the colon
//          ("onyx/batch-size"), defaults and choices as EDN text. A row with `deprecated` is
//          refused when present, and `instead` says what replaces it.
// Source:  Onyx 0.14.6's information model with our own additions (marked `added` "onyxd").
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "common/edn/value.h"

namespace onyx::model {

enum class Section : std::uint8_t {
  job,
  catalog_entry,
  flow_condition,
  window,
  trigger,
  lifecycle,
  lifecycle_calls,
  resume_point,
  job_config,
  peer_config,
  daemon,
  file_plugin,
  seq_plugin,
  generator_plugin,
  state_aggregation,
  trigger_calls,
  state_refinement,
};

std::string_view name_of(Section section);  // "catalog entry"

// What the shape check of validation tests; `type_text` is for people.
enum class ValueType : std::uint8_t {
  any,
  boolean,
  string,
  integer,
  positive_integer,
  non_negative_integer,
  real,
  map,
  list,
  list_of_maps,
  list_of_keywords,
  list_of_strings,
  keyword,
  namespaced_keyword,
  task_name,
  function,
  string_or_uuid,
  keyword_or_uuid,
  checked_elsewhere,
};

enum class Need : std::uint8_t { required, optional, conditional };

// Bits of ModelKey::applies_to.
inline constexpr std::uint8_t kInput = 1;
inline constexpr std::uint8_t kFunction = 2;
inline constexpr std::uint8_t kOutput = 4;
inline constexpr std::uint8_t kReduce = 8;
inline constexpr std::uint8_t kEveryTask = 15;

struct ModelKey {
  Section section;
  std::string_view key;
  ValueType type = ValueType::any;
  std::string_view type_text;
  Need need = Need::optional;
  std::string_view required_when = {};
  std::string_view default_text = {};  // EDN; empty: none
  std::string_view choices = {};       // EDN vector; empty: free
  std::string_view unit = {};
  std::uint8_t applies_to = kEveryTask;  // catalog entries only
  std::string_view restrictions = {};
  std::string_view added = {};
  std::string_view deprecated = {};  // the version that removed it
  std::string_view instead = {};     // what to write instead of a removed key
  std::string_view rule = {};        // code of a finding about its absence or its type
  std::string_view doc = {};
  std::string_view notice = {};  // accepted, but without effect here: why (peer configuration)
};

std::span<const ModelKey> keys_of(Section section);
std::vector<const ModelKey*> all_keys();

// nullptr when the section has no such key.
const ModelKey* find_key(Section section, std::string_view key);
// Rows of every section with this key; a leading colon is ignored.
std::vector<const ModelKey*> find_keys(std::string_view key);

// nullopt when there is no default.
std::optional<edn::Value> default_of(Section section, std::string_view key);
// The choices as keywords without colon, in the order of the model.
std::vector<std::string_view> choices_of(const ModelKey& key);

}  // namespace onyx::model
