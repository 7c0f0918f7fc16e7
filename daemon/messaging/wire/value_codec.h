// Values and rows as bytes: the inside of a batch frame.
//
// Shape:   format.h's tags. Integers take as many bytes as they need; keywords, symbols and the keys of records are numbers of
//          the connection's vocabulary.
// Errors:  writing refuses what only this process understands (a function, a pattern) and values nested deeper than kDepthMax.
//          Reading takes exactly what writing gives; anything else is an error, found before anything is allocated for it
//          that the bytes do not pay for.
#pragma once

#include "common/base/result.h"
#include "common/edn/value.h"
#include "daemon/messaging/wire/reader.h"
#include "daemon/messaging/wire/vocabulary.h"
#include "daemon/messaging/wire/writer.h"

namespace onyx::messaging::wire {

// False: it cannot travel; why_not() says why, and what was written is to be dropped.
bool write_value(Writer& writer, Announced& vocabulary, const edn::Value& value, int depth = 0);
Error why_not(const edn::Value& value);

// The reader fails when the bytes are no value.
edn::Value read_value(Reader& reader, const Learnt& vocabulary, int depth = 0);

}  // namespace onyx::messaging::wire
