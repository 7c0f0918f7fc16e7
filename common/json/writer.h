// Value to JSON text, appended to a string.
//
// Shape:   map → object, list, vector and set → array, ratio → the nearest double, keyword and symbol → "ns/name",
//          character and uuid → string, inst → "2001-01-01T00:47:00.000Z". A map's key is the text of a string, keyword,
//          symbol, character, uuid, inst, integer, boolean or ratio. Strings are written as they are, but for what
//          RFC 8259 wants escaped. One line, no white space.
//          A Writer remembers the escaped keys of the shapes it has written.
// Thread:  one at a time.
// Errors:  what JSON cannot say without guessing is refused: NaN and the infinities, functions, tagged values,
//          collections as keys, two keys of one map that become the same text, nesting beyond kDepthMax. The string is
//          then as it was before.
#pragma once

#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/edn/value.h"

namespace onyx::json {

class Writer {
 public:
  Writer();
  ~Writer();
  Writer(Writer&&) noexcept;
  Writer& operator=(Writer&&) noexcept;

  Result<void> append(const edn::Value& value, std::string& out);

 private:
  class Run;
  struct State;
  std::unique_ptr<State> state_;
};

Result<std::string> write(const edn::Value& value);

}  // namespace onyx::json
