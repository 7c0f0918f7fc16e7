#include "common/json/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/base/utf8.h"
#include "common/edn/printer.h"
#include "common/edn/shape.h"
#include "common/json/number.h"
#include "common/json/parser.h"
#include "common/json/text.h"

namespace onyx::json {

using edn::Kind;
using edn::Value;

namespace {

constexpr std::size_t kShapesKept = 256;

void append_quoted(std::string_view text, std::string& out) {
  out += '"';
  const char* at = text.data();
  const char* end = at + text.size();
  while (at != end) {
    const char* stop = at;
    // Bytes of multi-byte characters are special to the parser only; here they go through.
    do {
      stop = skip_plain(stop, end);
      while (stop != end && static_cast<unsigned char>(*stop) >= 0x80) ++stop;
    } while (stop != end && !is_special(*stop));
    out.append(at, stop);
    if (stop == end) break;
    switch (*stop) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(*stop));
    }
    at = stop + 1;
  }
  out += '"';
}

// The text of a scalar as a map's key; nullopt for what has none.
std::optional<std::string> key_text(const Value& key) {
  std::string text;
  switch (key.kind()) {
    case Kind::string:
      return std::string(key.as_string());
    case Kind::keyword:
    case Kind::symbol:
      return key.name()->text;
    case Kind::character:
      append_utf8(key.as_character(), text);
      return text;
    case Kind::integer:
      append_integer(key.as_integer(), text);
      return text;
    case Kind::boolean:
      return key.as_boolean() ? "true" : "false";
    case Kind::inst:
      append_inst(key.as_inst_ms(), text);
      return text;
    case Kind::ratio:
      return edn::print(key);
    case Kind::uuid:
      text = edn::print(key);
      return text.substr(7, text.size() - 8);  // #uuid "…"
    default:
      return std::nullopt;
  }
}

}  // namespace

struct Writer::State {
  // The escaped keys of a shape, each with what stands before it: `{"a":` `,"b":` …
  struct ShapeText {
    std::vector<std::string> leads;
    std::string clash;  // the text that two keys share
  };

  static ShapeText text_of(const edn::Shape& shape) {
    ShapeText result;
    std::set<std::string_view> seen;
    for (const Value& key : shape.keys()) {
      const std::string_view text =
          key.is_string() ? key.as_string() : std::string_view(key.name()->text);
      if (!seen.insert(text).second) result.clash = text;
      std::string& lead = result.leads.emplace_back(result.leads.empty() ? "{" : ",");
      append_quoted(text, lead);
      lead += ':';
    }
    return result;
  }

  std::unordered_map<const edn::Shape*, ShapeText> shapes;
  const edn::Shape* last_shape = nullptr;
  const ShapeText* last_text = nullptr;

  const ShapeText& text(const edn::Shape* shape) {
    if (shape == last_shape) return *last_text;
    auto found = shapes.find(shape);
    if (found == shapes.end()) {
      if (shapes.size() >= kShapesKept) shapes.clear();
      found = shapes.emplace(shape, text_of(*shape)).first;
    }
    last_shape = shape;
    last_text = &found->second;
    return *last_text;
  }
};

class Writer::Run {
 public:
  Run(State& state, std::string& out) : state_(state), out_(out) {}

  Result<void> value(const Value& value, int depth) {
    switch (value.kind()) {
      case Kind::nil:
        out_ += "null";
        break;
      case Kind::boolean:
        out_ += value.as_boolean() ? "true" : "false";
        break;
      case Kind::integer:
        append_integer(value.as_integer(), out_);
        break;
      case Kind::string:
        append_quoted(value.as_string(), out_);
        break;
      case Kind::keyword:
      case Kind::symbol:
        append_quoted(value.name()->text, out_);
        break;
      case Kind::real:
      case Kind::ratio:
        if (!append_real(value.to_double(), out_)) return refuse(value, "JSON has no such number");
        break;
      case Kind::character:
      case Kind::uuid:
        append_quoted(*key_text(value), out_);
        break;
      case Kind::inst:
        out_ += '"';
        append_inst(value.as_inst_ms(), out_);
        out_ += '"';
        break;
      case Kind::list:
      case Kind::vector:
      case Kind::set:
        return array(value, depth + 1);
      case Kind::map:
        return object(value, depth + 1);
      case Kind::tagged:
        return refuse(value, "JSON has no tags");
      case Kind::extension:
        return refuse(value, "JSON has only data");
    }
    return {};
  }

 private:
  static tl::unexpected<Error> refuse(const Value& value, std::string_view why) {
    std::string shown = edn::print(value);
    if (shown.size() > 80) shown = shown.substr(0, 80) + "…";
    return failure(ErrorCode::invalid_argument,
                   fmt::format("{} cannot be written as JSON: {}", shown, why));
  }

  static tl::unexpected<Error> too_deep() {
    return failure(
        ErrorCode::invalid_argument,
        fmt::format("a value nested deeper than {} cannot be written as JSON", kDepthMax));
  }

  static tl::unexpected<Error> clash(std::string_view text) {
    return failure(
        ErrorCode::invalid_argument,
        fmt::format("a map cannot be written as JSON: two of its keys are \"{}\" there", text));
  }

  Result<void> array(const Value& value, int depth) {
    if (depth > kDepthMax) return too_deep();
    char lead = '[';
    for (const Value& item : value.items()) {
      out_ += lead;
      lead = ',';
      ONYX_TRY(this->value(item, depth));
    }
    if (lead == '[') out_ += '[';
    out_ += ']';
    return {};
  }

  Result<void> object(const Value& value, int depth) {
    if (depth > kDepthMax) return too_deep();
    const edn::Record* record = value.as_record();
    if (record == nullptr) return trie(value, depth);
    const std::uint32_t size = record->shape->size();
    if (size == 0) {
      out_ += "{}";
      return {};
    }
    // By index: writing a nested map may drop the texts that `leads` would refer to.
    for (std::uint32_t i = 0; i < size; ++i) {
      const State::ShapeText& text = state_.text(record->shape);
      if (!text.clash.empty()) return clash(text.clash);
      out_ += text.leads[i];
      ONYX_TRY(this->value(record->values()[i], depth));
    }
    out_ += '}';
    return {};
  }

  Result<void> trie(const Value& value, int depth) {
    std::set<std::string> seen;
    char lead = '{';
    for (const edn::Entry entry : value.entries()) {
      const auto key = key_text(entry.key);
      if (!key) return refuse(entry.key, "it is a key of a map, and keys are strings there");
      const auto [at, is_new] = seen.insert(*key);
      if (!is_new) return clash(*key);
      out_ += lead;
      lead = ',';
      append_quoted(*key, out_);
      out_ += ':';
      ONYX_TRY(this->value(entry.value, depth));
    }
    if (lead == '{') out_ += '{';
    out_ += '}';
    return {};
  }

  State& state_;
  std::string& out_;
};

Writer::Writer() : state_(std::make_unique<State>()) {}
Writer::~Writer() = default;
Writer::Writer(Writer&&) noexcept = default;
Writer& Writer::operator=(Writer&&) noexcept = default;

Result<void> Writer::append(const Value& value, std::string& out) {
  const std::size_t before = out.size();
  Result<void> result = Run(*state_, out).value(value, 0);
  if (!result) out.resize(before);
  return result;
}

Result<std::string> write(const Value& value) {
  std::string out;
  Writer writer;
  ONYX_TRY(writer.append(value, out));
  return out;
}

}  // namespace onyx::json
