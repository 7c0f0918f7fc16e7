// Instants to and from the text of #inst, by the proleptic Gregorian calendar.
//
// Units:   milliseconds since 1970-01-01T00:00:00Z; finer fractions are cut off.
// Source:  clojure.instant. Years beyond 9999 or before 0 are written with a sign and five or more digits, which Clojure
//          cannot read, so that every 64-bit instant prints and reads back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace onyx::edn {

// The error says what is wrong: "there is no month 13".
tl::expected<std::int64_t, std::string> parse_inst(std::string_view text);

// 2001-01-01T00:00:00.000-00:00
void print_inst(std::int64_t ms, std::string& out);

}  // namespace onyx::edn
