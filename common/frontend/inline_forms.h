// The functions that a job writes where their names could stand: `:onyx/fn (fn [segment] …)`.
#pragma once

#include <string>
#include <vector>

#include "common/edn/reader.h"
#include "common/lang/program.h"

namespace onyx::frontend {

// Every list in a function position of the information model, also inside the vector of a predicate.
// `place` mirrors `job`, or is nullptr.
std::vector<lang::InlineForm> inline_forms(const edn::Value& job, const edn::Place* place,
                                           const std::string& file);

}  // namespace onyx::frontend
