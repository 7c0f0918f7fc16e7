#include "common/lang/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace onyx::lang {

namespace {

using edn::Diagnostic;
using edn::Document;
using edn::Place;
using edn::Span;
using edn::Value;

constexpr int kFormsNestedMax = 512;
constexpr std::size_t kBytesMax = 16 * 1024 * 1024;

// Thrown and caught within this file: nested forms have one way out of all of them.
struct Stop {
  Diagnostic diagnostic;
};

class Reader {
 public:
  Reader(std::string_view text, std::string_view file) : text_(text), file_(file) {}

  std::vector<Document> read_all() {
    if (text_.size() > kBytesMax)
      fail("LANG-01", here(), "the file is larger than 16 MiB", "too large");
    std::vector<Document> forms;
    while (skip_blank()) {
      if (is_closing(peek())) {
        fail("LANG-01", here(1), fmt::format("unexpected {}: nothing is open here", peek()),
             "nothing to close");
      }
      if (auto form = read_form()) forms.push_back(std::move(*form));
    }
    return forms;
  }

 private:
  struct Mark {
    std::size_t offset;
    std::uint32_t line, column;
  };

  // --- text ---
  bool at_end() const { return offset_ >= text_.size(); }
  char peek(std::size_t ahead = 0) const {
    return offset_ + ahead < text_.size() ? text_[offset_ + ahead] : '\0';
  }
  Mark mark() const { return {offset_, line_, column_}; }

  void advance(std::size_t bytes = 1) {
    for (std::size_t i = 0; i < bytes && !at_end(); ++i) {
      const auto byte = static_cast<unsigned char>(text_[offset_++]);
      if (byte == '\n') {
        ++line_;
        column_ = 1;
      } else if ((byte & 0xC0) != 0x80) {
        ++column_;
      }
    }
  }

  Span span_from(const Mark& start) const {
    Span span;
    span.line = start.line;
    span.column = start.column;
    span.end_line = line_;
    span.end_column = column_;
    span.offset = start.offset;
    span.end_offset = offset_;
    return span;
  }

  Span here(std::size_t width = 0) const {
    Span span = span_from(mark());
    span.end_column += static_cast<std::uint32_t>(width);
    span.end_offset += width;
    return span;
  }

  [[noreturn]] void fail(std::string code, const Span& span, std::string message, std::string label,
                         std::string help = {}) const {
    Diagnostic diagnostic;
    diagnostic.code = std::move(code);
    diagnostic.message = std::move(message);
    diagnostic.label = std::move(label);
    diagnostic.file = file_;
    diagnostic.span = span;
    diagnostic.help = std::move(help);
    throw Stop{std::move(diagnostic)};
  }

  static bool is_space(char c) {
    return c == ' ' || c == ',' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
  }
  static bool is_closing(char c) { return c == ')' || c == ']' || c == '}'; }
  static bool ends_token(char c) {
    return is_space(c) || is_closing(c) || c == '(' || c == '[' || c == '{' || c == '"' ||
           c == ';' || c == '\0' || c == '@' || c == '^' || c == '`' || c == '~';
  }

  // False at the end of the text.
  bool skip_blank() {
    while (!at_end()) {
      if (is_space(peek())) {
        advance();
      } else if (peek() == ';' || (peek() == '#' && peek(1) == '!')) {
        while (!at_end() && peek() != '\n') advance();
      } else {
        return true;
      }
    }
    return false;
  }

  // --- forms ---

  // The next form, which must be there.
  Document required(std::string_view after, const Span& opener) {
    for (;;) {
      if (!skip_blank()) {
        fail("LANG-01", opener, fmt::format("the file ends where {} needs a form", after),
             "opened here");
      }
      if (is_closing(peek())) {
        fail("LANG-01", here(1), fmt::format("unexpected {}: {} needs a form", peek(), after),
             "no form here");
      }
      if (auto form = read_form()) return std::move(*form);
    }
  }

  // nullopt when it was discarded. The text is at something that is neither blank nor closing.
  std::optional<Document> read_form() {
    struct Level {
      int& depth;
      explicit Level(int& d) : depth(++d) {}
      ~Level() { --depth; }
    };
    const Level level(depth_);
    if (depth_ > kFormsNestedMax) {
      fail("LANG-01", here(1), fmt::format("forms are nested more than {} deep", kFormsNestedMax),
           "too deep");
    }
    const Mark start = mark();
    switch (peek()) {
      case '(':
        return collection(start, ')', 1);
      case '[':
        return collection(start, ']', 1);
      case '{':
        return collection(start, '}', 1);
      case '"':
        return atom(start, string_end(1));
      case '\\':
        return character(start);
      case '\'':
        advance();
        return wrap("quote", start, required("'", span_from(start)));
      case '^':
        advance();
        return without_meta(start);
      case '@':
        fail("LANG-05", here(1), "@ is not accepted: there is nothing to dereference here",
             "not accepted", "functions here have no mutable state; use the value itself");
      case '`':
      case '~':
        fail("LANG-05", here(1),
             fmt::format("{} is not accepted: macros cannot be defined here", peek()),
             "not accepted");
      case '#':
        return dispatch(start);
      case '%':
        if (in_short_function_) return argument(start);
        break;
      default:
        break;
    }
    return atom(start, token_end());
  }

