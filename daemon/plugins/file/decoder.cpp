#include "daemon/plugins/file/decoder.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>
#include <set>

#include "common/edn/reader.h"
#include "common/edn/shape.h"
#include "common/json/parser.h"
#include "daemon/plugins/file/csv.h"

namespace onyx::plugins::file {

namespace {

using edn::Value;
using Decoded = Decoder::Decoded;

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

class JsonDecoder final : public Decoder {
 public:
  explicit JsonDecoder(bool has_string_keys)
      : parser_(has_string_keys ? json::Keys::string : json::Keys::keyword) {}

  tl::expected<Decoded, std::string> decode(std::string_view line) override {
    if (is_blank(line)) return More::nothing;
    auto value = parser_.parse(line);
    if (!value.has_value()) return tl::unexpected(value.error().text());
    if (!value->is_map()) return tl::unexpected(std::string("a JSON object is expected on a line"));
    return std::move(*value);
  }

 private:
  json::Parser parser_;
};

class EdnDecoder final : public Decoder {
 public:
  tl::expected<Decoded, std::string> decode(std::string_view line) override {
    if (is_blank(line)) return More::nothing;
    auto document = edn::read(line);
    if (!document.has_value()) {
      return tl::unexpected(
          fmt::format("column {}: {}", document.error().span.column, document.error().message));
    }
    if (!document->is_map()) return tl::unexpected(std::string("an EDN map is expected on a line"));
    return std::move(*document);
  }
};

class LinesDecoder final : public Decoder {
 public:
  tl::expected<Decoded, std::string> decode(std::string_view line) override {
    if (!is_utf8(line)) return tl::unexpected(std::string("not UTF-8"));
    Value text = Value::string(line);
    return Value::record(shape_, {&text, 1});
  }

 private:
  const Value key_ = Value::keyword("line");
  const edn::Shape* shape_ = edn::Shape::of({&key_, 1});
};

class CsvDecoder final : public Decoder {
 public:
  explicit CsvDecoder(const FileOptions& options) : options_(options) {}

  tl::expected<Decoded, std::string> decode(std::string_view line) override {
    if (line.empty()) return More::nothing;
    switch (split_csv(line, fields_)) {
      case CsvResult::unfinished:
        return More::needs_line;
      case CsvResult::malformed:
        return tl::unexpected(std::string("a quote stands where none may be"));
      case CsvResult::ok:
        break;
    }
    if (!is_utf8(line)) return tl::unexpected(std::string("not UTF-8"));
    return has_columns_ ? record() : header();
  }

 private:
  tl::expected<Decoded, std::string> header() {
    std::set<std::string> seen;
    for (const std::string& name : fields_) {
      if (name.empty())
        return tl::unexpected(std::string("the header has a column without a name"));
      if (!seen.insert(name).second)
        return tl::unexpected(fmt::format("the header names column {} twice", name));
      keys_.push_back(options_.has_string_keys ? Value::string(name) : Value::keyword(name));
      const auto type = options_.types.find(name);
      types_.push_back(type == options_.types.end() ? ColumnType::string : type->second);
      names_.push_back(name);
    }
    for (const auto& [name, type] : options_.types) {
      if (!seen.contains(name)) {
        return tl::unexpected(
            fmt::format(":file/types names column {}, which the header lacks", name));
      }
    }
    shape_ = edn::Shape::of(keys_);
    has_columns_ = true;
    return More::nothing;
  }

  tl::expected<Decoded, std::string> record() {
    if (fields_.size() != keys_.size()) {
      return tl::unexpected(
          fmt::format("{} fields, but the header has {} columns", fields_.size(), keys_.size()));
    }
    values_.clear();
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      auto value = field(fields_[i], types_[i]);
      if (!value.has_value())
        return tl::unexpected(fmt::format("column {}: {}", names_[i], value.error()));
      values_.push_back(std::move(*value));
    }
    if (shape_ != nullptr) return Value::record(shape_, values_);
    std::vector<std::pair<Value, Value>> entries;
    for (std::size_t i = 0; i < keys_.size(); ++i)
      entries.emplace_back(keys_[i], std::move(values_[i]));
    return Value::map(std::move(entries));
  }

  static tl::expected<Value, std::string> field(const std::string& text, ColumnType type) {
    if (type == ColumnType::string) return Value::string(text);
    if (text.empty()) return Value();
    const char* end = text.data() + text.size();
    if (type == ColumnType::integer) {
      std::int64_t integer = 0;
      const auto [stop, error] = std::from_chars(text.data(), end, integer);
      if (error == std::errc() && stop == end) return Value::integer(integer);
      return tl::unexpected(error == std::errc::result_out_of_range
                                ? fmt::format("{} does not fit 64 bits", text)
                                : fmt::format("\"{}\" is no :long", text));
    }
    double real = 0;
    const auto [stop, error] = std::from_chars(text.data(), end, real);
    if (error == std::errc() && stop == end) return Value::real(real);
    return tl::unexpected(fmt::format("\"{}\" is no :double", text));
  }

  const FileOptions options_;
  bool has_columns_ = false;
  std::vector<std::string> fields_;
  std::vector<std::string> names_;
  std::vector<Value> keys_;
  std::vector<ColumnType> types_;
  std::vector<Value> values_;
  const edn::Shape* shape_ = nullptr;  // nullptr: more columns than a record has
};

}  // namespace

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

std::unique_ptr<Decoder> make_decoder(const FileOptions& options) {
  switch (options.format) {
    case Format::json_lines:
      return std::make_unique<JsonDecoder>(options.has_string_keys);
    case Format::csv:
      return std::make_unique<CsvDecoder>(options);
    case Format::edn_lines:
      return std::make_unique<EdnDecoder>();
    case Format::lines:
      return std::make_unique<LinesDecoder>();
  }
  return nullptr;
}

}  // namespace onyx::plugins::file
