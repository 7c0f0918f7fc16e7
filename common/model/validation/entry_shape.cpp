#include "common/model/validation/entry_shape.h"

#include <fmt/format.h>

#include <algorithm>

namespace onyx::model {
namespace {

template <class Predicate>
bool all_items(const edn::Value& value, Predicate predicate) {
  if (!value.is_sequential()) return false;
  const auto items = value.items();
  return std::all_of(items.begin(), items.end(), predicate);
}

std::optional<std::string> unless(bool fits, std::string_view expected) {
  if (fits) return std::nullopt;
  return std::string(expected);
}

}  // namespace

bool is_inline_function(const edn::Value& value) {
  return value.is_list() && value.count() > 0 && value.at(0).is_symbol() &&
         value.at(0).name()->text == "fn";
}

bool is_namespaced_keyword(const edn::Value& value) {
  return value.is_keyword() && value.name()->ns_length > 0;
}

bool is_task_name(const edn::Value& value) {
  return value.is_keyword() && !value.is_keyword("all") && !value.is_keyword("none");
}

bool is_uuid(const edn::Value& value) {
  if (value.is(edn::Kind::uuid)) return true;
  if (!value.is_string() || value.as_string().size() != 36) return false;
  const std::string_view text = value.as_string();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash
            ? text[i] != '-'
            : std::string_view("0123456789abcdefABCDEF").find(text[i]) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

std::optional<std::string> expected_instead(ValueType type, const edn::Value& value) {
  switch (type) {
    case ValueType::any:
    case ValueType::checked_elsewhere:
      return std::nullopt;
    case ValueType::boolean:
      return unless(value.is(edn::Kind::boolean), "true or false");
    case ValueType::string:
      return unless(value.is_string(), "a string");
    case ValueType::integer:
      return unless(value.is_integer(), "an integer");
    case ValueType::positive_integer:
      return unless(value.is_integer() && value.as_integer() > 0, "a positive integer");
    case ValueType::non_negative_integer:
      return unless(value.is_integer() && value.as_integer() >= 0, "an integer of at least 0");
    case ValueType::real:
      return unless(value.is_real(), "a floating-point number");
    case ValueType::map:
      return unless(value.is_map(), "a map");
    case ValueType::list:
      return unless(value.is_sequential(), "a vector");
    case ValueType::list_of_maps:
      return unless(value.is_sequential(), "a vector of maps");
    case ValueType::list_of_keywords:
      return unless(all_items(value, [](const edn::Value& v) { return v.is_keyword(); }),
                    "a vector of keywords");
    case ValueType::list_of_strings:
      return unless(all_items(value, [](const edn::Value& v) { return v.is_string(); }),
                    "a vector of strings");
    case ValueType::keyword:
      return unless(value.is_keyword(), "a keyword");
    case ValueType::namespaced_keyword:
      return unless(is_namespaced_keyword(value), "a namespaced keyword such as :my.app/name");
    case ValueType::task_name:
      return unless(is_task_name(value), value.is_keyword()
                                             ? "a task name; :all and :none are reserved"
                                             : "a task name, which is a keyword");
    case ValueType::function:
      return unless(is_namespaced_keyword(value) || is_inline_function(value),
                    "a namespaced keyword such as :my.app/name, or an inline (fn [...] ...) form");
    case ValueType::string_or_uuid:
      return unless(value.is_string() || value.is(edn::Kind::uuid), "a string or a UUID");
    case ValueType::keyword_or_uuid:
      return unless(value.is_keyword() || value.is(edn::Kind::uuid), "a keyword or a UUID");
  }
  return std::nullopt;
}

bool check_choice(const ModelKey& row, const edn::Value& value, const Path& path, Report& report) {
  const std::vector<std::string_view> choices = choices_of(row);
  if (choices.empty() || !value.is_keyword()) return true;
  const std::string_view given = value.name()->text;
  if (std::find(choices.begin(), choices.end(), given) != choices.end()) return true;
  auto& finding = report.error(row.rule, path,
                               fmt::format(":{} must be one of {}; found :{}", row.key,
                                           shown_keywords(choices, "or"), given));
  finding.label = "not a valid choice";
  finding.help = fmt::format("onyxctl doc :{}", row.key);
  report.suggest(given, choices);
  return false;
}

const edn::Value* EntryShape::good(std::string_view key) const {
  return is_bad(key) ? nullptr : map_->find(key);
}

bool EntryShape::is_true(std::string_view key) const {
  const edn::Value* value = good(key);
  return value != nullptr && value->is(edn::Kind::boolean) && value->as_boolean();
}

std::optional<std::int64_t> EntryShape::integer(std::string_view key) const {
  const edn::Value* value = good(key);
  if (value == nullptr || !value->is_integer()) return std::nullopt;
  return value->as_integer();
}

std::string_view EntryShape::keyword(std::string_view key) const {
  const edn::Value* value = good(key);
  return value != nullptr && value->is_keyword() ? std::string_view(value->name()->text)
                                                 : std::string_view();
}

void EntryShape::check(const SectionRules& rules, Report& report) {
  for (const ModelKey& row : keys_of(rules.section)) {
    if (row.need != Need::required || map_->find(row.key) != nullptr) continue;
    auto& finding = report.error(
        rules.missing_code.empty() ? row.rule : rules.missing_code, path_ / row.key,
        fmt::format("the {} has no :{}, which is required", name_of(rules.section), row.key),
        At::missing);
    finding.label = fmt::format("add :{}", row.key);
    finding.notes.emplace_back(row.doc);
    finding.help = fmt::format("onyxctl doc :{}", row.key);
  }
  for (edn::Entry entry : map_->entries()) {
    const ModelKey* row =
        entry.key.is_keyword() ? find_key(rules.section, entry.key.name()->text) : nullptr;
    if (row != nullptr) {
      check_present(*row, entry.value, report);
    } else {
      check_unknown(rules, entry.key, report);
    }
  }
}

void EntryShape::check_present(const ModelKey& row, const edn::Value& value, Report& report) {
  if (!row.deprecated.empty()) {
    mark_bad(row.key);
    auto& finding = report.error(
        row.rule, path_ / row.key,
        fmt::format(":{} was removed from Onyx in {}: {}", row.key, row.deprecated, row.instead),
        At::key);
    finding.label = "removed";
    finding.help = fmt::format("delete :{}", row.key);
    return;
  }
  if (const auto expected = expected_instead(row.type, value)) {
    mark_bad(row.key);
    auto& finding =
        report.error(row.rule, path_ / row.key,
                     fmt::format(":{} must be {}; found {}", row.key, *expected, shown(value)));
    finding.label = fmt::format("expected {}", *expected);
    finding.help = fmt::format("onyxctl doc :{}", row.key);
    return;
  }
  if (!check_choice(row, value, path_ / row.key, report)) mark_bad(row.key);
}

void EntryShape::check_unknown(const SectionRules& rules, const edn::Value& key, Report& report) {
  const std::string_view section = name_of(rules.section);
  if (!key.is_keyword()) {
    auto& finding = report.error(
        rules.unknown_code, path_ / key,
        fmt::format("the keys of a {} must be keywords; found {}", section, shown(key)), At::key);
    finding.label = "not a keyword";
    if (key.is_string() && key.as_string().size() < 40) {
      finding.did_you_mean.push_back(fmt::format(":{}", key.as_string()));
    }
    return;
  }
  const std::string_view name = key.name()->text;
  std::vector<std::string_view> known;
  for (const ModelKey& row : keys_of(rules.section)) {
    if (row.deprecated.empty()) known.push_back(row.key);
  }
  if (!rules.closed_namespace.empty() && key.name()->ns() != rules.closed_namespace) return;
  auto& finding = report.error(rules.unknown_code, path_ / key,
                               fmt::format("a {} has no key :{}", section, name), At::key);
  finding.label = "unknown key";
  if (rules.closed_namespace.empty()) {
    finding.notes.push_back(fmt::format("the keys are {}", shown_keywords(known)));
  } else {
    finding.notes.push_back(
        fmt::format("the namespace {} is reserved; keys of your own go under another one",
                    rules.closed_namespace));
  }
  report.suggest(name, known);
}

}  // namespace onyx::model
