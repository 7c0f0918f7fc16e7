#include "cli/output/report.h"

#include <fmt/format.h>

#include "common/edn/printer.h"
#include "common/edn/reader.h"
#include "common/json/writer.h"

namespace onyx::cli {
namespace {

using edn::Value;

Value with_head(const std::string& kind, const Value& fields) {
  std::vector<std::pair<Value, Value>> entries = {
      {Value::keyword("kind"), Value::string(kind)},
      {Value::keyword("v"), Value::integer(1)},
  };
  for (const edn::Entry entry : fields.entries()) entries.emplace_back(entry.key, entry.value);
  return Value::map(std::move(entries));
}

// What JSON cannot say (a function, NaN, a map as a key) is shown as the text of its EDN.
std::string json(const Value& value) {
  if (auto written = json::write(value)) return *written;
  const auto part = [](const Value& v) {
    auto written = json::write(v);
    return written ? *written : *json::write(Value::string(edn::print(v)));
  };
  if (value.is_sequential() || value.is_set()) {
    std::string out = "[";
    for (const Value& item : value.items()) out += (out.size() > 1 ? "," : "") + json(item);
    return out + "]";
  }
  if (!value.is_map()) return part(value);
  std::string out = "{";
  for (const edn::Entry entry : value.entries()) {
    if (out.size() > 1) out += ',';
    const std::string key = entry.key.is_string()    ? std::string(entry.key.as_string())
                            : entry.key.is_keyword() ? entry.key.name()->text
                                                     : edn::print(entry.key);
    out += part(Value::string(key)) + ":" + json(entry.value);
  }
  return out + "}";
}

std::string lines(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += text + "\n";
  return out;
}

}  // namespace

Value fields_of(std::vector<std::pair<std::string_view, Value>> entries) {
  std::vector<std::pair<Value, Value>> kept;
  for (auto& [key, value] : entries) {
    if (!value.is_nil()) kept.emplace_back(Value::keyword(key), std::move(value));
  }
  return Value::map(std::move(kept));
}

Value text_value(std::string_view text) { return text.empty() ? Value() : Value::string(text); }

Value time_value(WallTimeMs time) { return time == 0 ? Value() : Value::inst(time); }

Value read_or_text(const std::string& edn) {
  if (edn.empty()) return {};
  auto value = edn::read(edn);
  return value ? *value : Value::string(edn);
}

std::string print_line(const std::string& kind, const Value& fields, Format format) {
  const Value whole = with_head(kind, fields);
  return (format == Format::edn ? edn::print(whole) : json(whole)) + "\n";
}

std::string print(const Report& report, Format format, bool is_quiet, bool is_terminal,
                  const Paint& paint) {
  if (is_quiet || format == Format::name) return lines(report.names);
  switch (format) {
    case Format::json:
      return print_line(report.kind, report.fields, format);
    case Format::edn:
      return edn::pretty(with_head(report.kind, report.fields)) + "\n";
    case Format::ndjson: {
      if (report.items.empty()) return print_line(report.kind, report.fields, format);
      std::string out;
      for (const Value& item : report.fields.get(report.items).items()) out += json(item) + "\n";
      return out;
    }
    default:
      break;
  }
  if (report.table.columns.empty()) return report.text;
  const bool is_wide = format == Format::wide;
  return is_terminal ? report.table.aligned(is_wide, paint) : report.table.tab_separated(is_wide);
}

}  // namespace onyx::cli
