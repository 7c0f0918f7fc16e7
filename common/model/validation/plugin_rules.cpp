#include "common/model/validation/plugin_rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace onyx::model {
namespace {

constexpr std::string_view kLeafFunction = "onyx.peer.function/function";

// Values that types and choices cannot say.
void check_file_values(JobParts& parts, const EntryShape& entry) {
  if (const edn::Value* policy = entry.map().find("file/on-bad-line")) {
    const bool is_dead_letter =
        policy->is_map() && policy->count() == 1 && policy->get("to").is_string();
    if (!policy->is_keyword("fail") && !policy->is_keyword("skip") && !is_dead_letter) {
      auto& finding = parts.report.error(
          "CAT-31", entry.path_of("file/on-bad-line"),
          fmt::format(":file/on-bad-line must be :fail, :skip or {{:to \"path\"}}; found {}",
                      shown(*policy)));
      finding.label = "not a policy";
      finding.help = "onyxctl doc :file/on-bad-line";
    }
  }
  if (const edn::Value* types = entry.map().find("file/types");
      types != nullptr && types->is_map()) {
    constexpr std::string_view kTypes[] = {"long", "double", "string"};
    for (edn::Entry column : types->entries()) {
      if (column.value.is_keyword() && std::find(std::begin(kTypes), std::end(kTypes),
                                                 column.value.name()->text) != std::end(kTypes)) {
        continue;
      }
      auto& finding = parts.report.error(
          "CAT-31", entry.path_of("file/types") / column.key,
          fmt::format(
              "a type in :file/types must be :long, :double or :string; found {} for column {}",
              shown(column.value), shown(column.key)));
      finding.label = "not a type";
      if (column.value.is_keyword()) parts.report.suggest(column.value.name()->text, kTypes);
    }
  }
}

void check_own_keys(JobParts& parts, const EntryShape& entry, const PluginDeclaration& plugin) {
  for (const ModelKey& row : plugin.keys) {
    const edn::Value* value = entry.map().find(row.key);
    if (value == nullptr) {
      if (row.need != Need::required) continue;
      auto& finding =
          parts.report.error("CAT-31", entry.path_of(row.key),
                             fmt::format("the entry has no :{}, which :onyx/plugin :{} requires",
                                         row.key, plugin.name),
                             At::missing);
      finding.label = fmt::format("add :{}", row.key);
      finding.notes.emplace_back(row.doc);
      finding.help = fmt::format("onyxctl doc :{}", row.key);
      continue;
    }
    if (const auto expected = expected_instead(row.type, *value)) {
      auto& finding = parts.report.error(
          "CAT-31", entry.path_of(row.key),
          fmt::format(":{} must be {}; found {}", row.key, *expected, shown(*value)));
      finding.label = fmt::format("expected {}", *expected);
      finding.help = fmt::format("onyxctl doc :{}", row.key);
      continue;
    }
    check_choice(row, *value, entry.path_of(row.key), parts.report);
  }
  if (!plugin.is_namespace_closed) return;
  std::vector<std::string_view> known;
  for (const ModelKey& row : plugin.keys) known.push_back(row.key);
  for (edn::Entry e : entry.map().entries()) {
    if (!e.key.is_keyword() || e.key.name()->ns() != plugin.key_namespace) continue;
    const std::string_view name = e.key.name()->text;
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    auto& finding = parts.report.error(
        "CAT-31", entry.path_of(name),
        fmt::format(":onyx/plugin :{} has no key :{}", plugin.name, name), At::key);
    finding.label = "unknown key";
    parts.report.suggest(name, known);
  }
}

}  // namespace

void check_plugin(JobParts& parts, const EntryShape& entry, TaskType type) {
  if (entry.map().find("onyx/plugin") != nullptr && entry.is_bad("onyx/plugin")) return;
  const std::string_view name = entry.keyword("onyx/plugin");
  if (name.empty() || type == TaskType::function) return;
  if (name.find('/') == std::string_view::npos) {
    auto& finding = parts.report.error(
        type == TaskType::input ? "DOC-11" : "CAT-24", entry.path_of("onyx/plugin"),
        fmt::format(
            ":onyx/plugin must be a namespaced keyword such as :onyx.plugin.file/{}; found :{}",
            type == TaskType::input ? "input" : "output", name));
    finding.label = "expected a namespaced keyword";
    finding.help = "onyxctl doc :onyx/plugin";
    return;
  }
  const auto& plugins = parts.context.plugins;
  const auto plugin = std::find_if(plugins.begin(), plugins.end(),
                                   [&](const PluginDeclaration& p) { return p.name == name; });
  const bool needs_input = type == TaskType::input;
  if (plugin == plugins.end() || (needs_input ? !plugin->is_input : !plugin->is_output)) {
    std::vector<std::string_view> fitting;
    for (const PluginDeclaration& candidate : plugins) {
      if (needs_input ? candidate.is_input : candidate.is_output) fitting.push_back(candidate.name);
    }
    const std::string_view role = needs_input ? "input" : "output";
    auto& finding = parts.report.error(
        "CAT-30", entry.path_of("onyx/plugin"),
        plugin == plugins.end()
            ? fmt::format(":onyx/plugin names :{}, which is not a plugin of this daemon", name)
            : fmt::format(":onyx/plugin names :{}, which is not an {} plugin", name, role));
    finding.label =
        plugin == plugins.end() ? "no such plugin" : fmt::format("not an {} plugin", role);
    finding.notes.push_back(fmt::format("the {} plugins are {}", role, shown_keywords(fitting)));
    parts.report.suggest(name, fitting);
    return;
  }
  if (name == kLeafFunction && !entry.has("onyx/fn")) {
    auto& finding = parts.report.error(
        "CAT-31", entry.path_of("onyx/fn"),
        fmt::format("the entry has no :onyx/fn, which :onyx/plugin :{} requires", name),
        At::missing);
    finding.label = "add :onyx/fn";
    finding.help = "onyxctl doc :onyx/fn";
  }
  check_own_keys(parts, entry, *plugin);
  if (plugin->key_namespace == "file") check_file_values(parts, entry);
}

std::span<const PluginDeclaration> built_in_plugins() {
  static const PluginDeclaration plugins[] = {
      {"onyx.plugin.file/input", true, false, "file", true, keys_of(Section::file_plugin),
       "Reads segments from files: JSON lines, CSV, EDN lines or plain lines."},
      {"onyx.plugin.file/output", false, true, "file", true, keys_of(Section::file_plugin),
       "Writes segments to a file, which appears under its name when the job completes."},
      {"onyx.plugin.seq/input", true, false, "seq", false, keys_of(Section::seq_plugin),
       "Reads the segments of :seq/sequential, which are part of the job."},
      {"onyx.plugin.seq/output", false, true, "seq", false, keys_of(Section::seq_plugin),
       "Keeps the last segments for `onyxctl job output`."},
      {"onyx.plugin.generator/input", true, false, "generator", true,
       keys_of(Section::generator_plugin), "Makes segments, for benchmarks and trials."},
      {"onyx.plugin.null/output", false, true, "null", false, {}, "Swallows what it gets."},
      {kLeafFunction,
       false,
       true,
       "",
       false,
       {},
       "Runs the task's :onyx/fn and drops what it returns."},
  };
  return plugins;
}

}  // namespace onyx::model
