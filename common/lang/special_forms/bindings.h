// The binding vectors of let, loop and for.
#pragma once

#include <string_view>

#include "common/lang/analyzer.h"

namespace onyx::lang {

// Reports what is wrong with (name [pattern value …] body…); true when nothing is.
bool check_bindings(Analyzer& analyzer, const Form& form, std::string_view name);

}  // namespace onyx::lang
