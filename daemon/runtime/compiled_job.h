// A job ready to run on this daemon: read, checked, planned, and compiled once for all its peers.
//
// Shape:   immutable; made from the text that was submitted, so that errors at run time still know file, line and column.
// Thread:  shared by all workers.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "common/base/ids.h"
#include "common/edn/diagnostic.h"
#include "common/edn/value.h"
#include "common/frontend/checked_job.h"
#include "common/lang/program.h"
#include "common/model/job.h"
#include "common/model/planning.h"
#include "common/model/validation.h"
#include "daemon/task/task_compile.h"

namespace onyx::runtime {

// A job as it is kept in the job store, and read again by every daemon that runs it.
struct JobSource {
  frontend::JobText text;
  std::string
      peer_config;  // EDN, merged over the daemon's for this job alone: cases have one; else empty

  std::string encode() const;  // one EDN map
  static Result<JobSource> decode(std::string_view text);
};

struct CompiledJob {
  JobSource source;
  edn::Value
      value;  // the job map, with the forms of the source files in :functions and the id in :metadata
  model::Job job;
  model::Plan plan;
  std::shared_ptr<const lang::Program> program;
  std::map<TaskId, std::shared_ptr<const task::CompiledTask>> tasks;
  std::string hash;
  edn::Value peer_config;  // of the source; {} when it has none
  std::vector<edn::Diagnostic> warnings;
};

// What the daemon knows when it judges a job.
struct CompileContext {
  std::string_view job_scheduler;
  edn::Value peer_config;  // for :onyx.peer/fn-params
  std::optional<std::int64_t> peers;
  std::vector<model::TaggedPeers> tagged_peers;  // of those that have tags
};

using Diagnostics = std::vector<edn::Diagnostic>;

// All findings at once; at least one is an error.
tl::expected<std::shared_ptr<const CompiledJob>, Diagnostics> compile_job(
    JobSource source, const CompileContext& context);

}  // namespace onyx::runtime
