// Jobs that run a case of `onyxctl test`: any daemon of the cluster can tell them from others by their id alone, lists them
// nowhere and keeps all they write until it has been read.
//
// Shape:   a UUID of version 8 (of our own making) that begins with "ca5e".
#pragma once

#include <string>
#include <string_view>

#include "common/base/ids.h"

namespace onyx {

inline constexpr std::string_view kCaseJobPrefix = "ca5e";
inline constexpr std::size_t kUuidVersionAt = 14;

// Of a fresh UUID.
inline JobId case_job(std::string uuid) {
  uuid.replace(0, kCaseJobPrefix.size(), kCaseJobPrefix);
  uuid[kUuidVersionAt] = '8';
  return JobId(std::move(uuid));
}

inline bool is_case_job(const JobId& job) {
  const std::string& text = job.text();
  return text.starts_with(kCaseJobPrefix) && text.size() == 36 && text[kUuidVersionAt] == '8';
}

}  // namespace onyx
