#include "daemon/cluster/refusals.h"

#include <fmt/format.h>

#include <algorithm>

namespace onyx::cluster {

tl::unexpected<Error> entry_too_large(std::size_t bytes) {
  return failure(
      ErrorCode::resource_exhausted,
      fmt::format("a log entry of {} bytes is over the limit of {}", bytes, kEntryBytesMax));
}

tl::unexpected<Error> origin_goes_back(const Origin& next, Position current) {
  return failure(ErrorCode::invalid_argument,
                 fmt::format("the origin cannot move from position {} to {}: it only goes forward",
                             current, next.position));
}

tl::unexpected<Error> origin_moved(Position found, Position expected) {
  return failure(
      ErrorCode::aborted,
      fmt::format("the origin is at position {}, not at {}: another garbage collection was first",
                  found, expected));
}

tl::unexpected<Error> origin_does_not_cover(Position below, Position origin) {
  return failure(ErrorCode::failed_precondition,
                 fmt::format("entries below {} cannot be deleted: the origin stands for those up "
                             "to {} only",
                             below, origin));
}

tl::unexpected<Error> id_taken(const JobId& job) {
  return failure(ErrorCode::already_exists,
                 fmt::format("job id {} was taken by a different job; submit this one under "
                             "another id, or without one",
                             job.text()));
}

tl::unexpected<Error> pulse_taken(const GroupId& group) {
  return failure(ErrorCode::already_exists,
                 fmt::format("group {} has a pulse in another session", group.text()));
}

tl::unexpected<Error> coordinator_deposed(const JobId& job) {
  return failure(ErrorCode::aborted,
                 fmt::format("another coordinator has taken over job {}", job.text()));
}

std::size_t bytes_of(const JobSubmission& submission) {
  std::size_t bytes = submission.entry_text.size() + submission.hash.size();
  for (const JobChunk& chunk : submission.chunks) bytes += chunk.kind.size() + chunk.text.size();
  return bytes;
}

Result<void> check_size(const JobSubmission& submission) {
  if (submission.entry_text.size() > kEntryBytesMax) {
    return entry_too_large(submission.entry_text.size());
  }
  const std::size_t bytes = bytes_of(submission);
  if (bytes <= kJobBytesMax) return {};
  const auto largest = std::ranges::max_element(
      submission.chunks, {}, [](const JobChunk& chunk) { return chunk.text.size(); });
  return failure(
      ErrorCode::resource_exhausted,
      fmt::format("job {} takes {} bytes, the limit is {}; its largest part is {} with {} bytes. "
                  "Nothing was written",
                  submission.job.text(), bytes, kJobBytesMax, largest->kind, largest->text.size()));
}

}  // namespace onyx::cluster
