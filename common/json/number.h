// Numbers and instants in the notation of JSON.
//
// Shape:   doubles are the shortest text that reads back as the same double and always show that they are doubles
//          (`1.0`, `1e21`); positional between 1e-7 and 1e21, as ECMAScript writes them.
#pragma once

#include <cstdint>
#include <string>

namespace onyx::json {

void append_integer(std::int64_t value, std::string& out);

// False, with nothing appended, for NaN and the infinities, which JSON cannot say.
[[nodiscard]] bool append_real(double value, std::string& out);

// 2001-01-01T00:47:00.000Z. Years outside 0…9999 carry a sign.
void append_inst(std::int64_t ms, std::string& out);

}  // namespace onyx::json
