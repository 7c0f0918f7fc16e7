// Every code that a finding about a job or a configuration can carry, with its explanation:
// docs/errors.md and `onyxctl explain` are made of these rows.
#pragma once

#include <span>
#include <string_view>

namespace onyx::model {

struct ErrorCodeDoc {
  std::string_view code;         // "CAT-12"
  std::string_view title;        // one line
  std::string_view explanation;  // what it means and what to do
};

std::span<const ErrorCodeDoc> error_codes();
// nullptr when there is no such code.
const ErrorCodeDoc* find_error_code(std::string_view code);

}  // namespace onyx::model
