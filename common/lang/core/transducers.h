// The transducers that the sequence functions give when they get no collection.
#pragma once

#include <cstdint>

#include "common/lang/core/transducer.h"

namespace onyx::lang::core {

Value map_transducer(Value f);
Value filter_transducer(Value f);
Value remove_transducer(Value f);
Value keep_transducer(Value f);
Value map_indexed_transducer(Value f);
Value keep_indexed_transducer(Value f);
Value take_transducer(std::int64_t n);
Value drop_transducer(std::int64_t n);
Value take_while_transducer(Value f);
Value drop_while_transducer(Value f);
Value take_nth_transducer(std::int64_t n);
Value distinct_transducer();
Value dedupe_transducer();
Value interpose_transducer(Value separator);
Value mapcat_transducer(Value f);
Value partition_all_transducer(std::int64_t n);
Value partition_by_transducer(Value f);

}  // namespace onyx::lang::core
