// What the seq outputs of a daemon's jobs have written, readable while the jobs run and after.
//
// Shape:   one SegmentLog per (job, task), shared by the task's peers: the last `limit` segments in order of arrival, or all
//          of them for a job that is captured. What an output has not published goes when its job starts over under a newer
//          replica version. The logs of ended jobs go, the oldest first, when there are more than kEndedJobsKept jobs.
//          Of jobs that run a case (case_job.h) everything is kept, and of fewer of them.
// Thread:  any. Each log has its own lock, taken once a batch.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "common/base/ids.h"
#include "common/edn/value.h"
#include "daemon/concurrency/mutex.h"

namespace onyx::plugins {

inline constexpr std::size_t kSegmentsKept = 1'000;
inline constexpr std::size_t kEndedJobsKept = 1'000;  // in order of their start
inline constexpr std::size_t kEndedCasesKept = 16;  // the daemon that runs a case reads it at once

class SegmentLog {
 public:
  // `limit` 0: no limit.
  explicit SegmentLog(std::size_t limit) : limit_(limit) {}

  // A peer starts in this version: what no peer has published is dropped, once per version. Older versions are ignored.
  void begin(ReplicaVersion version);
  // False: `version` is not the current one, nothing is added.
  bool append(ReplicaVersion version, SlotId slot, std::span<edn::Value> segments);
  // What the peer in `slot` wrote so far stays, whatever happens to the job.
  void publish(ReplicaVersion version, SlotId slot);

  struct View {
    std::uint64_t first = 0;  // number of the first segment here; those before are no longer kept
    std::vector<edn::Value> segments;
    ReplicaVersion version = -1;  // of the peers that wrote last
    std::uint64_t written = 0;    // segments so far; first + segments.size() unless `count` cut it
  };
  // At most `count` segments from number `from` on, or from the first that is kept.
  View read(std::uint64_t from = 0, std::size_t count = SIZE_MAX) const;

 private:
  struct Kept {
    edn::Value segment;
    SlotId slot = 0;
    bool is_published = false;
  };

  const std::size_t limit_;
  mutable concurrency::Mutex mutex_;
  std::deque<Kept> kept_ ONYX_GUARDED_BY(mutex_);
  std::uint64_t written_ ONYX_GUARDED_BY(mutex_) = 0;
  ReplicaVersion version_ ONYX_GUARDED_BY(mutex_) = -1;
};

class OutputStore {
 public:
  // The job's outputs keep everything from now on. To be called before the job starts.
  void capture(const JobId& job);

  // The log of a task, made when it is not there yet.
  std::shared_ptr<SegmentLog> open(const JobId& job, const TaskId& task);
  // nullptr when the task has no seq output, or has not started.
  std::shared_ptr<const SegmentLog> find(const JobId& job, const TaskId& task) const;
  std::vector<TaskId> tasks(const JobId& job) const;
  void forget(const JobId& job);

 private:
  void erase(const JobId& job) ONYX_REQUIRES(mutex_);
  void trim(std::deque<JobId>& started, std::size_t kept) ONYX_REQUIRES(mutex_);
  bool is_open(const JobId& job) const ONYX_REQUIRES(mutex_);

  mutable concurrency::Mutex mutex_;
  std::map<std::pair<JobId, TaskId>, std::shared_ptr<SegmentLog>> logs_ ONYX_GUARDED_BY(mutex_);
  std::set<JobId> captured_ ONYX_GUARDED_BY(mutex_);
  // Jobs with logs that are not captured, oldest first.
  std::deque<JobId> started_ ONYX_GUARDED_BY(mutex_);
  std::deque<JobId> started_cases_ ONYX_GUARDED_BY(mutex_);
};

// Captures a job's outputs and forgets them when it goes.
class Capture {
 public:
  Capture(OutputStore& store, JobId job) : store_(store), job_(std::move(job)) {
    store_.capture(job_);
  }
  ~Capture() { store_.forget(job_); }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

 private:
  OutputStore& store_;
  const JobId job_;
};

}  // namespace onyx::plugins
