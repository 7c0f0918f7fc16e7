// Text to Value, with the place of everything.
//
// Shape:   read_document() reads one value and refuses trailing text; read_all() reads every top-level value.
//          A Place mirrors the value it was read from: its span, and the places of its elements in order (map: key,
//          value, key, value …; in the order of the text).
// Limits:  nesting 512, a number 4,096 digits, a document 16 MiB; iterative, so no input can exhaust the stack.
// Errors:  a Diagnostic with code EDN-nn, line, column and byte offset. Accepts and rejects what Clojure's reader does,
//          but for the limits and integers beyond 64 bits.
// Source:  edn-format; spec rows in docs/edn.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "common/edn/diagnostic.h"
#include "common/edn/value.h"

namespace onyx::edn {

struct Place {
  Span span;
  std::vector<Place> children;
  std::uint64_t hash =
      0;  // stable_hash of a map's key or a set's element, by which locate() finds it
};

struct Document {
  Value value;
  Place place;
};

tl::expected<Document, Diagnostic> read_document(std::string_view text, std::string_view file = {});
tl::expected<std::vector<Document>, Diagnostic> read_all(std::string_view text,
                                                         std::string_view file = {});

// 8-4-4-4-12 hexadecimal digits, in either case.
std::optional<Uuid> parse_uuid(std::string_view text);

// For code that only wants the value of trusted text: our own literals, entries, fixtures.
tl::expected<Value, Diagnostic> read(std::string_view text);

// The place of the value at `path` below `root`; the place of the deepest element that exists otherwise.
// With `of_key`, the place of the last path element's key instead of its value.
Span locate(const Value& root, const Place& place, const std::vector<Value>& path,
            bool of_key = false);

}  // namespace onyx::edn
