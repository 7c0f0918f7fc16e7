#include "daemon/plugins/file/encoder.h"

#include <fmt/format.h>

#include "common/edn/printer.h"
#include "common/json/writer.h"
#include "daemon/plugins/file/csv.h"

namespace onyx::plugins::file {

namespace {

using edn::Value;

class JsonEncoder final : public Encoder {
 public:
  Result<void> encode(const Value& segment, std::string& out) override {
    ONYX_TRY(writer_.append(segment, out));
    out += '\n';
    return {};
  }

 private:
  json::Writer writer_;
};

class EdnEncoder final : public Encoder {
 public:
  Result<void> encode(const Value& segment, std::string& out) override {
    edn::print(segment, out);
    out += '\n';
    return {};
  }
};

class LinesEncoder final : public Encoder {
 public:
  Result<void> encode(const Value& segment, std::string& out) override {
    const Value* line = segment.is_map() ? segment.find(std::string_view("line")) : nullptr;
    if (line == nullptr || !line->is_string()) {
      return failure(ErrorCode::invalid_argument,
                     ":file/format :lines writes the string under :line, but the segment is " +
                         edn::print(segment));
    }
    if (line->as_string().find('\n') != std::string_view::npos) {
      return failure(
          ErrorCode::invalid_argument,
          "a :line with a line feed in it would be read back as two: " + edn::print(segment));
    }
    out += line->as_string();
    out += '\n';
    return {};
  }
};

// Columns are the keys of the first segment, in their order.
class CsvEncoder final : public Encoder {
 public:
  Result<void> encode(const Value& segment, std::string& out) override {
    const std::size_t before = out.size();
    if (columns_.empty()) {
      for (const edn::Entry entry : segment.entries()) columns_.push_back(entry.key);
      if (columns_.empty())
        return failure(ErrorCode::invalid_argument,
                       "the first segment of a CSV file is empty: it has no columns");
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (i > 0) out += ',';
        append_csv(text_of(columns_[i]), out);
      }
      out += '\n';
    }
    const std::size_t row = out.size();
    std::size_t known = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) out += ',';
      if (const Value* value = segment.find(columns_[i])) {
        ++known;
        append_csv(text_of(*value), out);
      }
    }
    if (known != segment.count()) {
      out.resize(before);
      return failure(ErrorCode::invalid_argument,
                     fmt::format("{} has a key that is no column of this CSV file: its columns are "
                                 "the keys of the first segment",
                                 edn::print(segment)));
    }
    // One column and nothing in it: an empty line would be read as no record.
    if (out.size() == row) out += "\"\"";
    out += '\n';
    return {};
  }

 private:
  static std::string text_of(const Value& value) {
    switch (value.kind()) {
      case edn::Kind::nil:
        return {};
      case edn::Kind::string:
        return std::string(value.as_string());
      case edn::Kind::keyword:
      case edn::Kind::symbol:
        return value.name()->text;
      case edn::Kind::ratio:
        return edn::print(Value::real(value.to_double()));
      default:
        return edn::print(value);
    }
  }

  std::vector<Value> columns_;
};

}  // namespace

std::unique_ptr<Encoder> make_encoder(const FileOptions& options) {
  switch (options.format) {
    case Format::json_lines:
      return std::make_unique<JsonEncoder>();
    case Format::csv:
      return std::make_unique<CsvEncoder>();
    case Format::edn_lines:
      return std::make_unique<EdnEncoder>();
    case Format::lines:
      return std::make_unique<LinesEncoder>();
  }
  return nullptr;
}

}  // namespace onyx::plugins::file
