#include "common/model/information_model.h"

#include <array>
#include <unordered_map>

#include "common/base/check.h"
#include "common/edn/reader.h"
#include "common/model/keys/keys.h"

namespace onyx::model {
namespace {

constexpr Section kSections[] = {
    Section::job,           Section::catalog_entry,    Section::flow_condition,
    Section::window,        Section::trigger,          Section::lifecycle,
    Section::resume_point,  Section::job_config,       Section::file_plugin,
    Section::seq_plugin,    Section::generator_plugin,    Section::lifecycle_calls,  Section::state_aggregation,
    Section::trigger_calls, Section::state_refinement, Section::peer_config,
    Section::daemon,
};

struct SectionIndex {
  std::array<std::unordered_map<std::string_view, const ModelKey*>, std::size(kSections)> rows;

  SectionIndex() {
    for (Section section : kSections) {
      for (const ModelKey& row : keys_of(section)) {
        rows[static_cast<std::size_t>(section)].emplace(row.key, &row);
      }
    }
  }
};

const SectionIndex& section_index() {
  static const SectionIndex index;
  return index;
}

}  // namespace

std::string_view name_of(Section section) {
  switch (section) {
    case Section::job:
      return "job";
    case Section::catalog_entry:
      return "catalog entry";
    case Section::flow_condition:
      return "flow condition";
    case Section::window:
      return "window";
    case Section::trigger:
      return "trigger";
    case Section::lifecycle:
      return "lifecycle";
    case Section::lifecycle_calls:
      return "lifecycle calls";
    case Section::resume_point:
      return "resume definition";
    case Section::job_config:
      return "job configuration";
    case Section::peer_config:
      return "peer configuration";
    case Section::daemon:
      return "daemon configuration";
    case Section::file_plugin:
      return "file task";
    case Section::seq_plugin:
      return "seq task";
    case Section::generator_plugin:
      return "generator plugin";
    case Section::state_aggregation:
      return "aggregation";
    case Section::trigger_calls:
      return "trigger map";
    case Section::state_refinement:
      return "refinement";
  }
  ONYX_CHECK(false, "section {}", static_cast<int>(section));
}

std::span<const ModelKey> keys_of(Section section) {
  switch (section) {
    case Section::job:
      return keys::job_keys();
    case Section::catalog_entry:
      return keys::catalog_keys();
    case Section::flow_condition:
      return keys::flow_keys();
    case Section::window:
      return keys::window_keys();
    case Section::trigger:
      return keys::trigger_keys();
    case Section::lifecycle:
      return keys::lifecycle_keys();
    case Section::lifecycle_calls:
      return keys::lifecycle_calls_keys();
    case Section::resume_point:
      return keys::resume_point_keys();
    case Section::job_config:
      return keys::job_config_keys();
    case Section::peer_config:
      return keys::peer_config_keys();
    case Section::daemon:
      return keys::daemon_keys();
    case Section::file_plugin:
      return keys::file_plugin_keys();
    case Section::seq_plugin:
      return keys::seq_plugin_keys();
    case Section::generator_plugin:
      return keys::generator_plugin_keys();
    case Section::state_aggregation:
      return keys::state_aggregation_keys();
    case Section::trigger_calls:
      return keys::trigger_calls_keys();
    case Section::state_refinement:
      return keys::state_refinement_keys();
  }
  ONYX_CHECK(false, "section {}", static_cast<int>(section));
}

std::vector<const ModelKey*> all_keys() {
  std::vector<const ModelKey*> rows;
  for (Section section : kSections) {
    for (const ModelKey& row : keys_of(section)) rows.push_back(&row);
  }
  return rows;
}

const ModelKey* find_key(Section section, std::string_view key) {
  const auto& rows = section_index().rows[static_cast<std::size_t>(section)];
  const auto found = rows.find(key);
  return found == rows.end() ? nullptr : found->second;
}

std::vector<const ModelKey*> find_keys(std::string_view key) {
  if (!key.empty() && key.front() == ':') key.remove_prefix(1);
  std::vector<const ModelKey*> rows;
  for (Section section : kSections) {
    if (const ModelKey* row = find_key(section, key)) rows.push_back(row);
  }
  return rows;
}

std::optional<edn::Value> default_of(Section section, std::string_view key) {
  const ModelKey* row = find_key(section, key);
  if (row == nullptr || row->default_text.empty()) return std::nullopt;
  auto value = edn::read(row->default_text);
  ONYX_CHECK(value.has_value(), "default of {}: {}", key, row->default_text);
  return std::move(*value);
}

std::vector<std::string_view> choices_of(const ModelKey& key) {
  std::vector<std::string_view> choices;
  std::string_view text = key.choices;
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) break;
    text.remove_prefix(colon + 1);
    const std::size_t end = text.find_first_of(" ]");
    choices.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
  }
  return choices;
}

}  // namespace onyx::model
