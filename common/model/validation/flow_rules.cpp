#include <fmt/format.h>

#include <algorithm>

#include "common/model/validation/rules.h"

namespace onyx::model {
namespace {

std::vector<std::string_view> successors_of(JobParts& parts, std::string_view from) {
  const auto found = parts.successors.find(from);
  return found == parts.successors.end() ? std::vector<std::string_view>() : found->second;
}

// `from` as written; empty when it is no keyword or names no task.
std::string_view check_from(JobParts& parts, EntryShape& entry) {
  const edn::Value* from = entry.map().find("flow/from");
  if (from == nullptr) return {};
  const Path path = entry.path_of("flow/from");
  if (!from->is_keyword() || from->is_keyword("none")) {
    auto& finding = parts.report.error(
        "FLOW-02", path,
        fmt::format(":flow/from must be a task of the workflow or :all; found {}", shown(*from)));
    finding.label = "not a task";
    finding.help = "onyxctl doc :flow/from";
    return {};
  }
  const std::string_view name = from->name()->text;
  if (name == "all" || !parts.is_workflow_whole) return name;
  const auto& tasks = parts.workflow_tasks();
  return check_task(parts, "FLOW-02", "flow/from", name, path, tasks, "workflow")
             ? name
             : std::string_view();
}

// :flow/to and :flow/predicate-errors-to: `shape_code` for what is no set of tasks, FLOW-04 or -05 for its elements.
void check_targets(JobParts& parts, EntryShape& entry, std::string_view key,
                   std::string_view shape_code, std::string_view task_code, std::string_view from) {
  const edn::Value* to = entry.map().find(key);
  if (to == nullptr || to->is_keyword("all") || to->is_keyword("none")) return;
  const Path path = entry.path_of(key);
  if (!to->is_sequential()) {
    entry.mark_bad(key);
    auto& finding = parts.report.error(
        shape_code, path,
        fmt::format(":{} must be :all, :none or a vector of tasks; found {}", key, shown(*to)));
    finding.label = "expected a vector";
    if (to->is_keyword()) {
      finding.did_you_mean.push_back(fmt::format("[:{}]", to->name()->text));
      finding.help = fmt::format("write :{} [:{}]", key, to->name()->text);
    } else {
      finding.help = fmt::format("onyxctl doc :{}", key);
    }
    return;
  }
  const bool is_from_all = from == "all";
  std::vector<std::string_view> allowed;
  if (is_from_all) {
    allowed = parts.workflow_tasks();
  } else if (!from.empty()) {
    allowed = successors_of(parts, from);
  }
  std::size_t index = 0;
  for (const edn::Value& task : to->items()) {
    const Path at = path / index++;
    if (!is_task_name(task)) {
      auto& finding = parts.report.error(
          shape_code, at,
          fmt::format("the tasks of :{} must be keywords other than :all and :none; found {}", key,
                      shown(task)));
      finding.label = "not a task";
      if (task.is_keyword()) finding.help = fmt::format("write :{} {}", key, shown(task));
      continue;
    }
    if (from.empty() || !parts.is_workflow_whole) continue;
    const std::string_view name = task.name()->text;
    if (std::find(allowed.begin(), allowed.end(), name) != allowed.end()) continue;
    if (is_from_all) {
      check_task(parts, task_code == "FLOW-04" ? "FLOW-05" : task_code, key, name, at, allowed,
                 "workflow");
      continue;
    }
    auto& finding = parts.report.error(task_code, at,
                                       fmt::format(":{} names :{}, which is not connected to :{}: "
                                                   "it is not directly downstream in :workflow",
                                                   key, name, from));
    finding.label = fmt::format("no edge from :{}", from);
    if (allowed.empty()) {
      finding.notes.push_back(fmt::format("nothing is downstream of :{}", from));
    } else {
      finding.notes.push_back(
          fmt::format("directly downstream of :{} are {}", from, shown_keywords(allowed)));
    }
    parts.report.suggest(name, allowed);
  }
}

class PredicateRules {
 public:
  PredicateRules(JobParts& parts, const EntryShape& entry) : parts_(parts), entry_(entry) {}

