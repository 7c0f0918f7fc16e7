#include <fmt/format.h>

#include <algorithm>

#include "common/model/validation/quantity_rules.h"
#include "common/model/validation/rules.h"

namespace onyx::model {
namespace {

constexpr std::string_view kTriggers[] = {
    "onyx.triggers/segment",
    "onyx.triggers/timer",
    "onyx.triggers/punctuation",
    "onyx.triggers/watermark",
    "onyx.triggers/percentile-watermark",
};

void check_window_id(JobParts& parts, const EntryShape& trigger) {
  const edn::Value* id = trigger.good("trigger/window-id");
  if (id == nullptr) return;
  std::vector<std::string_view> known;
  for (const EntryShape& window : parts.windows) {
    const edn::Value* window_id = window.good("window/id");
    if (window_id == nullptr) continue;
    if (*window_id == *id) return;
    if (window_id->is_keyword()) known.push_back(window_id->name()->text);
  }
  auto& finding = parts.report.error(
      "TRG-02", trigger.path_of("trigger/window-id"),
      fmt::format(":trigger/window-id {} is not the :window/id of any window", shown(*id)));
  finding.label = "no such window";
  if (!known.empty())
    finding.notes.push_back(fmt::format("the windows are {}", shown_keywords(known)));
  if (id->is_keyword()) parts.report.suggest(id->name()->text, known);
}

void check_unique_trigger_ids(JobParts& parts) {
  for (const auto& [window, triggers] : parts.triggers_of_window) {
    std::map<edn::Value, const EntryShape*, edn::ValueLess> seen;
    for (const EntryShape* trigger : triggers) {
      const edn::Value* id = trigger->good("trigger/id");
      if (id == nullptr) continue;
      const auto [first, is_new] = seen.emplace(*id, trigger);
      if (is_new) continue;
      auto& finding =
          parts.report.error("TRG-03", trigger->path_of("trigger/id"),
                             fmt::format(":trigger/id must be unique within a window, but {} is "
                                         "the id of another trigger of window {} too",
                                         shown(*id), shown(window)));
      finding.label = "again here";
      finding.related.push_back(
          {parts.report.place_of(first->second->path_of("trigger/id")), "first here"});
      finding.help = "rename one of the two";
    }
  }
}

void check_state_context(JobParts& parts, EntryShape& trigger) {
  const edn::Value* value = trigger.good("trigger/state-context");
  if (value == nullptr) return;
  constexpr std::string_view kChoices[] = {"window-state", "trigger-state", "watermark"};
  bool is_good = value->is_sequential();
  if (is_good) {
    for (const edn::Value& item : value->items()) {
      is_good = is_good && item.is_keyword() &&
                std::find(std::begin(kChoices), std::end(kChoices), item.name()->text) !=
                    std::end(kChoices);
    }
  }
  if (is_good) return;
  trigger.mark_bad("trigger/state-context");
  auto& finding =
      parts.report.error("TRG-07", trigger.path_of("trigger/state-context"),
                         fmt::format(":trigger/state-context must be a vector of {}; found {}",
                                     shown_keywords(kChoices, "or"), shown(*value)));
  finding.label = "not a state context";
  finding.help = "onyxctl doc :trigger/state-context";
}

void check_trigger_values(JobParts& parts, const EntryShape& trigger) {
  if (const edn::Value* evictor = trigger.good("trigger/post-evictor")) {
    const bool is_good = evictor->is_sequential() && evictor->count() == 1 &&
                         (evictor->at(0).is_keyword("all") || evictor->at(0).is_keyword("none"));
    if (!is_good) {
      auto& finding = parts.report.error(
          "TRG-08", trigger.path_of("trigger/post-evictor"),
          fmt::format(":trigger/post-evictor must be [:all] or [:none]; found {}",
                      shown(*evictor)));
      finding.label = "not an evictor";
      if (evictor->is_keyword("all") || evictor->is_keyword("none")) {
        finding.did_you_mean.push_back(fmt::format("[{}]", shown(*evictor)));
      }
    }
  }
  if (const edn::Value* percentage = trigger.good("trigger/watermark-percentage")) {
    const Path path = trigger.path_of("trigger/watermark-percentage");
    if (!percentage->is_real()) {
      auto& finding = parts.report.error(
          "TRG-09", path,
          fmt::format(":trigger/watermark-percentage must be a floating-point number; found {}",
                      shown(*percentage)));
      finding.label = "expected 0.0 to 1.0";
      if (percentage->is_integer() &&
          (percentage->as_integer() == 0 || percentage->as_integer() == 1)) {
        finding.did_you_mean.push_back(fmt::format("{}.0", percentage->as_integer()));
      }
    } else if (!(percentage->as_real() >= 0.0 && percentage->as_real() <= 1.0)) {
      parts.report
          .error("DOC-07", path,
                 fmt::format(":trigger/watermark-percentage must be from 0.0 to 1.0; found {}",
                             shown(*percentage)))
          .label = "expected 0.0 to 1.0";
    }
  }
}

void ask_key(JobParts& parts, const EntryShape& trigger, std::string_view key) {
  if (trigger.has(key)) return;
  auto& finding =
      parts.report.error("DOC-07", trigger.path_of(key),
                         fmt::format("the trigger has no :{}, which :trigger/on :{} requires", key,
                                     trigger.keyword("trigger/on")),
                         At::missing);
  finding.label = fmt::format("add :{}", key);
  finding.notes.emplace_back(find_key(Section::trigger, key)->doc);
  finding.help = fmt::format("onyxctl doc :{}", key);
}

// The watermark triggers have no state of their own, so they can only look at the window's.
void check_watermark_context(JobParts& parts, const EntryShape& trigger) {
  if (trigger.is_bad("trigger/state-context")) return;
  const edn::Value* context = trigger.good("trigger/state-context");
  bool has_window_state = false;
  bool has_trigger_state = context == nullptr;
  if (context != nullptr) {
    for (const edn::Value& item : context->items()) {
      has_window_state = has_window_state || item.is_keyword("window-state");
      has_trigger_state = has_trigger_state || item.is_keyword("trigger-state");
    }
  }
  if (has_window_state && !has_trigger_state) return;
  auto& finding =
      parts.report.error("TRG-11", trigger.path_of("trigger/state-context"),
                         fmt::format(":trigger/state-context must be [:window-state] with "
                                     ":trigger/on :{}, which has no state of its own",
                                     trigger.keyword("trigger/on")),
                         context == nullptr ? At::missing : At::value);
  finding.label = "needs [:window-state]";
  finding.help = "add :trigger/state-context [:window-state]";
}

void check_user_trigger(JobParts& parts, const EntryShape& trigger, const edn::Value& on) {
  const Path path = trigger.path_of("trigger/on");
  if (on.name()->ns() == "onyx.triggers") {
    auto& finding = parts.report.error(
        "ADD-09", path,
        fmt::format(":trigger/on names :{}, which is not a trigger", on.name()->text));
    finding.label = "no such trigger";
    parts.report.suggest(on.name()->text, kTriggers);
    return;
  }
  const auto definition =
      check_function(parts, {"trigger/on", "ADD-09", Expect::map, std::nullopt}, on, path);
  if (!definition) return;
  for (const ModelKey& row : keys_of(Section::trigger_calls)) {
    const bool has = std::find(definition->keys.begin(), definition->keys.end(), row.key) !=
                     definition->keys.end();
    if (row.need != Need::required || has) continue;
    parts.report
        .error(
            "ADD-09", path,
            fmt::format(":trigger/on {} has no :{}, which a trigger requires", shown(on), row.key))
        .label = "incomplete";
  }
}

void check_on(JobParts& parts, const EntryShape& trigger) {
  const edn::Value* on = trigger.good("trigger/on");
  if (on == nullptr || !on->is_keyword()) return;
  const std::string_view name = on->name()->text;
  if (name == "onyx.triggers/segment") {
    ask_key(parts, trigger, "trigger/threshold");
  } else if (name == "onyx.triggers/timer") {
    ask_key(parts, trigger, "trigger/period");
  } else if (name == "onyx.triggers/punctuation") {
    ask_key(parts, trigger, "trigger/pred");
  } else if (name == "onyx.triggers/percentile-watermark") {
    ask_key(parts, trigger, "trigger/watermark-percentage");
    check_watermark_context(parts, trigger);
  } else if (name == "onyx.triggers/watermark") {
    check_watermark_context(parts, trigger);
  } else {
    check_user_trigger(parts, trigger, *on);
  }
}

void check_trigger_functions(JobParts& parts, const EntryShape& trigger) {
  constexpr FunctionUse kUses[] = {
      {"trigger/sync", "DOC-10", Expect::function, 5},
      {"trigger/emit", "DOC-10", Expect::function, 5},
      {"trigger/pred", "DOC-10", Expect::function, 2},
  };
  for (const FunctionUse& use : kUses) {
    if (const edn::Value* value = trigger.good(use.key))
      check_function(parts, use, *value, trigger.path_of(use.key));
  }
  const edn::Value* refinement = trigger.good("trigger/refinement");
  if (refinement == nullptr) return;
  const Path path = trigger.path_of("trigger/refinement");
  const auto definition = check_function(
      parts, {"trigger/refinement", "ADD-09", Expect::map, std::nullopt}, *refinement, path);
  if (!definition) return;
  for (const ModelKey& row : keys_of(Section::state_refinement)) {
    const bool has = std::find(definition->keys.begin(), definition->keys.end(), row.key) !=
                     definition->keys.end();
    if (row.need != Need::required || has) continue;
    parts.report
        .error("ADD-09", path,
               fmt::format(":trigger/refinement {} has no :{}, which a refinement requires",
                           shown(*refinement), row.key))
        .label = "incomplete";
  }
}

}  // namespace

void check_triggers(JobParts& parts) {
  check_unique_trigger_ids(parts);
  for (EntryShape& trigger : parts.triggers) {
    check_window_id(parts, trigger);
    check_state_context(parts, trigger);
    check_trigger_values(parts, trigger);
    check_quantity(parts, trigger, "trigger/period", {"TRG-05", "TRG-05", true, false});
    check_quantity(parts, trigger, "trigger/delay", {"TRG-05", "TRG-05", true, false});
    check_quantity(parts, trigger, "trigger/threshold", {"TRG-06", "TRG-06", false, true});
    check_on(parts, trigger);
    check_trigger_functions(parts, trigger);
    if (!trigger.has("trigger/sync") && !trigger.has("trigger/emit")) {
      auto& finding = parts.report.warning(
          "ADD-03", trigger.path_of("trigger/sync"),
          "the trigger has neither :trigger/sync nor :trigger/emit, so firing does nothing",
          At::missing);
      finding.label = "does nothing";
    }
  }
}

}  // namespace onyx::model
