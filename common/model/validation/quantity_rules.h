// `[count unit]` of windows and triggers, judged.
#pragma once

#include <optional>

#include "common/model/job.h"
#include "common/model/validation/rules.h"

namespace onyx::model {

struct QuantityUse {
  std::string_view shape_code;  // not [integer unit]
  std::string_view unit_code;   // unknown or unfit unit, count not positive
  bool allows_time = true;
  bool allows_elements = true;
};

// The quantity under `key` when it is there and right; what is wrong is reported.
std::optional<Quantity> check_quantity(JobParts& parts, EntryShape& entry, std::string_view key,
                                       const QuantityUse& use);

}  // namespace onyx::model