  void check(const edn::Value& form, const Path& path, std::size_t depth = 0) {
    if (depth > kDepthMax) {
      token(path, form, fmt::format("is nested deeper than {}", kDepthMax));
    } else if (is_inline_function(form)) {
      call(form, path, 0);
    } else if (form.is_keyword()) {
      if (is_logical(form)) {
        token(path, form,
              fmt::format("must stand in a vector with its parts, [{} ...]", shown(form)));
      } else {
        call(form, path, 0);
      }
    } else if (form.is_vector() && form.count() > 0) {
      vector(form, path, depth);
    } else {
      token(path, form,
            "is not a predicate: a keyword, [predicate & parameter-keys] or [:and|:or|:not ...]");
    }
  }

 private:
  static constexpr std::size_t kDepthMax = 100;

  static bool is_logical(const edn::Value& v) {
    return v.is_keyword("and") || v.is_keyword("or") || v.is_keyword("not");
  }

  void token(const Path& path, const edn::Value& found, std::string_view problem) {
    auto& finding = parts_.report.error(
        "FLOW-07", path, fmt::format("{} in :flow/predicate {}", shown(found), problem));
    finding.label = "not a predicate";
    finding.help = "onyxctl doc :flow/predicate";
  }

  void absent_parameter(const edn::Value& key, const Path& path) {
    token(path, key, "is a parameter, but this flow condition has no such key");
    if (!key.is_keyword()) return;
    std::vector<std::string_view> own;
    for (edn::Entry entry : entry_.map().entries()) {
      if (entry.key.is_keyword() && entry.key.name()->ns() != "flow")
        own.push_back(entry.key.name()->text);
    }
    parts_.report.suggest(key.name()->text, own);
  }

  void vector(const edn::Value& form, const Path& path, std::size_t depth) {
    const edn::Value& head = form.at(0);
    if (is_logical(head)) {
      const std::size_t parts = form.count() - 1;
      if (head.is_keyword("not") ? parts != 1 : parts < 2) {
        token(path, form,
              head.is_keyword("not") ? "must have exactly one part after :not"
                                     : "must have two or more parts");
      }
      for (std::size_t i = 1; i < form.count(); ++i) check(form.at(i), path / i, depth + 1);
      return;
    }
    if (!head.is_keyword() && !is_inline_function(head)) {
      token(path / std::size_t{0}, head, "must be a predicate's name, :and, :or or :not");
      return;
    }
    call(head, path / std::size_t{0}, form.count() - 1);
    for (std::size_t i = 1; i < form.count(); ++i) {
      const edn::Value& key = form.at(i);
      if (key.is_sequential() || key.is_map()) {
        token(path / i, key, "must be a parameter, which is a key of this flow condition");
      } else if (entry_.map().find(key) == nullptr) {
        absent_parameter(key, path / i);
      }
    }
  }

  void call(const edn::Value& function, const Path& path, std::size_t parameters) {
    if (function.is_keyword() && !is_namespaced_keyword(function)) {
      token(path, function, "must be a namespaced keyword such as :my.app/late?");
      return;
    }
    check_function(parts_, {"flow/predicate", "DOC-10", Expect::function, 4 + parameters}, function,
                   path);
  }

