#include "daemon/replica/edn_fields.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/edn/printer.h"
#include "common/edn/reader.h"

namespace onyx::replica {

using edn::Value;

namespace {

// What the reader takes as the text of a keyword.
bool is_keyword_text(std::string_view text) {
  if (text.empty() || text.size() > 512) return false;
  constexpr std::string_view kPunctuation = ".*+!-_?$%&=<>'#";
  int slashes = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '/') {
      if (++slashes > 1 || i == 0 || i + 1 == text.size()) return false;
      continue;
    }
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    const bool starts = i == 0 || text[i - 1] == '/';
    if (starts ? !(letter || c == '_' || c == '*' || c == '!' || c == '?')
               : !(letter || digit || kPunctuation.find(c) != std::string_view::npos)) {
      return false;
    }
  }
  return true;
}

std::string text_of(const edn::Uuid& bytes) {
  UuidBits bits;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::uint64_t& half = i < 8 ? bits.high : bits.low;
    half = half << 8 | bytes[i];
  }
  return uuid_text(bits);
}

std::string shown(const Value& value) {
  std::string text = edn::print(value);
  if (text.size() > 60) text = text.substr(0, 57) + "…";
  return text;
}

}  // namespace

Value id_to_edn(std::string_view text) {
  if (uuid_bits(text)) return Value::uuid(*edn::parse_uuid(text));
  return is_keyword_text(text) ? Value::keyword(text) : Value::string(text);
}

std::optional<std::string> id_from_edn(const Value& value) {
  if (value.is(edn::Kind::uuid)) return text_of(value.as_uuid());
  if (value.is_keyword() || value.is_symbol()) return value.name()->text;
  if (value.is_string() && !value.as_string().empty()) return std::string(value.as_string());
  return std::nullopt;
}

Value keywords_to_edn(const std::vector<std::string>& texts) {
  std::vector<Value> items;
  for (const std::string& text : texts) items.push_back(id_to_edn(text));
  return Value::vector(std::move(items));
}

Fields::Fields(const Value& map, std::string what) : map_(&map), what_(std::move(what)) {
  if (!map.is_map()) fail(fmt::format("a {} instead of a map", edn::name_of(map.kind())));
}

const Value& Fields::value(std::string_view key) const {
  static const Value kNil;
  return map_->is_map() ? map_->get(key) : kNil;
}

void Fields::fail(std::string message) {
  if (error_.empty()) error_ = what_ + ": " + std::move(message);
}

void Fields::wrong(std::string_view key, const Value& found, std::string_view meant) {
  fail(fmt::format(":{} is {}, not {}", key, shown(found), meant));
}

std::string Fields::id(std::string_view key) {
  const Value& found = value(key);
  if (auto id = id_from_edn(found)) return *id;
  wrong(key, found, "an id");
  return {};
}

std::string Fields::optional_id(std::string_view key) { return has(key) ? id(key) : std::string(); }

std::string Fields::text(std::string_view key) {
  const Value& found = value(key);
  if (found.is_nil()) return {};
  if (found.is_string()) return std::string(found.as_string());
  wrong(key, found, "a string");
  return {};
}

std::string Fields::keyword(std::string_view key) {
  const Value& found = value(key);
  if (found.is_nil()) return {};
  if (found.is_keyword()) return found.name()->text;
  wrong(key, found, "a keyword");
  return {};
}

std::optional<std::int64_t> Fields::integer(std::string_view key) {
  const Value& found = value(key);
  if (found.is_nil()) return std::nullopt;
  if (found.is_integer()) return found.as_integer();
  wrong(key, found, "an integer");
  return std::nullopt;
}

std::int64_t Fields::integer(std::string_view key, std::int64_t otherwise) {
  return integer(key).value_or(otherwise);
}

std::vector<std::string> Fields::ids(std::string_view key) {
  const Value& found = value(key);
  std::vector<std::string> ids;
  if (found.is_nil()) return ids;
  if (!found.is_sequential() && !found.is_set()) {
    wrong(key, found, "a vector or a set");
    return ids;
  }
  for (const Value& item : found.items()) {
    if (auto id = id_from_edn(item)) {
      ids.push_back(std::move(*id));
    } else {
      wrong(key, item, "an id");
    }
  }
  return ids;
}

std::vector<std::string> Fields::keywords(std::string_view key) {
  std::vector<std::string> texts = ids(key);
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

}  // namespace onyx::replica
