#include <fmt/format.h>

#include <algorithm>

#include "common/model/job.h"
#include "common/model/validation/plugin_rules.h"
#include "common/model/validation/rules.h"

namespace onyx::model {
namespace {

std::uint8_t bit_of(TaskType type) {
  switch (type) {
    case TaskType::input:
      return kInput;
    case TaskType::function:
      return kFunction;
    case TaskType::output:
      return kOutput;
    case TaskType::reduce:
      return kReduce;
  }
  return 0;
}

// "the task :inc" or "the entry", for messages about several keys.
std::string subject(const EntryShape& entry) {
  const std::string_view name = entry.keyword("onyx/name");
  return name.empty() ? std::string("this entry") : fmt::format("task :{}", name);
}

void missing(JobParts& parts, const EntryShape& entry, std::string_view code, std::string_view key,
             std::string_view why) {
  if (entry.has(key)) return;
  auto& finding = parts.report.error(
      code, entry.path_of(key), fmt::format("{} has no :{}, which {}", subject(entry), key, why),
      At::missing);
  finding.label = fmt::format("add :{}", key);
  if (const ModelKey* row = find_key(Section::catalog_entry, key))
    finding.notes.emplace_back(row->doc);
  finding.help = fmt::format("onyxctl doc :{}", key);
}

void check_name_lengths(JobParts& parts) {
  for (const EntryShape& entry : parts.catalog) {
    const std::size_t bytes = entry.keyword("onyx/name").size();
    if (bytes <= kNameBytesMax) continue;
    parts.report
        .error(
            "CAT-01", entry.path_of("onyx/name"),
            fmt::format(":onyx/name must be at most {} bytes long; found {}", kNameBytesMax, bytes))
        .label = "too long";
  }
}

void check_unique_names(JobParts& parts) {
  for (std::size_t i = 0; i < parts.catalog.size(); ++i) {
    const std::string_view name = parts.catalog[i].keyword("onyx/name");
    if (name.empty() || parts.catalog_index[name] == i) continue;
    auto& finding = parts.report.error(
        "CAT-02", parts.catalog[i].path_of("onyx/name"),
        fmt::format(
            ":onyx/name must be unique in the catalog, but :{} is the name of another entry too",
            name));
    finding.label = "again here";
    finding.related.push_back(
        {parts.report.place_of(parts.catalog[parts.catalog_index[name]].path_of("onyx/name")),
         "first here"});
    finding.help = "rename one of the two";
  }
}

// Keys that only other types of task have. False for a key that was reported.
void check_applicable_keys(JobParts& parts, EntryShape& entry, TaskType type) {
  for (edn::Entry e : entry.map().entries()) {
    if (!e.key.is_keyword()) continue;
    const ModelKey* row = find_key(Section::catalog_entry, e.key.name()->text);
    if (row == nullptr || (row->applies_to & bit_of(type)) != 0 || entry.is_bad(row->key)) continue;
    entry.mark_bad(row->key);
    auto& finding = parts.report.error(
        "CAT-10", entry.path_of(row->key),
        fmt::format(":{} is not allowed on a task of :onyx/type :{}", row->key, name_of(type)),
        At::key);
    finding.label = fmt::format("not on :{} tasks", name_of(type));
    finding.help = fmt::format("delete :{}", row->key);
  }
}

void check_peer_counts(JobParts& parts, const EntryShape& entry) {
  const auto min = entry.integer("onyx/min-peers");
  const auto max = entry.integer("onyx/max-peers");
  const auto n = entry.integer("onyx/n-peers");
  if (n && (entry.has("onyx/min-peers") || entry.has("onyx/max-peers"))) {
    const bool is_tolerated = !entry.has("onyx/min-peers") && n == 1 && max == 1;
    if (!is_tolerated) {
      const std::string_view other =
          entry.has("onyx/min-peers") ? "onyx/min-peers" : "onyx/max-peers";
      auto& finding =
          parts.report.error("CAT-18", entry.path_of("onyx/n-peers"),
                             fmt::format(":onyx/n-peers cannot be used with :onyx/min-peers or "
                                         ":onyx/max-peers ({} has :{} too)",
                                         subject(entry), other),
                             At::key);
      finding.label = "means min = max = n";
      finding.related.push_back(
          {parts.report.place_of(entry.path_of(other), At::key), "cannot stand beside it"});
      finding.help = fmt::format("delete :{}, or :onyx/n-peers", other);
      return;
    }
  }
  if (min && max && *min > *max) {
    auto& finding = parts.report.error("CAT-17", entry.path_of("onyx/min-peers"),
                                       fmt::format(":onyx/min-peers must be less than or equal to "
                                                   ":onyx/max-peers, but {} is greater than {}",
                                                   *min, *max));
    finding.label = fmt::format("the minimum is {}", *min);
    finding.related.push_back({parts.report.place_of(entry.path_of("onyx/max-peers")),
                               fmt::format("the maximum is {}", *max)});
    finding.help = fmt::format("raise :onyx/max-peers to {}, or use :onyx/n-peers {}", *min, *min);
  }
}

void check_flux_policy(JobParts& parts, const EntryShape& entry) {
  const std::string_view policy = entry.keyword("onyx/flux-policy");
  const bool has_n = entry.has("onyx/n-peers");
  const auto min = entry.integer("onyx/min-peers");
  const auto max = entry.integer("onyx/max-peers");
  if (policy == "kill" && !has_n && !entry.has("onyx/min-peers")) {
    auto& finding = parts.report.error(
        "CAT-14", entry.path_of("onyx/flux-policy"),
        fmt::format(
            ":onyx/flux-policy :kill needs :onyx/n-peers or :onyx/min-peers, and {} has neither",
            subject(entry)));
    finding.label = "below how many peers is the job killed?";
    finding.help = "add :onyx/min-peers";
  }
  const bool is_fixed = has_n || (min && max && *min == *max) || max == 1;
  const bool counts_are_bad = entry.is_bad("onyx/min-peers") || entry.is_bad("onyx/max-peers") ||
                              (min && max && *min > *max);
  if (policy == "recover" && !is_fixed && !counts_are_bad) {
    auto& finding =
        parts.report.error("CAT-15", entry.path_of("onyx/flux-policy"),
                           fmt::format(":onyx/flux-policy :recover needs a fixed number of peers "
                                       "for {}: :onyx/n-peers, or equal "
                                       ":onyx/min-peers and :onyx/max-peers, or :onyx/max-peers 1",
                                       subject(entry)));
    finding.label = "to how many peers is it refilled?";
    finding.help = "add :onyx/n-peers";
  }
}

void check_grouping(JobParts& parts, const EntryShape& entry) {
  const bool has_key = entry.has("onyx/group-by-key") && !entry.is_bad("onyx/group-by-key");
  const bool has_fn = entry.has("onyx/group-by-fn") && !entry.is_bad("onyx/group-by-fn");
  const edn::Value* key = entry.good("onyx/group-by-key");
  if (key != nullptr && (key->is_nil() || (key->is_sequential() && key->count() == 0))) {
    auto& finding = parts.report.error(
        "CAT-13", entry.path_of("onyx/group-by-key"),
        fmt::format(":onyx/group-by-key must be a key or a non-empty vector of keys; found {}",
                    shown(*key)));
    finding.label = "groups by nothing";
    finding.help = "delete :onyx/group-by-key";
  } else if (key != nullptr && key->is_list()) {
    auto& finding = parts.report.error(
        "CAT-13", entry.path_of("onyx/group-by-key"),
        fmt::format(":onyx/group-by-key takes a key or a vector of keys; found {}", shown(*key)));
    finding.label = "not a key";
    finding.help = "use :onyx/group-by-fn for a function";
  }
  if (has_key && has_fn) {
    auto& finding = parts.report.error(
        "DOC-01", entry.path_of("onyx/group-by-fn"),
        fmt::format(":onyx/group-by-fn and :onyx/group-by-key exclude each other, and {} has both",
                    subject(entry)),
        At::key);
    finding.label = "a second way of grouping";
    finding.related.push_back(
        {parts.report.place_of(entry.path_of("onyx/group-by-key"), At::key), "the first"});
    finding.help = "delete one of the two";
  }
  if (has_key || has_fn) {
    missing(parts, entry, "CAT-12", "onyx/flux-policy", "a grouped task requires");
    check_flux_policy(parts, entry);
  } else if (entry.good("onyx/flux-policy") != nullptr && !entry.has("onyx/group-by-key") &&
             !entry.has("onyx/group-by-fn")) {
    auto& finding = parts.report.error(
        "CAT-13", entry.path_of("onyx/flux-policy"),
        fmt::format(":onyx/flux-policy is not allowed on {}, which is not grouped", subject(entry)),
        At::key);
    finding.label = "without grouping";
    finding.help = "delete it, or add :onyx/group-by-key";
  }
}

void check_function_names(JobParts& parts, const EntryShape& entry) {
  const std::string_view task = entry.keyword("onyx/name");
  const bool is_native = entry.keyword("onyx/language") == "cpp";
  if (const edn::Value* fn = entry.good("onyx/fn"); fn != nullptr && !is_native) {
    FunctionUse use{"onyx/fn", "CAT-30", Expect::function, std::nullopt};
    const edn::Value* params = entry.good("onyx/params");
    // A lifecycle or the peer configuration may set the leading arguments.
    const bool others_may_set =
        std::any_of(parts.lifecycles.begin(), parts.lifecycles.end(), [&](const EntryShape& l) {
          const std::string_view of = l.keyword("lifecycle/task");
          return of == "all" || of == task;
        });
    if (!others_may_set && !parts.context.tasks_with_fn_params.contains(std::string(task)) &&
        !entry.is_bad("onyx/params")) {
      use.arguments = 1 + (params == nullptr ? 0 : params->count());
    }
    check_function(parts, use, *fn, entry.path_of("onyx/fn"));
  }
  if (const edn::Value* fn = entry.good("onyx/group-by-fn")) {
    check_function(parts, {"onyx/group-by-fn", "CAT-30", Expect::function, 1}, *fn,
                   entry.path_of("onyx/group-by-fn"));
  }
  if (const edn::Value* fn = entry.good("onyx/assign-watermark-fn")) {
    check_function(parts, {"onyx/assign-watermark-fn", "CAT-30", Expect::function, 1}, *fn,
                   entry.path_of("onyx/assign-watermark-fn"));
  }
}

void check_language(EntryShape& entry) {
  const edn::Value* language = entry.map().find("onyx/language");
  if (language == nullptr || !language->is_keyword("java")) return;
  // The choice was refused already; this says why.
  for (const char* key : {"onyx/fn", "onyx/plugin"}) entry.mark_bad(key);
}

// Types that the table cannot say: a batch timeout of 0, percentages over 99, the names of input plugins.
void check_values(JobParts& parts, const EntryShape& entry) {
  if (entry.integer("onyx/batch-timeout") == 0) {
    auto& finding = parts.report.error("DOC-03", entry.path_of("onyx/batch-timeout"),
                                       ":onyx/batch-timeout must be greater than 0; found 0");
    finding.label = "milliseconds, at least 1";
    finding.help = "delete it to get the default of 50";
  }
  if (const auto percentage = entry.integer("onyx/percentage"); percentage && *percentage > 99) {
    parts.report
        .error("DOC-02", entry.path_of("onyx/percentage"),
               fmt::format(":onyx/percentage must be from 1 to 99; found {}", *percentage))
        .label = "expected 1 to 99";
  }
}

void check_percentages(JobParts& parts) {
  const edn::Value* scheduler = parts.job.find("task-scheduler");
  if (scheduler == nullptr || !scheduler->is_keyword("onyx.task-scheduler/percentage")) return;
  std::int64_t sum = 0;
  for (const EntryShape& entry : parts.catalog) {
    missing(parts, entry, "DOC-02", "onyx/percentage",
            "the percentage task scheduler requires of every task");
    if (const auto percentage = entry.integer("onyx/percentage"); percentage && *percentage <= 99)
      sum += *percentage;
  }
  if (sum > 100) {
    parts.report
        .error(
            "DOC-02", Path("catalog"),
            fmt::format("the :onyx/percentage of all tasks must sum to at most 100; they sum to {}",
                        sum),
            At::key)
        .label = fmt::format("{} in all", sum);
  }
}

void check_colocation(JobParts& parts) {
  const edn::Value* scheduler = parts.job.find("task-scheduler");
  if (scheduler == nullptr || !scheduler->is_keyword("onyx.task-scheduler/colocated")) return;
  std::set<std::int64_t> maxima;
  for (const EntryShape& entry : parts.catalog) {
    const auto n = entry.integer("onyx/n-peers");
    maxima.insert(n ? *n : entry.integer("onyx/max-peers").value_or(0));
  }
  if (maxima.size() <= 1) return;
  auto& finding = parts.report.warning("ADD-05", Path("task-scheduler"),
                                       ":onyx.task-scheduler/colocated places one peer of every "
                                       "task on a machine, but :onyx/max-peers differs "
                                       "between the tasks");
  finding.label = "the smallest one decides";
}

std::int64_t least_peers_of(const EntryShape& entry) {
  return std::min<std::int64_t>(
      entry.integer("onyx/n-peers").value_or(entry.integer("onyx/min-peers").value_or(1)),
      1'000'000'000);
}

std::int64_t peers_with(const Context& context, const std::set<std::string>& tags) {
  std::int64_t peers = 0;
  for (const TaggedPeers& some : context.tagged_peers) {
    if (std::includes(some.tags.begin(), some.tags.end(), tags.begin(), tags.end()))
      peers += some.peers;
  }
  return peers;
}

void check_tagged_peers(JobParts& parts, const EntryShape& entry) {
  const edn::Value* wanted = entry.good("onyx/required-tags");
  if (wanted == nullptr || wanted->count() == 0) return;
  std::set<std::string> tags;
  for (const edn::Value& tag : wanted->items()) {
    if (tag.is_keyword()) tags.insert(tag.name()->text);
  }
  const std::int64_t needed = least_peers_of(entry);
  const std::int64_t there = peers_with(parts.context, tags);
  if (there >= needed) return;
  auto& finding = parts.report.warning(
      "ADD-06", entry.path_of("onyx/required-tags"),
      fmt::format("{} peer{} with these tags {} needed, and {} of {} {} them: the job will wait",
                  needed, needed == 1 ? "" : "s", needed == 1 ? "is" : "are", there,
                  *parts.context.peers, there == 1 ? "has" : "have"));
  finding.help = "start a daemon with these :onyx.peer/tags";
}

void check_enough_peers(JobParts& parts) {
  if (!parts.context.peers) return;
  std::int64_t needed = 0;
  for (std::string_view task : parts.workflow_tasks()) {
    const EntryShape& entry = *parts.catalog_entry(task);
    needed += least_peers_of(entry);
    check_tagged_peers(parts, entry);
  }
  if (needed <= *parts.context.peers) return;
  auto& finding =
      parts.report.warning("ADD-06", Path("catalog"),
                           fmt::format("the tasks of the :catalog need {} peers at least, and the "
                                       "cluster has {}: the job will wait",
                                       needed, *parts.context.peers),
                           At::key);
  finding.label = fmt::format("{} peers at least", needed);
  finding.help = fmt::format("onyxctl peer add {}", needed - *parts.context.peers);
}

}  // namespace

void check_catalog(JobParts& parts) {
  check_name_lengths(parts);
  check_unique_names(parts);
  for (EntryShape& entry : parts.catalog) {
    check_language(entry);
    check_peer_counts(parts, entry);
    check_values(parts, entry);
    const auto type = task_type(entry.keyword("onyx/type"));
    if (type) {
      check_applicable_keys(parts, entry, *type);
      const std::string because = fmt::format("a task of :onyx/type :{} requires", name_of(*type));
      if (*type == TaskType::input || *type == TaskType::output) {
        const std::string_view code = *type == TaskType::input ? "CAT-20" : "CAT-21";
        missing(parts, entry, code, "onyx/plugin", because);
        missing(parts, entry, code, "onyx/medium", because);
      }
      if (*type == TaskType::function) missing(parts, entry, "CAT-22", "onyx/fn", because);
      if (*type != TaskType::input) check_grouping(parts, entry);
      check_plugin(parts, entry, *type);
    }
    check_function_names(parts, entry);
  }
  check_percentages(parts);
  check_colocation(parts);
  check_enough_peers(parts);
}

}  // namespace onyx::model
