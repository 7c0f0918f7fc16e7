// ONYX_CHECK: our own invariants, on in every build. A failed one ends the process with a message that holds the
// values; it is never used on input.
#pragma once

#include <fmt/format.h>

#include <string>

namespace onyx {

[[noreturn]] void check_failed(const char* condition, const char* file, int line,
                               const std::string& message);

}  // namespace onyx

#define ONYX_CHECK(condition, ...)                                                         \
  do {                                                                                     \
    if (!(condition)) [[unlikely]] {                                                       \
      ::onyx::check_failed(#condition, __FILE__, __LINE__, ::fmt::format("" __VA_ARGS__)); \
    }                                                                                      \
  } while (false)
