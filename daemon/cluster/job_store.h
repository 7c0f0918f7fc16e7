// Seam: the parts of submitted jobs, what killed them, and the history of their names.
//
// Shape:   a chunk is a text under (job, kind), written once: the first writer wins. A kind is a
//          name ("catalog", "workflow", "job-metadata" …) or a name and a task ("task/in",
//          "resume-point/my.ns/parse").
// Thread:  any. Every call blocks, and ends by its own deadline.
// Errors:  unavailable or deadline_exceeded: the outcome is unknown, and the same call again is
//          harmless.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/ids.h"
#include "common/base/result.h"

namespace onyx::cluster {

inline constexpr std::size_t kJobBytesMax = 8 * 1024 * 1024;

struct JobChunk {
  std::string kind;
  std::string text;
};

struct JobSubmission {
  JobId job;
  std::string hash;  // of the whole job; the same id with another hash is refused
  std::vector<JobChunk> chunks;
  std::string entry_text;           // the submit-job entry of the log
  std::optional<std::string> name;  // recorded in the history of names when given
};

struct Submitted {
  bool already = false;              // the same job was submitted before; nothing was written
  std::optional<Position> position;  // of the entry, when this call wrote it
};

struct NamedJob {
  JobId job;
  std::string tenancy;
  WallTimeMs created_at_ms = 0;
};

class JobStore {
 public:
  virtual ~JobStore() = default;

  // Writes hash, chunks and entry so that an entry never refers to a chunk that is not there, and
  // one job has one entry however many submit it at once. What a submitter that died on the way
  // left is completed by the next. already_exists: the id was taken by another job.
  // resource_exhausted: over kJobBytesMax; nothing was written.
  virtual Result<Submitted> submit(const JobSubmission& submission) = 0;

  // The hash of the job submitted under this id.
  virtual Result<std::optional<std::string>> hash(const JobId& job) = 0;

  // True when this call wrote it, false when there was one already.
  virtual Result<bool> put(const JobId& job, std::string_view kind, std::string_view text) = 0;
  virtual Result<std::optional<std::string>> get(const JobId& job, std::string_view kind) = 0;

  // What killed the job: the first to say so wins.
  virtual Result<bool> put_exception(const JobId& job, std::string_view text) = 0;
  virtual Result<std::optional<std::string>> exception(const JobId& job) = 0;

  // Every job submitted under a name, in any tenancy of this store, earliest first.
  virtual Result<std::vector<NamedJob>> history(std::string_view name) = 0;
};

}  // namespace onyx::cluster
