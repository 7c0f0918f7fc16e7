#include "common/cases/case.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/cases/pattern.h"
#include "common/edn/printer.h"

namespace onyx::cases {
namespace {

using edn::Value;

constexpr std::array kKeys = {"doc",          "onyx/source",     "job",          "inputs",
                              "expect",       "expect-contains", "expect-state", "expect-exception",
                              "expect-error", "peer-config"};

class Reading {
 public:
  Reading(const edn::Document& document, std::string_view file)
      : document_(document), file_(file) {}

  tl::expected<Case, std::vector<edn::Diagnostic>> run() {
    if (!document_.value.is_map()) {
      fault({}, "a case is a map with :doc, :onyx/source, :job and what is expected",
            "write {:doc \"…\" :onyx/source \"…\" :job {…} :inputs {…} :expect {…}}");
      return tl::unexpected(std::move(found_));
    }
    check_keys();
    Case result;
    result.doc = text("doc");
    result.source = text("onyx/source");
    if (const Value* job = document_.value.find("job")) {
      result.job = *job;
      result.job_place = place_of("job");
    } else {
      fault({}, "the case has no :job", "add the job map under :job");
    }
    read_inputs(result);
    read_outputs("expect", true, result.expect);
    read_outputs("expect-contains", false, result.expect_contains);
    read_state(result);
    read_exception(result);
    read_error(result);
    read_peer_config(result);
    check_purpose(result);
    if (!found_.empty()) return tl::unexpected(std::move(found_));
    return result;
  }

 private:
  static Value keyword(std::string_view name) { return Value::keyword(name); }

  void fault(std::vector<Value> path, std::string message, std::string help = {},
             bool at_key = false) {
    edn::Diagnostic diagnostic;
    diagnostic.code = "CASE-01";
    diagnostic.message = std::move(message);
    diagnostic.span = edn::locate(document_.value, document_.place, path, at_key);
    diagnostic.path = std::move(path);
    diagnostic.file = std::string(file_);
    diagnostic.help = std::move(help);
    found_.push_back(std::move(diagnostic));
  }

  void check_keys() {
    for (const edn::Entry entry : document_.value.entries()) {
      const bool is_known =
          entry.key.is_keyword() &&
          std::find(kKeys.begin(), kKeys.end(), entry.key.name()->text) != kKeys.end();
      if (is_known) continue;
      fault({entry.key}, fmt::format("{} is not a key of a case", edn::print(entry.key)),
            "the keys are :doc :onyx/source :job :inputs :expect :expect-contains :expect-state "
            ":expect-exception :expect-error :peer-config",
            true);
    }
  }

  // The place of the value under a top-level key; places of a map alternate key, value in text order.
  edn::Place place_of(std::string_view key) const {
    const edn::Span wanted = edn::locate(document_.value, document_.place, {keyword(key)});
    for (const edn::Place& child : document_.place.children) {
      if (child.span.offset == wanted.offset && child.span.end_offset == wanted.end_offset) {
        return child;
      }
    }
    return {wanted, {}};
  }

  std::string text(std::string_view key) {
    const Value* value = document_.value.find(key);
    if (value == nullptr || !value->is_string()) {
      fault(value == nullptr ? std::vector<Value>{} : std::vector<Value>{keyword(key)},
            fmt::format(":{} must be a string", key));
      return {};
    }
    return std::string(value->as_string());
  }

  // The value under `key` when it is a map; nullptr when it is absent, or is not one (and then that is a fault).
  const Value* map_under(std::string_view key) {
    const Value* value = document_.value.find(key);
    if (value != nullptr && !value->is_map()) {
      fault({keyword(key)}, fmt::format(":{} must be a map", key));
      return nullptr;
    }
    return value;
  }

  std::string task_name(std::string_view key, const Value& task) {
    if (task.is_keyword()) return task.name()->text;
    fault({keyword(key), task}, fmt::format(":{} has keywords for tasks as keys", key), {}, true);
    return {};
  }

  void read_inputs(Case& result) {
    const Value* inputs = map_under("inputs");
    if (inputs == nullptr) return;
    for (const edn::Entry entry : inputs->entries()) {
      if (!entry.value.is_sequential()) {
        fault({keyword("inputs"), entry.key}, "an input is a vector of segments");
        continue;
      }
      auto& segments = result.inputs[task_name("inputs", entry.key)];
      for (const Value& segment : entry.value.items()) segments.push_back(segment);
    }
  }

