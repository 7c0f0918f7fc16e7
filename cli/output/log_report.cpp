#include "cli/output/log_report.h"

#include "cli/output/words.h"
#include "common/edn/printer.h"

namespace onyx::cli {
namespace {

using edn::Value;

constexpr std::size_t kValueWidthMax = 48;

// A key or an id as a word of a path.
std::string word_of(const Value& value, bool is_short) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_keyword()) return std::string(value.name()->text);
  std::string text = edn::print(value);
  if (!value.is(edn::Kind::uuid)) return text;
  text = text.substr(7, text.size() - 8);  // #uuid "…"
  return is_short ? short_id(text) : text;
}

std::string path_of(const std::string& path_edn, bool is_short) {
  const Value path = read_or_text(path_edn);
  if (!path.is_vector()) return path_edn;
  std::string out;
  for (const Value& key : path.items()) out += (out.empty() ? "" : " ") + word_of(key, is_short);
  return out;
}

std::string cut(const std::string& text) {
  if (width_of(text) <= kValueWidthMax) return text;
  std::size_t end = 0;
  for (std::size_t points = 0; end < text.size(); ++end) {
    const bool is_first_byte = (static_cast<unsigned char>(text[end]) & 0xc0) != 0x80;
    if (is_first_byte && ++points == kValueWidthMax) break;
  }
  return text.substr(0, end) + "…";
}

// Ids are what vectors in a replica hold: they are shown without their tags.
std::string text_of(const std::string& value_edn, bool is_short) {
  if (value_edn.empty()) return "-";
  if (!is_short) return value_edn;
  const Value value = read_or_text(value_edn);
  if (!value.is_vector()) return cut(value.is(edn::Kind::uuid) ? word_of(value, true) : value_edn);
  std::string out = "[";
  for (const Value& item : value.items()) {
    out += (out.size() > 1 ? " " : "") +
           (item.is(edn::Kind::uuid) ? word_of(item, true) : edn::print(item));
  }
  return cut(out + "]");
}

Cell sign_of(const api::ReplicaChangeView& change) {
  if (change.before_edn.empty()) return {"+", &Paint::green};
  if (change.after_edn.empty()) return {"-", &Paint::red};
  return {"~", &Paint::yellow};
}

}  // namespace

Value value_of(const api::LogEntryView& entry) {
  return fields_of({
      {"position", Value::integer(entry.position)},
      {"created", time_value(entry.created_ms)},
      {"fn", text_value(entry.fn)},
      {"subject", text_value(entry.subject)},
      {"effect", text_value(entry.effect)},
      {"args", read_or_text(entry.args_edn)},
      {"rejected", Value::boolean(entry.rejected)},
  });
}

Value value_of(const std::vector<api::ReplicaChangeView>& changes) {
  std::vector<Value> items;
  for (const api::ReplicaChangeView& change : changes) {
    const char* what = change.before_edn.empty()  ? "added"
                       : change.after_edn.empty() ? "removed"
                                                  : "changed";
    items.push_back(fields_of({{"change", Value::string(what)},
                               {"path", read_or_text(change.path_edn)},
                               {"before", read_or_text(change.before_edn)},
                               {"after", read_or_text(change.after_edn)}}));
  }
  return Value::vector(std::move(items));
}

Table change_table(const std::vector<api::ReplicaChangeView>& changes, bool is_short) {
  Table table;
  table.columns = {{""}, {"what"}, {"before"}, {"after"}};
  for (const api::ReplicaChangeView& change : changes) {
    table.rows.push_back({sign_of(change), path_of(change.path_edn, is_short),
                          text_of(change.before_edn, is_short),
                          text_of(change.after_edn, is_short)});
  }
  return table;
}

}  // namespace onyx::cli
