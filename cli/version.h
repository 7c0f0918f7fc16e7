// The version of this build.
#pragma once

namespace onyx::cli {

inline constexpr const char* kVersion = ONYX_VERSION;

}  // namespace onyx::cli
