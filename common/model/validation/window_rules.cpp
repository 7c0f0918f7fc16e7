#include <fmt/format.h>

#include <algorithm>

#include "common/model/validation/quantity_rules.h"
#include "common/model/validation/rules.h"

namespace onyx::model {
namespace {

struct BuiltInAggregation {
  std::string_view name;
  bool needs_key;
  bool needs_init;
};

constexpr BuiltInAggregation kAggregations[] = {
    {"onyx.windowing.aggregation/conj", false, false},
    {"onyx.windowing.aggregation/count", false, false},
    {"onyx.windowing.aggregation/sum", true, false},
    {"onyx.windowing.aggregation/min", true, true},
    {"onyx.windowing.aggregation/max", true, true},
    {"onyx.windowing.aggregation/average", true, false},
    {"onyx.windowing.aggregation/collect-by-key", true, false},
    {"onyx.windowing.aggregation/collect-key-value", true, false},
};

constexpr std::string_view kAggregationNamespace = "onyx.windowing.aggregation/";

void check_unique_window_ids(JobParts& parts) {
  std::map<edn::Value, const EntryShape*, edn::ValueLess> seen;
  for (const EntryShape& window : parts.windows) {
    const edn::Value* id = window.good("window/id");
    if (id == nullptr) continue;
    const auto [first, is_new] = seen.emplace(*id, &window);
    if (is_new) continue;
    auto& finding = parts.report.error(
        "WIN-02", window.path_of("window/id"),
        fmt::format(":window/id must be unique, but {} is the id of another window too",
                    shown(*id)));
    finding.label = "again here";
    finding.related.push_back(
        {parts.report.place_of(first->second->path_of("window/id")), "first here"});
    finding.help = "rename one of the two";
  }
}

void check_window_task(JobParts& parts, const EntryShape& window) {
  const std::string_view task = window.keyword("window/task");
  if (task.empty() || !parts.is_catalog_whole) return;
  const Path path = window.path_of("window/task");
  if (!check_task(parts, "WIN-03", "window/task", task, path, parts.task_names, "catalog")) return;
  if (parts.is_workflow_whole && !parts.is_in_workflow(task)) {
    auto& finding = parts.report.error(
        "DOC-09", path, fmt::format(":window/task names :{}, which :workflow does not use", task));
    finding.label = "not in the workflow";
    parts.report.suggest(task, parts.workflow_tasks());
  }
}

edn::Diagnostic& refuse_key(JobParts& parts, const EntryShape& window, std::string_view code,
                            std::string_view key, std::string message) {
  auto& finding = parts.report.error(code, window.path_of(key), std::move(message), At::key);
  finding.label = "not on this type of window";
  finding.help = fmt::format("delete :{}", key);
  return finding;
}

edn::Diagnostic& ask_key(JobParts& parts, const EntryShape& window, std::string_view code,
                         std::string_view key, std::string message) {
  auto& finding = parts.report.error(code, window.path_of(key), std::move(message), At::missing);
  finding.label = fmt::format("add :{}", key);
  finding.notes.emplace_back(find_key(Section::window, key)->doc);
  finding.help = fmt::format("onyxctl doc :{}", key);
  return finding;
}

// Which of range, slide, gap and key a type of window has.
void check_keys_of_type(JobParts& parts, const EntryShape& window, std::string_view type) {
  const bool has_range = window.has("window/range");
  const bool has_slide = window.has("window/slide");
  if (type == "fixed") {
    if (!has_range)
      ask_key(parts, window, "WIN-07", "window/range", "Fixed windows must define a :window/range");
    if (has_slide) {
      refuse_key(parts, window, "WIN-09", "window/slide",
                 "Fixed windows cannot define a :window/slide")
          .help = "delete :window/slide, or make the window :sliding";
    }
  } else if (type == "sliding") {
    constexpr const char* kBoth =
        "Sliding windows must define both :window/range and :window/slide";
    if (!has_range) ask_key(parts, window, "WIN-07", "window/range", kBoth);
    if (!has_slide) ask_key(parts, window, "WIN-08", "window/slide", kBoth);
  } else {
    const bool is_global = type == "global";
    for (std::string_view key : {"window/range", "window/slide"}) {
      if (!window.has(key)) continue;
      refuse_key(parts, window, is_global ? "WIN-10" : "WIN-11", key,
                 fmt::format("{} windows cannot define a :window/range or :window/slide",
                             is_global ? "Global" : "Session"));
    }
  }
  if (type == "session" && !window.has("window/timeout-gap")) {
    ask_key(parts, window, "WIN-12", "window/timeout-gap",
            "Session windows must define a :window/timeout-gap");
  }
  if (type != "global" && !window.has("window/window-key")) {
    ask_key(parts, window, "WIN-13", "window/window-key",
            fmt::format("a window of :window/type :{} must define a :window/window-key", type));
  }
}

void check_window_key(JobParts& parts, const EntryShape& window) {
  const edn::Value* key = window.good("window/window-key");
  if (key == nullptr || (!key->is_list() && !key->is_nil())) return;
  auto& finding = parts.report.error(
      "WIN-13", window.path_of("window/window-key"),
      fmt::format(
          ":window/window-key must be a plain key of the segments, never a function; found {}",
          shown(*key)));
  finding.label = "not a key";
  finding.help = "put the value under a key in the task's :onyx/fn";
}

void check_extents(JobParts& parts, EntryShape& window) {
  const QuantityUse use{"WIN-06", "WIN-21"};
  const auto range = check_quantity(parts, window, "window/range", use);
  const auto slide = check_quantity(parts, window, "window/slide", use);
  check_quantity(parts, window, "window/timeout-gap", use);
  if (!range || !slide) return;
  const Path path = window.path_of("window/slide");
  if (range->family != slide->family) {
    auto& finding = parts.report.error(
        "WIN-14", path,
        fmt::format(":window/slide {} and :window/range {} are incompatible: both must be time, or "
                    "both elements",
                    shown(*window.good("window/slide")), shown(*window.good("window/range"))));
    finding.label = "another kind of unit";
    finding.related.push_back(
        {parts.report.place_of(window.path_of("window/range")), "than this one"});
    return;
  }
  if (window.keyword("window/type") != "sliding") return;
  if (slide->amount > range->amount) {
    parts.report
        .warning("WIN-21", path,
                 ":window/slide is greater than :window/range: segments between the extents belong "
                 "to none")
        .label = "leaves gaps";
  } else if (range->amount % slide->amount != 0) {
    parts.report
        .warning("WIN-21", path,
                 ":window/slide does not divide :window/range: segments belong to varying numbers "
                 "of extents")
        .label = "not a divisor";
  }
}

void check_storage(JobParts& parts, const EntryShape& window) {
  const edn::Value* strategy = window.good("window/storage-strategy");
  if (strategy == nullptr) return;
  const Path path = window.path_of("window/storage-strategy");
  const auto choices = choices_of(*find_key(Section::window, "window/storage-strategy"));
  std::set<std::string_view> kept;
  bool is_good = strategy->is_sequential();
  if (is_good) {
    for (const edn::Value& item : strategy->items()) {
      if (item.is_keyword() &&
          std::find(choices.begin(), choices.end(), item.name()->text) != choices.end()) {
        kept.insert(item.name()->text);
      } else {
        is_good = false;
      }
    }
  }
  if (!is_good) {
    auto& finding =
        parts.report.error("WIN-15", path,
                           fmt::format(":window/storage-strategy must be a vector of {}; found {}",
                                       shown_keywords(choices, "or"), shown(*strategy)));
    finding.label = "not a strategy";
    finding.help = "onyxctl doc :window/storage-strategy";
    return;
  }
  const std::string_view type = window.keyword("window/type");
  if (kept.contains("incremental") && kept.contains("extents")) {
    parts.report
        .error("WIN-17", path,
               ":window/storage-strategy cannot have both :incremental and :extents")
        .label = "they exclude each other";
  }
  if (type == "session" && !kept.contains("incremental") && !kept.contains("extents")) {
    auto& finding = parts.report.error(
        "WIN-16", path,
        "the :window/storage-strategy of a session window needs :incremental or :extents");
    finding.label = "nothing that can be merged";
    finding.help = "write [:incremental]";
  } else if (kept.contains("ordered-log") && (type == "session" || type == "sliding")) {
    auto& finding = parts.report.error(
        "WIN-22", path,
        fmt::format(":window/storage-strategy :ordered-log cannot be used with :window/type :{}",
                    type));
    finding.label = "not on this type of window";
    finding.help = "write [:incremental]";
  }
}

void need_init(JobParts& parts, const EntryShape& window, std::string_view aggregation) {
  const edn::Value* init = window.good("window/init");
  if (init != nullptr && init->is_truthy()) return;
  auto& finding = parts.report.error(
      "DOC-08", window.path_of("window/init"),
      fmt::format(
          "the window has no :window/init, which :{} requires: it has no initial state of its own",
          aggregation),
      init == nullptr ? At::missing : At::value);
  finding.label = "add :window/init";
  finding.help = "onyxctl doc :window/init";
}

void check_user_aggregation(JobParts& parts, const EntryShape& window, const edn::Value& name,
                            const Path& path) {
  const auto definition = check_function(
      parts, {"window/aggregation", "ADD-09", Expect::map, std::nullopt}, name, path);
  if (!definition) return;
  const auto has = [&](std::string_view key) {
    return std::find(definition->keys.begin(), definition->keys.end(), key) !=
           definition->keys.end();
  };
  for (const ModelKey& row : keys_of(Section::state_aggregation)) {
    if (row.need != Need::required || has(row.key)) continue;
    parts.report
        .error("ADD-09", path,
               fmt::format(":window/aggregation {} has no :{}, which an aggregation requires",
                           shown(name), row.key))
        .label = "incomplete";
  }
  if (!has("aggregation/init")) need_init(parts, window, name.name()->text);
}

void check_aggregation(JobParts& parts, const EntryShape& window) {
  const edn::Value* value = window.map().find("window/aggregation");
  if (value == nullptr) return;
  Path path = window.path_of("window/aggregation");
  const bool is_pair = value->is_vector() && value->count() == 2 && value->at(0).is_keyword() &&
                       (value->at(1).is_keyword() || value->at(1).is_string());
  if (!value->is_keyword() && !is_pair) {
    auto& finding = parts.report.error(
        "WIN-05", path,
        fmt::format(":window/aggregation must be a keyword, or [keyword segment-key]; found {}",
                    shown(*value)));
    finding.label = "not an aggregation";
    finding.help = "onyxctl doc :window/aggregation";
    return;
  }
  const edn::Value& name = is_pair ? value->at(0) : *value;
  if (is_pair) path = path / std::size_t{0};
  if (!is_namespaced_keyword(name)) {
    auto& finding = parts.report.error(
        "WIN-05", path,
        fmt::format(":window/aggregation must be a namespaced keyword; found {}", shown(name)));
    finding.label = "expected a namespaced keyword";
    std::vector<std::string_view> names;
    for (const BuiltInAggregation& a : kAggregations) names.push_back(a.name);
    parts.report.suggest(name.name()->text, names);
    return;
  }
  const std::string_view text = name.name()->text;
  const auto built_in = std::find_if(std::begin(kAggregations), std::end(kAggregations),
                                     [&](const BuiltInAggregation& a) { return a.name == text; });
  if (built_in != std::end(kAggregations)) {
    if (built_in->needs_key && !is_pair) {
      auto& finding = parts.report.error(
          "WIN-05", path,
          fmt::format(":window/aggregation :{} needs the key that it aggregates, [:{} :key]", text,
                      text));
      finding.label = "of which key?";
    }
    if (built_in->needs_init) need_init(parts, window, text);
    return;
  }
  if (text.starts_with(kAggregationNamespace)) {
    auto& finding = parts.report.error(
        "ADD-09", path,
        fmt::format(":window/aggregation names :{}, which is not an aggregation", text));
    finding.label = "no such aggregation";
    std::vector<std::string_view> names;
    for (const BuiltInAggregation& a : kAggregations) names.push_back(a.name);
    parts.report.suggest(text, names);
    return;
  }
  check_user_aggregation(parts, window, name, path);
}

// A task with windows has one slot's state per peer, so its number of peers is fixed unless key groups carry it.
void check_fixed_peers(JobParts& parts) {
  for (const auto& [task, windows] : parts.windows_of_task) {
    const EntryShape* entry = parts.catalog_entry(task);
    if (entry == nullptr || entry->has("onyx/group-by-key") || entry->has("onyx/group-by-fn"))
      continue;
    const auto n = entry->integer("onyx/n-peers");
    const auto min = entry->integer("onyx/min-peers");
    const auto max = entry->integer("onyx/max-peers");
    const bool counts_are_bad = entry->is_bad("onyx/n-peers") || entry->is_bad("onyx/min-peers") ||
                                entry->is_bad("onyx/max-peers");
    if (counts_are_bad) continue;
    if (!n && max != 1 && !(min && max && *min >= *max)) {
      auto& finding = parts.report.error(
          "ADD-01", entry->path_of("onyx/max-peers"),
          fmt::format("task :{} has windows and is not grouped, so it needs a fixed number of "
                      "peers: :onyx/n-peers, "
                      "equal :onyx/min-peers and :onyx/max-peers, or :onyx/max-peers 1",
                      task),
          entry->has("onyx/max-peers") ? At::value : At::missing);
      finding.label = "how many peers?";
      finding.related.push_back(
          {parts.report.place_of(windows.front()->path_of("window/task")), "its window"});
      finding.help = "add :onyx/max-peers 1, or group the task";
    } else if (n.value_or(max.value_or(1)) > 1) {
      auto& finding =
          parts.report.warning("ADD-02", entry->path_of("onyx/name"),
                               fmt::format("task :{} has windows and {} peers but no grouping: "
                                           "each peer sees a share of the segments in "
                                           "windows of its own",
                                           task, n.value_or(max.value_or(1))));
      finding.label = "several peers, not grouped";
      finding.help = "add :onyx/group-by-key, or :onyx/n-peers 1";
    }
  }
}

}  // namespace

void check_windows(JobParts& parts) {
  // A trigger whose window id is misspelt has its own finding; it may belong to any window.
  std::set<edn::Value, edn::ValueLess> ids;
  for (const EntryShape& window : parts.windows) {
    if (const edn::Value* id = window.good("window/id")) ids.insert(*id);
  }
  const bool some_trigger_is_astray =
      std::any_of(parts.triggers_of_window.begin(), parts.triggers_of_window.end(),
                  [&](const auto& of_window) { return !ids.contains(of_window.first); });
  check_unique_window_ids(parts);
  for (EntryShape& window : parts.windows) {
    check_window_task(parts, window);
    const std::string_view type = window.keyword("window/type");
    if (!type.empty()) check_keys_of_type(parts, window, type);
    check_window_key(parts, window);
    check_extents(parts, window);
    check_storage(parts, window);
    check_aggregation(parts, window);
    const edn::Value* id = window.good("window/id");
    if (id != nullptr && !some_trigger_is_astray && !parts.triggers_of_window.contains(*id)) {
      auto& finding = parts.report.warning(
          "ADD-04", window.path_of("window/id"),
          fmt::format("no trigger has :trigger/window-id {}: nothing ever reads this window",
                      shown(*id)));
      finding.label = "a window without a trigger";
    }
  }
  check_fixed_peers(parts);
}

}  // namespace onyx::model
