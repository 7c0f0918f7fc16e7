// Result<T>: a value or an Error, and the two macros that pass the error up.
#pragma once

#include <tl/expected.hpp>
#include <utility>

#include "common/base/error.h"

namespace onyx {

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> failure(ErrorCode code, std::string message, std::string rule = {}) {
  return tl::unexpected<Error>(Error(code, std::move(message), std::move(rule)));
}

inline tl::unexpected<Error> failure(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace onyx

#define ONYX_CONCAT_INNER(a, b) a##b
#define ONYX_CONCAT(a, b) ONYX_CONCAT_INNER(a, b)

// Returns the error of `expr` from the enclosing function, if it has one.
#define ONYX_TRY(expr)                                                   \
  do {                                                                   \
    if (auto&& onyx_try_result = (expr); !onyx_try_result.has_value()) { \
      return ::tl::unexpected(std::move(onyx_try_result).error());       \
    }                                                                    \
  } while (false)

// `lhs` becomes the value of `expr`, or its error is returned from the enclosing function.
#define ONYX_ASSIGN_OR_RETURN(lhs, expr)                                             \
  auto&& ONYX_CONCAT(onyx_result_, __LINE__) = (expr);                               \
  if (!ONYX_CONCAT(onyx_result_, __LINE__).has_value()) {                            \
    return ::tl::unexpected(std::move(ONYX_CONCAT(onyx_result_, __LINE__)).error()); \
  }                                                                                  \
  lhs = std::move(*ONYX_CONCAT(onyx_result_, __LINE__))
