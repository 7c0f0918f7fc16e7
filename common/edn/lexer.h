// The smallest parts of EDN text: blanks, names, numbers, strings, characters. What the EDN reader and the reader of the
// function language have in common.
//
// Shape:   functions on a text and byte offsets into it. The text has passed check_text(), so it is valid UTF-8.
// Errors:  a Fault: rule, place, words. diagnose() makes the Diagnostic of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "common/edn/diagnostic.h"
#include "common/edn/reader_rules.h"
#include "common/edn/value.h"

namespace onyx::edn {

inline constexpr std::size_t kDocumentMax = 16 * 1024 * 1024;
inline constexpr std::size_t kNumberDigitsMax = 4096;

struct Fault {
  ReadRule rule;
  std::size_t offset, end;  // bytes
  std::string message;
  std::string label;  // beside the caret
  std::string help;
};

template <class T>
using Lexed = tl::expected<T, Fault>;

// Size, byte order mark, UTF-8, NUL.
std::optional<Fault> check_text(std::string_view text);

// Past whitespace, commas and comments.
std::size_t skip_blank(std::string_view text, std::size_t at);
// One past the name, keyword or other token that starts at `at`.
std::size_t token_end(std::string_view text, std::size_t at);
// A digit, or a sign and a digit.
bool starts_number(std::string_view text, std::size_t at);
std::size_t number_end(std::string_view text, std::size_t at);

// Of the token in [at, end).
Lexed<Value> read_number(std::string_view text, std::size_t at, std::size_t end);
Lexed<Value> read_name(std::string_view text, std::size_t at,
                       std::size_t end);  // also nil, true, false
// `at` is the opening quote or the backslash, and is moved behind the form.
Lexed<Value> read_string(std::string_view text, std::size_t& at);
Lexed<Value> read_character(std::string_view text, std::size_t& at);

// Whether Clojure's reader takes it for the name of a symbol (or of a keyword, with its colon).
bool is_valid_name(std::string_view token);

// `text` if it is short, else its beginning and an ellipsis.
std::string shortened(std::string_view text);

Diagnostic diagnose(const Fault& fault, std::string_view text, std::string_view file);
Span span_at(std::string_view text, std::size_t offset, std::size_t end);

}  // namespace onyx::edn
