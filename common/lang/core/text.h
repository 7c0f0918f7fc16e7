// Values as text: Clojure's str, pr-str and print-str.
#pragma once

#include <string>

#include "common/edn/value.h"
#include "common/lang/call.h"

namespace onyx::lang::core {

// What `str` makes of a value: nil is empty, strings and characters are themselves, a collection is readable text.
// An inst is its ISO-8601 form, 2001-01-01T00:47:00.000Z.
void append_str(Call& call, const Value& value, std::string& out);
std::string str(Call& call, const Value& value);

// pr-str: text that reads back. Sequences are written as lists, sorted maps and sets in their order.
void append_readable(Call& call, const Value& value, std::string& out);
// print-str: the same, but strings and characters without quotes and backslashes, at any depth.
void append_plain(Call& call, const Value& value, std::string& out);

// A string that is being built, with its memory counted.
void append(Call& call, std::string_view text, std::string& out);

}  // namespace onyx::lang::core