  std::optional<Document> dispatch(const Mark& start) {
    switch (peek(1)) {
      case '{':
        return collection(start, '}', 2);
      case '(':
        return short_function(start);
      case '"':
        return regex(start);
      case '_':
        advance(2);
        required("#_", span_from(start));
        return std::nullopt;
      case '^':
        advance(2);
        return without_meta(start);
      case '\'':
        fail("LANG-05", here(2), "#' is not accepted: there are no vars here", "not accepted",
             "use the name itself");
      case '=':
        fail("LANG-05", here(2), "#= is not accepted: nothing is evaluated while reading",
             "not accepted");
      case '?':
        fail("LANG-05", here(2), "reader conditionals are not accepted", "not accepted",
             "keep the :clj branch");
      case ':':
        fail("LANG-05", here(2), "namespaced map syntax #:ns{…} is not accepted", "not accepted",
             "write the namespace at each key");
      case '#':
        return atom(start, token_end());
      default:
        return tagged(start);
    }
  }

  // What has been read from `start` on, to `end`, as the EDN reader sees it.
  Document atom(const Mark& start, std::size_t end) {
    const std::string_view token = text_.substr(start.offset, end - start.offset);
    advance(end - offset_);
    const Span span = span_from(start);
    auto read = edn::read_document(token, file_);
    if (!read) {
      Diagnostic diagnostic = std::move(read.error());
      diagnostic.span = span;
      throw Stop{std::move(diagnostic)};
    }
    read->place = {};
    read->place.span = span;
    return std::move(*read);
  }

  std::size_t token_end() const {
    std::size_t end = offset_ + 1;
    while (end < text_.size() && !ends_token(text_[end])) ++end;
    return end;
  }

  // Behind the closing quote of a string whose opening quote is `quote - 1` bytes ahead.
  std::size_t string_end(std::size_t quote) const {
    std::size_t end = offset_ + quote;
    while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    if (end >= text_.size())
      fail("LANG-01", here(quote), "the string is never closed", "opened here");
    return end + 1;
  }