  void read_outputs(std::string_view key, bool may_be_ordered,
                    std::map<std::string, ExpectedOutput>& into) {
    const Value* outputs = map_under(key);
    if (outputs == nullptr) return;
    for (const edn::Entry entry : outputs->entries()) {
      const Value* segments = &entry.value;
      ExpectedOutput expected;
      expected.span = edn::locate(document_.value, document_.place, {keyword(key), entry.key});
      if (may_be_ordered && segments->is_map() && segments->get("order").is_keyword("exact")) {
        expected.is_ordered = true;
        segments = &segments->get("segments");
      }
      if (!segments->is_sequential()) {
        fault({keyword(key), entry.key},
              may_be_ordered ? "what is expected is a vector of segments, or {:order :exact "
                               ":segments […]}"
                             : "what is expected is a vector of segments");
        continue;
      }
      for (const Value& segment : segments->items()) expected.segments.push_back(segment);
      into[task_name(key, entry.key)] = std::move(expected);
    }
  }

  void read_state(Case& result) {
    const Value* state = document_.value.find("expect-state");
    if (state == nullptr || state->is_keyword("completed")) return;
    if (state->is_keyword("killed")) {
      result.state = ExpectedState::killed;
    } else {
      fault({keyword("expect-state")},
            fmt::format("found {}, wanted :completed or :killed", edn::print(*state)));
    }
  }

  std::optional<std::string> regex(const Value& map, std::string_view key) {
    const Value* value = map.find("message-matches");
    if (value == nullptr) return std::nullopt;
    std::vector<Value> path = {keyword(key), keyword("message-matches")};
    if (!value->is_string()) {
      fault(std::move(path), ":message-matches must be a string");
      return std::nullopt;
    }
    std::string pattern(value->as_string());
    if (auto checked = check_pattern(pattern); !checked) {
      fault(std::move(path), checked.error().message());
    }
    return pattern;
  }

  void read_exception(Case& result) {
    const Value* exception = map_under("expect-exception");
    if (exception == nullptr) return;
    if (result.state != ExpectedState::killed) {
      fault({keyword("expect-exception")}, ":expect-exception goes with :expect-state :killed");
    }
    ExpectedException expected;
    expected.message_matches = regex(*exception, "expect-exception");
    if (const Value* data = exception->find("data")) {
      if (data->is_map()) {
        expected.data = *data;
      } else {
        fault({keyword("expect-exception"), keyword("data")}, ":data must be a map");
      }
    }
    result.exception = std::move(expected);
  }

  void read_error(Case& result) {
    const Value* error = map_under("expect-error");
    if (error == nullptr) return;
    ExpectedError expected;
    expected.message_matches = regex(*error, "expect-error");
    if (const Value* path = error->find("path")) {
      if (path->is_sequential()) {
        expected.path.emplace();
        for (const Value& step : path->items()) expected.path->push_back(step);
      } else {
        fault({keyword("expect-error"), keyword("path")}, ":path must be a vector");
      }
    }
    result.error = std::move(expected);
  }

  void read_peer_config(Case& result) {
    if (const Value* config = map_under("peer-config")) result.peer_config = *config;
  }

  void check_purpose(const Case& result) {
    const bool is_run = document_.value.find("expect") != nullptr ||
                        document_.value.find("expect-contains") != nullptr ||
                        result.state == ExpectedState::killed;
    if (!is_run && document_.value.find("expect-error") == nullptr) {
      fault({}, "the case expects nothing",
            "add :expect, :expect-contains, :expect-state :killed or :expect-error");
    }
  }

  const edn::Document& document_;
  std::string_view file_;
  std::vector<edn::Diagnostic> found_;
};

}  // namespace

bool is_case(const Value& document) {
  if (!document.is_map() || document.find("job") == nullptr) return false;
  for (const std::string_view key :
       {"expect", "expect-contains", "expect-state", "expect-exception", "expect-error"}) {
    if (document.find(key) != nullptr) return true;
  }
  return false;
}

tl::expected<Case, std::vector<edn::Diagnostic>> read_case(const edn::Document& document,
                                                           std::string_view file) {
  return Reading(document, file).run();
}

}  // namespace onyx::cases
