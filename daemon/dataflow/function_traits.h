// What the text of a function tells those who call it.
#pragma once

#include <optional>
#include <vector>

#include "common/edn/value.h"
#include "common/model/job.h"
#include "daemon/dataflow/key_test.h"
#include "daemon/dataflow/parameter_use.h"

namespace onyx::dataflow {

struct FunctionTraits {
  ParameterUse uses{kEveryParameter};
  std::optional<KeyTest> key_test;  // as a predicate of flow conditions
};

inline FunctionTraits traits_of(const model::FunctionRef& function,
                                const std::vector<edn::Value>& definitions) {
  return {parameters_used(function, definitions), key_test_of(function, definitions)};
}

}  // namespace onyx::dataflow
