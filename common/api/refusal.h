// Why a call was refused: an Error, and everything that was found in the document it is about.
//
// Shape:   the same object on both ends of the API; error_codec.h carries it. `failure(…)` of common/base converts to it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/base/ids.h"
#include "common/base/result.h"
#include "common/edn/diagnostic.h"

namespace onyx::api {

// Why a call was refused.
struct Refusal {
  Refusal(Error e) : error(std::move(e)) {}  // NOLINT: a plain Error is the common case
  Refusal(Error e, std::vector<edn::Diagnostic> found)
      : error(std::move(e)), diagnostics(std::move(found)) {}

  Error error;
  std::vector<edn::Diagnostic> diagnostics;
  std::vector<std::string> candidates;  // what an unknown or ambiguous name may have meant
  bool is_ambiguous = false;
  Position position = -1;  // the log entry concerned
  std::string daemon;      // who says so; empty: nobody but onyxctl itself
};

template <class T>
using Answer = tl::expected<T, Refusal>;

}  // namespace onyx::api
