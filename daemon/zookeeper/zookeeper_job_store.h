// The jobs on ZooKeeper: hash, chunks, the mark that the entry is in the log, exceptions, the
// history of names.
//
// Shape:   a job that fits goes in as one multi, entry included. A larger one is written chunk by
//          chunk under its hash, and then mark and entry in one multi; whoever submits it again
//          goes on where the first one stopped.
#pragma once

#include <set>

#include "daemon/cluster/job_store.h"
#include "daemon/concurrency/mutex.h"
#include "daemon/zookeeper/client/session.h"
#include "daemon/zookeeper/paths.h"

namespace onyx::zookeeper {

class ZookeeperJobStore final : public cluster::JobStore {
 public:
  ZookeeperJobStore(Session& session, const Paths& paths, std::string tenancy);

  Result<cluster::Submitted> submit(const cluster::JobSubmission& submission) override;
  Result<std::optional<std::string>> hash(const JobId& job) override;
  Result<bool> put(const JobId& job, std::string_view kind, std::string_view text) override;
  Result<std::optional<std::string>> get(const JobId& job, std::string_view kind) override;
  Result<bool> put_exception(const JobId& job, std::string_view text) override;
  Result<std::optional<std::string>> exception(const JobId& job) override;
  Result<std::vector<cluster::NamedJob>> history(std::string_view name) override;

 private:
  enum class Found : unsigned char { nothing, unfinished, submitted };

  std::vector<Op> one_multi(const cluster::JobSubmission& submission) const;
  std::vector<Op> last_multi(const cluster::JobSubmission& submission) const;
  Result<Found> look_up(const cluster::JobSubmission& submission);
  Result<void> write_chunks(const cluster::JobSubmission& submission);

  Result<bool> create_once(const std::string& path, std::string_view text);
  Result<std::optional<std::string>> read(const std::string& path);

  // The persistent node is there afterwards; asks the server once for each.
  Result<void> ensure(const std::string& path);

  Session& session_;
  const Paths paths_;
  const std::string tenancy_;

  concurrency::Mutex mutex_;
  std::set<std::string> known_ ONYX_GUARDED_BY(mutex_);  // nodes that are there
};

}  // namespace onyx::zookeeper