  Document character(const Mark& start) {
    std::size_t end = offset_ + 2;  // The first one may be anything, a bracket too.
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0) == 0x80) ++end;
    while (end < text_.size() && !ends_token(text_[end])) ++end;
    return atom(start, std::min(end, text_.size()));
  }

  Document collection(const Mark& start, char closing, std::size_t opener_length) {
    const bool is_set = opener_length == 2;
    advance(opener_length);
    const Span opener = span_from(start);
    std::vector<Value> values;
    Place place;
    for (;;) {
      if (!skip_blank()) {
        fail("LANG-01", opener,
             fmt::format("the file ends, and this is never closed; {} is missing", closing),
             "opened here");
      }
      if (is_closing(peek())) break;
      if (auto form = read_form()) {
        values.push_back(std::move(form->value));
        place.children.push_back(std::move(form->place));
      }
    }
    if (peek() != closing) {
      Diagnostic diagnostic;
      diagnostic.code = "LANG-01";
      diagnostic.message = fmt::format("unexpected {}: {} is expected here", peek(), closing);
      diagnostic.label = fmt::format("should be {}", closing);
      diagnostic.file = file_;
      diagnostic.span = here(1);
      diagnostic.related.push_back({opener, "opened here"});
      throw Stop{std::move(diagnostic)};
    }
    advance();
    place.span = span_from(start);
    return make(closing, is_set, std::move(values), std::move(place));
  }

  Document make(char closing, bool is_set, std::vector<Value> values, Place place) {
    if (closing == ')') return {Value::list(std::move(values)), std::move(place)};
    if (closing == ']') return {Value::vector(std::move(values)), std::move(place)};
    const std::size_t count = values.size();
    if (is_set) {
      for (std::size_t i = 0; i < count; ++i) place.children[i].hash = edn::stable_hash(values[i]);
      Value set = Value::set(std::move(values));
      if (set.count() != count)
        fail("LANG-01", place.span, "the set has an element twice", "duplicate");
      return {std::move(set), std::move(place)};
    }
    if (count % 2 != 0) {
      fail("LANG-01", place.children.back().span, "a map needs pairs of key and value",
           "no value for this key");
    }
    std::vector<std::pair<Value, Value>> entries;
    for (std::size_t i = 0; i < count; i += 2) {
      place.children[i].hash = edn::stable_hash(values[i]);
      entries.emplace_back(std::move(values[i]), std::move(values[i + 1]));
    }
    Value map = Value::map(std::move(entries));
    if (map.count() * 2 != count)
      fail("LANG-01", place.span, "the map has a key twice", "duplicate");
    return {std::move(map), std::move(place)};
  }

  // (name form)
  Document wrap(std::string_view name, const Mark& start, Document form) {
    Place place;
    place.span = span_from(start);
    Place head;
    head.span = place.span;
    place.children.push_back(std::move(head));
    place.children.push_back(std::move(form.place));
    return {Value::list({Value::symbol(name), std::move(form.value)}), std::move(place)};
  }

  Document without_meta(const Mark& start) {
    required("^", span_from(start));
    return required("^", span_from(start));
  }

  Document regex(const Mark& start) {
    const std::size_t end = string_end(2);
    const std::string_view pattern = text_.substr(offset_ + 2, end - offset_ - 3);
    advance(end - offset_);
    Document text{Value::string(pattern), {}};
    text.place.span = span_from(start);
    return wrap("re-pattern", start, std::move(text));
  }

  Document tagged(const Mark& start) {
    const std::size_t name_end = token_end();
    const std::string_view name = text_.substr(offset_ + 1, name_end - offset_ - 1);
    if (name.empty())
      fail("LANG-01", here(1), "# must be followed by something", "nothing follows");
    advance(name_end - offset_);
    required(fmt::format("#{}", name), span_from(start));
    return atom(start, offset_);  // The EDN reader knows what tags mean.
  }

  // --- #(…) ---

  static std::string parameter(std::uint32_t number) { return fmt::format("p{}__", number); }

  Document argument(const Mark& start) {
    const std::size_t end = token_end();
    const std::string_view token = text_.substr(offset_, end - offset_);
    advance(end - offset_);
    Document document;
    document.place.span = span_from(start);
    if (token == "%&") {
      has_rest_ = true;
      document.value = Value::symbol("rest__");
      return document;
    }
    std::uint32_t number = 1;
    if (token != "%") {
      const std::string_view digits = token.substr(1);
      const bool is_number =
          digits.size() <= 2 &&
          std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
      number = 0;
      if (is_number) {
        for (const char c : digits) number = number * 10 + static_cast<std::uint32_t>(c - '0');
      }
      if (number < 1 || number > 20) {
        fail("LANG-01", document.place.span,
             fmt::format("{} is no argument: %, %1 … %20 and %& are", token), "not an argument");
      }
    }
    arguments_ = std::max(arguments_, number);
    document.value = Value::symbol(parameter(number));
    return document;
  }

  Document short_function(const Mark& start) {
    if (in_short_function_) {
      fail("LANG-01", here(2), "#() cannot stand inside of #()", "nested",
           "write the inner one as (fn [x] …)");
    }
    in_short_function_ = true;
    arguments_ = 0;
    has_rest_ = false;
    advance();  // The # ; the rest is a list.
    Document body = collection(mark(), ')', 1);
    in_short_function_ = false;
    Place place;
    place.span = span_from(start);
    Place inner;
    inner.span = place.span;
    std::vector<Value> parameters;
    Place parameters_place = inner;
    for (std::uint32_t i = 1; i <= arguments_; ++i) {
      parameters.push_back(Value::symbol(parameter(i)));
      parameters_place.children.push_back(inner);
    }
    if (has_rest_) {
      parameters.push_back(Value::symbol("&"));
      parameters.push_back(Value::symbol("rest__"));
      parameters_place.children.push_back(inner);
      parameters_place.children.push_back(inner);
    }
    place.children = {inner, parameters_place, std::move(body.place)};
    return {Value::list(
                {Value::symbol("fn"), Value::vector(std::move(parameters)), std::move(body.value)}),
            std::move(place)};
  }

  std::string_view text_;
  std::string file_;
  std::size_t offset_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
  int depth_ = 0;
  bool in_short_function_ = false;
  std::uint32_t arguments_ = 0;  // the highest of the #() being read
  bool has_rest_ = false;
};

}  // namespace

tl::expected<std::vector<edn::Document>, edn::Diagnostic> read_source(std::string_view text,
                                                                      std::string_view file) {
  try {
    return Reader(text, file).read_all();
  } catch (Stop& stop) {
    return tl::unexpected(std::move(stop.diagnostic));
  }
}

}  // namespace onyx::lang
