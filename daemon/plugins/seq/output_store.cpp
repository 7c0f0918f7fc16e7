#include "daemon/plugins/seq/output_store.h"

#include <algorithm>

#include "common/base/case_job.h"

namespace onyx::plugins {

void SegmentLog::begin(ReplicaVersion version) {
  std::deque<Kept> dropped;  // destroyed without the lock
  const concurrency::MutexLock lock(mutex_);
  if (version <= version_) return;
  version_ = version;
  dropped.swap(kept_);
  for (Kept& kept : dropped) {
    if (kept.is_published) kept_.push_back(std::move(kept));
  }
  written_ -= dropped.size() - kept_.size();
}

bool SegmentLog::append(ReplicaVersion version, SlotId slot, std::span<edn::Value> segments) {
  const concurrency::MutexLock lock(mutex_);
  if (version != version_) return false;
  written_ += segments.size();
  if (limit_ != 0 && segments.size() > limit_) segments = segments.last(limit_);
  for (edn::Value& segment : segments) kept_.push_back({std::move(segment), slot, false});
  if (limit_ != 0) {
    while (kept_.size() > limit_) kept_.pop_front();
  }
  return true;
}

void SegmentLog::publish(ReplicaVersion version, SlotId slot) {
  const concurrency::MutexLock lock(mutex_);
  if (version != version_) return;
  for (Kept& kept : kept_) {
    if (kept.slot == slot) kept.is_published = true;
  }
}

SegmentLog::View SegmentLog::read(std::uint64_t from, std::size_t count) const {
  const concurrency::MutexLock lock(mutex_);
  View view;
  view.version = version_;
  view.written = written_;
  const std::uint64_t first_kept = written_ - kept_.size();
  view.first = std::clamp(from, first_kept, written_);
  const auto begin = static_cast<std::size_t>(view.first - first_kept);
  const std::size_t end = begin + std::min(count, kept_.size() - begin);
  view.segments.reserve(end - begin);
  for (std::size_t i = begin; i < end; ++i) view.segments.push_back(kept_[i].segment);
  return view;
}

void OutputStore::capture(const JobId& job) {
  const concurrency::MutexLock lock(mutex_);
  captured_.insert(job);
}

std::shared_ptr<SegmentLog> OutputStore::open(const JobId& job, const TaskId& task) {
  const concurrency::MutexLock lock(mutex_);
  if (const auto found = logs_.find({job, task}); found != logs_.end()) return found->second;
  const bool is_captured = captured_.contains(job);
  const bool is_case = is_case_job(job);
  const auto next = logs_.lower_bound({job, TaskId()});
  const bool is_known = next != logs_.end() && next->first.first == job;
  if (!is_captured && !is_known) (is_case ? started_cases_ : started_).push_back(job);
  auto log = std::make_shared<SegmentLog>(is_captured || is_case ? 0 : kSegmentsKept);
  logs_[{job, task}] = log;
  trim(started_, kEndedJobsKept);
  trim(started_cases_, kEndedCasesKept);
  return log;
}

std::shared_ptr<const SegmentLog> OutputStore::find(const JobId& job, const TaskId& task) const {
  const concurrency::MutexLock lock(mutex_);
  const auto found = logs_.find({job, task});
  return found == logs_.end() ? nullptr : found->second;
}

std::vector<TaskId> OutputStore::tasks(const JobId& job) const {
  const concurrency::MutexLock lock(mutex_);
  std::vector<TaskId> tasks;
  for (auto it = logs_.lower_bound({job, TaskId()}); it != logs_.end() && it->first.first == job;
       ++it) {
    tasks.push_back(it->first.second);
  }
  return tasks;
}

void OutputStore::forget(const JobId& job) {
  const concurrency::MutexLock lock(mutex_);
  captured_.erase(job);
  std::erase(started_, job);
  std::erase(started_cases_, job);
  erase(job);
}

void OutputStore::erase(const JobId& job) {
  auto it = logs_.lower_bound({job, TaskId()});
  while (it != logs_.end() && it->first.first == job) it = logs_.erase(it);
}

void OutputStore::trim(std::deque<JobId>& started, std::size_t kept) {
  for (auto it = started.begin(); started.size() > kept && it != started.end();) {
    if (is_open(*it)) {
      ++it;
      continue;
    }
    erase(*it);
    it = started.erase(it);
  }
}

// Whether an output of the job still writes.
bool OutputStore::is_open(const JobId& job) const {
  for (auto it = logs_.lower_bound({job, TaskId()}); it != logs_.end() && it->first.first == job;
       ++it) {
    if (it->second.use_count() > 1) return true;
  }
  return false;
}

}  // namespace onyx::plugins
