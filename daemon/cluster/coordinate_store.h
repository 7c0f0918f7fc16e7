// Seam: the latest complete checkpoint of each job, fenced so that a deposed coordinator cannot
// write.
//
// Shape:   one text per job with a version that every write increments. "nil" before the first
//          checkpoint. Thread:  any. Every call blocks, and ends by its own deadline. Errors:
//          aborted: another coordinator has taken over since `version`; stop.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/ids.h"
#include "common/base/result.h"

namespace onyx::cluster {

struct StoredCoordinate {
  std::string text;
  std::int32_t version = 0;
  bool operator==(const StoredCoordinate&) const = default;
};

class CoordinateStore {
 public:
  virtual ~CoordinateStore() = default;

  // Takes the job's coordinate over: whoever held it before can write no more.
  virtual Result<StoredCoordinate> assume(const JobId& job) = 0;

  // Returns the version to pass with the next write.
  virtual Result<std::int32_t> write(const JobId& job, std::string_view text,
                                     std::int32_t version) = 0;
  virtual Result<std::optional<StoredCoordinate>> read(const JobId& job) = 0;
};

}  // namespace onyx::cluster
