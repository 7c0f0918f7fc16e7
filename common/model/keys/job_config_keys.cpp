#include "common/model/keys/keys.h"

namespace onyx::model::keys {
namespace {

constexpr ModelKey kJobConfigKeys[] = {
    {.section = Section::job_config,
     .key = "onyx.peer/coordinator-barrier-period-ms",
     .type = ValueType::positive_integer,
     .type_text = "integer > 0",
     .unit = "millisecond",
     .added = "0.12.1",
     .rule = "JOB-07",
     .doc = "Barrier period for this job; wins over the peer-config key."},
};

}  // namespace

std::span<const ModelKey> job_config_keys() { return kJobConfigKeys; }

}  // namespace onyx::model::keys
