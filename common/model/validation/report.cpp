#include "common/model/validation/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "common/edn/did_you_mean.h"
#include "common/edn/printer.h"

namespace onyx::model {
namespace {

constexpr std::size_t kShownMax = 60;
constexpr std::size_t kShownElementsMax = 12;
constexpr std::size_t kListedMax = 8;

// The key under which an entry of this section names itself.
std::string_view name_key_of(std::string_view section) {
  if (section == "catalog") return "onyx/name";
  if (section == "windows") return "window/id";
  if (section == "triggers") return "trigger/id";
  if (section == "flow-conditions") return "flow/from";
  if (section == "lifecycles") return "lifecycle/task";
  return {};
}

bool is_small(const edn::Value& value) {
  switch (value.kind()) {
    case edn::Kind::string:
      return value.as_string().size() <= kShownMax;
    case edn::Kind::keyword:
    case edn::Kind::symbol:
      return value.name()->text.size() <= kShownMax;
    case edn::Kind::list:
    case edn::Kind::vector:
    case edn::Kind::set: {
      if (value.count() > kShownElementsMax || value.depth() > 4) return false;
      const auto items = value.items();
      return std::all_of(items.begin(), items.end(), is_small);
    }
    case edn::Kind::map: {
      if (value.count() > kShownElementsMax || value.depth() > 4) return false;
      for (edn::Entry entry : value.entries()) {
        if (!is_small(entry.key) || !is_small(entry.value)) return false;
      }
      return true;
    }
    case edn::Kind::tagged:
      return false;
    default:
      return true;
  }
}

const edn::Value* step_into(const edn::Value& value, const edn::Value& element) {
  if (value.is_map()) return value.find(element);
  if (value.is_sequential() && element.is_integer() && element.as_integer() >= 0 &&
      static_cast<std::size_t>(element.as_integer()) < value.count()) {
    return &value.at(static_cast<std::size_t>(element.as_integer()));
  }
  return nullptr;
}

}  // namespace

std::string shown(const edn::Value& value) {
  if (is_small(value)) {
    std::string text = edn::print(value);
    if (text.size() <= kShownMax) return text;
  }
  const std::string_view kind = edn::name_of(value.kind());
  switch (value.kind()) {
    case edn::Kind::string:
      return fmt::format("a string of {} bytes", value.as_string().size());
    case edn::Kind::list:
    case edn::Kind::vector:
    case edn::Kind::set:
      return fmt::format("a {} of {} elements", kind, value.count());
    case edn::Kind::map:
      return fmt::format("a map of {} entries", value.count());
    default:
      return fmt::format("a {}", kind);
  }
}

std::string shown_keywords(std::span<const std::string_view> names, std::string_view last) {
  std::string text;
  const std::size_t listed = std::min(names.size(), kListedMax);
  for (std::size_t i = 0; i < listed; ++i) {
    const bool is_last = i + 1 == names.size();
    if (i > 0) text += is_last ? fmt::format(" {} ", last) : ", ";
    text += ':';
    text += names[i];
  }
  if (names.size() > listed) text += fmt::format(" and {} more", names.size() - listed);
  return text;
}

edn::Diagnostic& Report::error(std::string_view code, const Path& path, std::string message,
                               At at) {
  return add(edn::Severity::error, code, path, std::move(message), at);
}

edn::Diagnostic& Report::warning(std::string_view code, const Path& path, std::string message,
                                 At at) {
  return add(edn::Severity::warning, code, path, std::move(message), at);
}

edn::Diagnostic& Report::add(edn::Severity severity, std::string_view code, const Path& path,
                             std::string message, At at) {
  edn::Diagnostic finding;
  finding.code = code;
  finding.severity = severity;
  finding.message = std::move(message);
  finding.path = path.elements();
  finding.file = text_.file;
  if (findings_.size() >= kFindingsMax) {
    ++left_out_;
    surplus_ = std::move(finding);
    return surplus_;
  }
  finding.entry_name = entry_name(path);
  finding.span = place_of(path, at);
  findings_.push_back(std::move(finding));
  return findings_.back();
}

edn::Span Report::place_of(const Path& path, At at) const {
  if (text_.place == nullptr) return {};
  if (at != At::missing) {
    return edn::locate(text_.value, *text_.place, path.elements(), at == At::key);
  }
  // The name of the entry that lacks the key says more than its whole text; else its first character.
  std::vector<edn::Value> holder = path.elements();
  if (!holder.empty()) holder.pop_back();
  if (holder.size() == 2 && holder[0].is_keyword()) {
    const std::string_view name_key = name_key_of(holder[0].name()->text);
    if (!name_key.empty() && !(path.elements().back().is_keyword(name_key))) {
      std::vector<edn::Value> name_path = holder;
      name_path.push_back(edn::Value::keyword(name_key));
      const edn::Value* entry = step_into(text_.value, holder[0]);
      if (entry != nullptr) entry = step_into(*entry, holder[1]);
      if (entry != nullptr && entry->is_map() && entry->find(name_key) != nullptr) {
        return edn::locate(text_.value, *text_.place, name_path);
      }
    }
  }
  edn::Span span = edn::locate(text_.value, *text_.place, holder);
  span.end_line = span.line;
  span.end_column = span.column + 1;
  span.end_offset = span.offset + 1;
  return span;
}

void Report::suggest(std::string_view name, std::span<const std::string_view> candidates) {
  if (findings_.empty() || left_out_ > 0 || suggestions_ >= kSuggestionsMax) return;
  ++suggestions_;
  edn::Diagnostic& finding = findings_.back();
  const std::vector<std::string> names(candidates.begin(), candidates.end());
  for (const std::string& near : edn::did_you_mean(name, names)) {
    finding.did_you_mean.push_back(":" + near);
  }
}

bool Report::has_error_below(std::string_view section) const {
  return std::any_of(findings_.begin(), findings_.end(), [&](const edn::Diagnostic& finding) {
    return finding.severity == edn::Severity::error && !finding.path.empty() &&
           finding.path[0].is_keyword(section);
  });
}

std::string Report::entry_name(const Path& path) const {
  const auto& elements = path.elements();
  if (elements.size() < 2 || !elements[0].is_keyword()) return {};
  const std::string_view name_key = name_key_of(elements[0].name()->text);
  if (name_key.empty()) return {};
  const edn::Value* entry = step_into(text_.value, elements[0]);
  if (entry != nullptr) entry = step_into(*entry, elements[1]);
  if (entry == nullptr || !entry->is_map()) return {};
  const edn::Value* name = entry->find(name_key);
  return name == nullptr ? std::string() : shown(*name);
}

std::vector<std::size_t> Report::position_of(const std::vector<edn::Value>& path) const {
  std::vector<std::size_t> position;
  const edn::Value* at = &text_.value;
  for (const edn::Value& element : path) {
    std::size_t index = 0;
    const edn::Value* below = step_into(*at, element);
    if (at->is_map()) {
      for (edn::Entry entry : at->entries()) {
        if (entry.key == element) break;
        ++index;
      }
    } else if (element.is_integer()) {
      index = static_cast<std::size_t>(element.as_integer());
    }
    position.push_back(index);
    if (below == nullptr) break;
    at = below;
  }
  return position;
}

std::vector<edn::Diagnostic> Report::take() {
  struct Keyed {
    std::uint64_t offset;
    std::vector<std::size_t> position;
    std::size_t index;
  };
  std::vector<Keyed> order;
  order.reserve(findings_.size());
  for (std::size_t i = 0; i < findings_.size(); ++i) {
    const edn::Diagnostic& finding = findings_[i];
    if (finding.span.is_known()) {
      order.push_back({finding.span.offset, {}, i});
    } else {
      order.push_back({0, position_of(finding.path), i});
    }
  }
  std::stable_sort(order.begin(), order.end(), [](const Keyed& a, const Keyed& b) {
    return std::tie(a.offset, a.position) < std::tie(b.offset, b.position);
  });
  std::vector<edn::Diagnostic> sorted;
  sorted.reserve(order.size() + 1);
  for (const Keyed& keyed : order) sorted.push_back(std::move(findings_[keyed.index]));
  if (left_out_ > 0) {
    edn::Diagnostic rest;
    rest.code = "RUN-02";
    rest.severity = edn::Severity::warning;
    rest.message = fmt::format("{} more findings were left out", left_out_);
    rest.file = text_.file;
    rest.help = "correct the first ones and validate again";
    sorted.push_back(std::move(rest));
  }
  findings_.clear();
  return sorted;
}

}  // namespace onyx::model
