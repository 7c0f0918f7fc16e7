// Values and rows as bytes: the inside of a batch frame.
//
// Shape:   format.h's tags. Integers take as many bytes as they need; keywords, symbols and the keys of records are numbers of
//          the connection's vocabulary.
// Errors:  writing refuses what only this process understands (a function, a pattern) and values nested deeper than kDepthMax.
//          Reading takes exactly what writing gives; anything else is an error, found before anything is allocated for it
//          that the bytes do not pay for.
#pragma once

#include <bit>

#include "common/base/result.h"
#include "common/edn/value.h"
#include "daemon/messaging/wire/format.h"
#include "daemon/messaging/wire/reader.h"
#include "daemon/messaging/wire/vocabulary.h"
#include "daemon/messaging/wire/writer.h"

namespace onyx::messaging::wire {

Error why_not(const edn::Value& value);

bool write_other_value(Writer& writer, Announced& vocabulary, const edn::Value& value, int depth);
edn::Value read_other_value(std::uint8_t tag, Reader& reader, const Learnt& vocabulary, int depth);

// The number of a name plus one; or 0 and its text.
inline void write_name(Writer& writer, Announced& vocabulary, const edn::Name* name) {
  if (const auto number = vocabulary.name(name)) {
    writer.number(std::uint64_t{*number} + 1);
  } else {
    writer.number(0);
    writer.text(name->text);
  }
}

// False: it cannot travel; why_not() says why, and what was written is to be dropped.
inline bool write_value(Writer& writer, Announced& vocabulary, const edn::Value& value,
                        int depth = 0) {
  writer.need(kShortStringMax + 1);
  switch (value.kind()) {  // the cells of most rows; the rest is elsewhere
    case edn::Kind::nil:
      writer.byte(kNil);
      return true;
    case edn::Kind::integer: {
      const std::int64_t integer = value.as_integer();
      const auto magnitude = static_cast<std::uint64_t>(integer ^ (integer >> 63));
      const auto bytes = static_cast<std::size_t>(64 - std::countl_zero(magnitude)) / 8 + 1;
      writer.byte(static_cast<std::uint8_t>(kInteger + bytes - 1));
      writer.fixed(static_cast<std::uint64_t>(integer), bytes);
      return true;
    }
    case edn::Kind::string: {
      const std::string_view text = value.as_string();
      if (text.size() <= kShortStringMax) {
        writer.byte(static_cast<std::uint8_t>(kShortString + text.size()));
        writer.raw(text);
      } else {
        writer.byte(kString);
        writer.text(text);
      }
      return true;
    }
    case edn::Kind::keyword:
      writer.byte(kKeyword);
      write_name(writer, vocabulary, value.name());
      return true;
    default:
      return write_other_value(writer, vocabulary, value, depth);
  }
}

// The reader fails when the bytes are no value.
inline edn::Value read_value(Reader& reader, const Learnt& vocabulary, int depth = 0) {
  const std::uint8_t tag = reader.byte();
  if (tag >= kShortString && tag <= kShortString + kShortStringMax)
    return edn::Value::string(reader.raw(tag - kShortString));
  if (tag >= kInteger && tag < kInteger + 8) {
    const std::size_t bytes = tag - kInteger + 1U;
    const auto shift = static_cast<int>(64 - 8 * bytes);
    return edn::Value::integer(static_cast<std::int64_t>(reader.fixed(bytes) << shift) >> shift);
  }
  return read_other_value(tag, reader, vocabulary, depth);
}

}  // namespace onyx::messaging::wire
