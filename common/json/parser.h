// JSON text to Value, made for long runs of small objects with the same keys.
//
// Shape:   object → map with keyword keys (`"a/b"` is :a/b, as `(keyword "a/b")`) or string keys; array → vector;
//          a number without fraction and exponent → integer, any other → double; null → nil.
//          A Parser remembers the keys of the objects it has seen as a trie of raw key texts, one step a key, so that a
//          line whose keys come in a known order costs one comparison a key: nothing is hashed, interned or sorted.
// Limits:  nesting kDepthMax. The memory of the trie is bounded; texts beyond it only lose speed.
// Thread:  one at a time; what it returns may go anywhere.
// Errors:  strict RFC 8259, and beyond it: an integer outside 64 bits, a number outside double, a key that occurs
//          twice, a lone surrogate, invalid UTF-8 are refused. A Fault says where and what.
// Source:  RFC 8259; docs/journeys.md for its place in a file job.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "common/edn/shape.h"
#include "common/edn/value.h"

namespace onyx::json {

inline constexpr int kDepthMax = 512;

enum class Keys : std::uint8_t { keyword, string };

struct Fault {
  std::size_t offset = 0;  // bytes from the start of the text
  std::string what;        // "found `}` where a value was expected"

  // "byte 17: found `}` …", counting from 1.
  std::string text() const;
};

class Parser {
 public:
  explicit Parser(Keys keys = Keys::keyword);
  ~Parser();
  Parser(Parser&&) noexcept;
  Parser& operator=(Parser&&) noexcept;

  // The one value in `text`, white space around it allowed. No byte outside `text` is read.
  tl::expected<edn::Value, Fault> parse(std::string_view text);

 private:
  class Run;
  struct State;
  std::unique_ptr<State> state_;
};

// For a text on its own.
tl::expected<edn::Value, Fault> parse(std::string_view text, Keys keys = Keys::keyword);

}  // namespace onyx::json