  JobParts& parts_;
  const EntryShape& entry_;
};

void check_predicate(JobParts& parts, EntryShape& entry) {
  const edn::Value* predicate = entry.map().find("flow/predicate");
  if (predicate == nullptr) return;
  const Path path = entry.path_of("flow/predicate");
  if (!predicate->is_keyword() && !predicate->is_vector() && !is_inline_function(*predicate)) {
    auto& finding = parts.report.error("FLOW-06", path,
                                       fmt::format(":flow/predicate must be a keyword, a vector or "
                                                   "an inline (fn [...] ...) form; found {}",
                                                   shown(*predicate)));
    finding.label = "not a predicate";
    finding.help = "onyxctl doc :flow/predicate";
    return;
  }
  PredicateRules(parts, entry).check(*predicate, path);
}

void check_combinations(JobParts& parts, const EntryShape& entry) {
  const edn::Value* to = entry.good("flow/to");
  const bool short_circuits = entry.is_true("flow/short-circuit?");
  const bool short_circuit_is_bad = entry.is_bad("flow/short-circuit?");
  const bool is_special = to != nullptr && (to->is_keyword("all") || to->is_keyword("none"));
  if (is_special && !short_circuits && !short_circuit_is_bad) {
    auto& finding = parts.report.error(
        "FLOW-11", entry.path_of("flow/to"),
        fmt::format(":flow/to {} requires :flow/short-circuit? to be true", shown(*to)));
    finding.label = "needs :flow/short-circuit? true";
    finding.help = "add :flow/short-circuit? true";
  }
  const bool is_for_exceptions = entry.is_true("flow/thrown-exception?");
  if (is_for_exceptions && !short_circuits && !short_circuit_is_bad && !is_special) {
    auto& finding =
        parts.report.error("DOC-04", entry.path_of("flow/thrown-exception?"),
                           ":flow/thrown-exception? true requires :flow/short-circuit? to be true");
    finding.label = "needs :flow/short-circuit? true";
    finding.help = "add :flow/short-circuit? true";
  }
  if (const edn::Value* transform = entry.good("flow/post-transform")) {
    if (!is_for_exceptions && !entry.is_bad("flow/thrown-exception?") &&
        !entry.has("flow/predicate-errors-to")) {
      auto& finding = parts.report.error("DOC-05", entry.path_of("flow/post-transform"),
                                         ":flow/post-transform is called for exceptions only: it "
                                         "needs :flow/thrown-exception? true or "
                                         ":flow/predicate-errors-to",
                                         At::key);
      finding.label = "never called";
      finding.help = "delete it, or add :flow/thrown-exception? true";
    }
    check_function(parts, {"flow/post-transform", "DOC-10", Expect::function, 3}, *transform,
                   entry.path_of("flow/post-transform"));
  }
  if (entry.good("flow/action") != nullptr) {
    auto& finding = parts.report.error("DOC-06", entry.path_of("flow/action"),
                                       ":flow/action :retry is refused: segments are not retried "
                                       "one by one, Onyx drops them since 0.10");
    finding.label = "would drop the segment";
    finding.help = "delete it; to drop segments on purpose, write :flow/to :none";
  }
}

// Order among the entries of one :flow/from; those for exceptions never meet the others.
void check_order(JobParts& parts, const std::vector<const EntryShape*>& group) {
  const EntryShape* previous = nullptr;
  const EntryShape* first_without = nullptr;
  bool previous_is_leading_all = false;
  for (const EntryShape* entry : group) {
    const edn::Value* to = entry->good("flow/to");
    const bool is_all = to != nullptr && to->is_keyword("all");
    const bool is_none = to != nullptr && to->is_keyword("none");
    const bool is_first = previous == nullptr;
    const bool short_circuits = entry->is_true("flow/short-circuit?");
    const auto misplaced = [&](std::string_view code, std::string message,
                               const EntryShape& before) {
      auto& finding = parts.report.error(code, entry->path(), std::move(message));
      finding.label = "comes too late";
      finding.related.push_back({parts.report.place_of(before.path()), "stands before it"});
      const auto index_of = [](const EntryShape& e) {
        return e.path().elements().back().as_integer();
      };
      finding.help = fmt::format("move :flow-conditions {} in front of {}", index_of(*entry),
                                 index_of(before));
    };
    const std::string from = fmt::format(":flow/from :{}", entry->keyword("flow/from"));
    if (is_all && !is_first) {
      misplaced("FLOW-08",
                fmt::format("the entry with :flow/to :all must be the first one of {}", from),
                *group.front());
    } else if (is_none && !is_first && !previous_is_leading_all) {
      misplaced("FLOW-09",
                fmt::format("the entry with :flow/to :none must be the first one of {}, or follow "
                            "the one with :all",
                            from),
                *group.front());
    } else if (short_circuits && first_without != nullptr) {
      misplaced(
          "FLOW-10",
          fmt::format("entries with :flow/short-circuit? true must stand before all others of {}",
                      from),
          *first_without);
    }
    // An :all or :none without short-circuit has its own finding.
    if (!short_circuits && !is_all && !is_none && first_without == nullptr) first_without = entry;
    previous_is_leading_all = is_all && is_first;
    previous = entry;
  }
}

}  // namespace

void check_flow_conditions(JobParts& parts) {
  std::map<std::pair<std::string_view, bool>, std::vector<const EntryShape*>> groups;
  for (EntryShape& entry : parts.flow_conditions) {
    const std::string_view from = check_from(parts, entry);
    check_targets(parts, entry, "flow/to", "FLOW-03", "FLOW-04", from);
    check_targets(parts, entry, "flow/predicate-errors-to", "FLOW-13", "FLOW-13", from);
    check_predicate(parts, entry);
    check_combinations(parts, entry);
    if (!from.empty()) groups[{from, entry.is_true("flow/thrown-exception?")}].push_back(&entry);
  }
  for (const auto& [key, group] : groups) check_order(parts, group);
}

}  // namespace onyx::model
