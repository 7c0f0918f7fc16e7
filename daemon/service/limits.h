// What one call may cost.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace onyx::service {

inline constexpr std::size_t kSourceBytesMax =
    16u * 1024 * 1024;                                     // a job with its functions; a case
inline constexpr std::size_t kFunctionFilesMax = 1'000;    // beside one job
inline constexpr int kMessageBytesMax = 17 * 1024 * 1024;  // and what is around it
inline constexpr std::chrono::seconds kCallMax{60};   // a unary call without a shorter deadline
inline constexpr std::chrono::seconds kCaseMax{120};  // a case may run for 60 s by itself
inline constexpr std::chrono::minutes kStreamMax{60};
inline constexpr std::uint32_t kLogReadMax = 1'000;    // entries of one answer
inline constexpr std::int32_t kPeersAddedMax = 1'000;  // by one call
inline constexpr std::size_t kSimulationStepsMax = 100;
inline constexpr std::size_t kRefusalBytesMax =
    4'000;  // of the text of an error; longer ones are cut
inline constexpr std::chrono::seconds kShutdownMax{1};
inline constexpr std::chrono::milliseconds kHearingMax{500};  // of what other daemons say of a job

}  // namespace onyx::service
