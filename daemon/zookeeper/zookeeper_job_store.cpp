#include "daemon/zookeeper/zookeeper_job_store.h"

#include <fmt/format.h>

#include <utility>

#include "daemon/cluster/refusals.h"
#include "daemon/zookeeper/large_text.h"
#include "daemon/zookeeper/text_format.h"

namespace onyx::zookeeper {

using cluster::JobChunk;
using cluster::JobSubmission;
using cluster::NamedJob;
using cluster::Submitted;
using concurrency::MutexLock;

namespace {

// A multi just under the server's packet limit can become a transaction over it.
constexpr std::size_t kMultiBytesMax = 256 * 1024;
constexpr std::size_t kMultiOpsMax = 100;
constexpr int kMultiTriesMax = 20;
constexpr std::size_t kHistoryReadAhead = 32;
constexpr std::string_view kName = "onyx/name/1";

bool has_sub_kind(std::string_view kind) { return kind.find('/') != std::string_view::npos; }

Op create_op(std::string path, std::string text, CreateMode mode = CreateMode::persistent) {
  return {Op::Kind::create, std::move(path), std::move(text), mode, -1};
}

std::size_t bytes_of(const std::vector<Op>& ops) {
  constexpr std::size_t kAround = 64;  // header, access list
  std::size_t bytes = 0;
  for (const Op& op : ops) bytes += op.path.size() + op.text.size() + kAround;
  return bytes;
}

}  // namespace

ZookeeperJobStore::ZookeeperJobStore(Session& session, const Paths& paths, std::string tenancy)
    : session_(session), paths_(paths), tenancy_(std::move(tenancy)) {
  MutexLock lock(mutex_);
  for (std::string& node : paths_.skeleton()) known_.insert(std::move(node));
}

Result<Submitted> ZookeeperJobStore::submit(const JobSubmission& submission) {
  ONYX_TRY(check_size(submission));
  for (const JobChunk& chunk : submission.chunks) {
    const std::string path = paths_.chunk(submission.job, chunk.kind);
    ONYX_TRY(ensure(has_sub_kind(chunk.kind) ? parent_path(parent_path(path)) : parent_path(path)));
  }
  if (submission.name) ONYX_TRY(ensure(name_history(*submission.name)));

  std::vector<Op> ops = one_multi(submission);
  bool whole = ops.size() <= kMultiOpsMax && bytes_of(ops) <= kMultiBytesMax;
  bool tried = false;  // an earlier try of ours may have gone through
  Reply reply;
  for (int tries = 0; tries < kMultiTriesMax; ++tries) {
    if (!whole) {
      ONYX_ASSIGN_OR_RETURN(const Found found, look_up(submission));
      if (found == Found::submitted) return Submitted{.already = !tried, .position = {}};
      ONYX_TRY(write_chunks(submission));
      ops = last_multi(submission);
    }
    reply = session_.handle().multi(ops).wait();
    if (reply.ok()) {
      return Submitted{.already = false, .position = position_in(reply.results.back().path)};
    }
    if (reply.code != Code::node_exists && !reply.is_ambiguous()) break;
    tried |= reply.is_ambiguous();
    whole = false;
  }
  return failure_of(reply, fmt::format("submitting job {}", submission.job.text()));
}

std::vector<Op> ZookeeperJobStore::one_multi(const JobSubmission& submission) const {
  std::vector<Op> ops = {create_op(paths_.job_hash(submission.job), submission.hash)};
  std::set<std::string> folders;
  for (const JobChunk& chunk : submission.chunks) {
    const std::string path = paths_.chunk(submission.job, chunk.kind);
    if (has_sub_kind(chunk.kind) && folders.insert(parent_path(path)).second) {
      ops.push_back(create_op(parent_path(path), {}));
    }
    ops.push_back(create_op(path, chunk.text));
  }
  for (Op& op : last_multi(submission)) ops.push_back(std::move(op));
  return ops;
}

std::vector<Op> ZookeeperJobStore::last_multi(const JobSubmission& submission) const {
  std::vector<Op> ops = {create_op(paths_.job_submitted(submission.job), {})};
  if (submission.name) {
    ops.push_back(create_op(submission_prefix(*submission.name),
                            fmt::format("{} tenancy={} job={}", kName, escape_part(tenancy_),
                                        escape_part(submission.job.text())),
                            CreateMode::sequential));
  }
  ops.push_back(create_op(paths_.entry_prefix(), submission.entry_text, CreateMode::sequential));
  return ops;
}

Result<ZookeeperJobStore::Found> ZookeeperJobStore::look_up(const JobSubmission& submission) {
  const std::string path = paths_.job_hash(submission.job);
  ONYX_ASSIGN_OR_RETURN(const bool is_new, create_once(path, submission.hash));
  if (is_new) return Found::nothing;
  ONYX_ASSIGN_OR_RETURN(const std::optional<std::string> stored, read(path));
  if (stored != submission.hash) return cluster::id_taken(submission.job);
  ONYX_ASSIGN_OR_RETURN(const std::optional<std::string> mark,
                        read(paths_.job_submitted(submission.job)));
  return mark ? Found::submitted : Found::unfinished;
}

Result<void> ZookeeperJobStore::write_chunks(const JobSubmission& submission) {
  for (const JobChunk& chunk : submission.chunks) {
    ONYX_TRY(put(submission.job, chunk.kind, chunk.text));
  }
  return {};
}

Result<std::optional<std::string>> ZookeeperJobStore::hash(const JobId& job) {
  return read(paths_.job_hash(job));
}

Result<bool> ZookeeperJobStore::put(const JobId& job, std::string_view kind,
                                    std::string_view text) {
  if (text.size() > cluster::kJobBytesMax) {
    return failure(ErrorCode::resource_exhausted,
                   fmt::format("{} of job {} has {} bytes, the limit is {}", kind, job.text(),
                               text.size(), cluster::kJobBytesMax));
  }
  const std::string path = paths_.chunk(job, kind);
  if (has_sub_kind(kind)) ONYX_TRY(ensure(parent_path(parent_path(path))));
  ONYX_TRY(ensure(parent_path(path)));
  ONYX_ASSIGN_OR_RETURN(const std::string stored, store_large(session_, paths_, text));
  return create_once(path, stored);
}

Result<std::optional<std::string>> ZookeeperJobStore::get(const JobId& job, std::string_view kind) {
  ONYX_ASSIGN_OR_RETURN(std::optional<std::string> stored, read(paths_.chunk(job, kind)));
  if (!stored) return std::nullopt;
  return load_large(session_, paths_, std::move(*stored));
}

Result<bool> ZookeeperJobStore::put_exception(const JobId& job, std::string_view text) {
  ONYX_ASSIGN_OR_RETURN(const std::string stored, store_large(session_, paths_, text));
  return create_once(paths_.exception(job), stored);
}

Result<std::optional<std::string>> ZookeeperJobStore::exception(const JobId& job) {
  ONYX_ASSIGN_OR_RETURN(std::optional<std::string> stored, read(paths_.exception(job)));
  if (!stored) return std::nullopt;
  return load_large(session_, paths_, std::move(*stored));
}

Result<std::vector<NamedJob>> ZookeeperJobStore::history(std::string_view name) {
  std::vector<NamedJob> jobs;
  for (std::int64_t number = 0;;) {
    std::vector<Call> calls;
    for (std::size_t i = 0; i < kHistoryReadAhead; ++i) {
      calls.push_back(session_.handle().get(submission(name, number++)));
    }
    for (Call& call : calls) {
      const Reply reply = call.wait();
      if (reply.code == Code::no_node) return jobs;
      if (!reply.ok()) return failure_of(reply, fmt::format("reading the history of {}", name));
      const auto tenancy = word_in(reply.text, kName, "tenancy");
      const auto job = word_in(reply.text, kName, "job");
      if (!tenancy || !job) continue;
      jobs.push_back(
          {JobId(unescape_part(*job)), unescape_part(*tenancy), reply.stat.created_at_ms});
    }
  }
}

Result<bool> ZookeeperJobStore::create_once(const std::string& path, std::string_view text) {
  int tries = 0;
  const Reply reply = session_.repeat([&] {
    ++tries;
    return session_.handle().create(path, text);
  });
  if (reply.ok()) return true;
  if (reply.code != Code::node_exists) return failure_of(reply, fmt::format("writing {}", path));
  if (tries == 1) return false;
  // A try whose answer was lost may have been the one that wrote it.
  ONYX_ASSIGN_OR_RETURN(const std::optional<std::string> stored, read(path));
  return stored == text;
}

Result<std::optional<std::string>> ZookeeperJobStore::read(const std::string& path) {
  Reply reply = session_.repeat([&] { return session_.handle().get(path); });
  if (reply.code == Code::no_node) return std::nullopt;
  if (!reply.ok()) return failure_of(reply, fmt::format("reading {}", path));
  return std::move(reply.text);
}

Result<void> ZookeeperJobStore::ensure(const std::string& path) {
  {
    MutexLock lock(mutex_);
    if (known_.contains(path)) return {};
  }
  const Reply reply = session_.repeat([&] { return session_.handle().create(path, {}); });
  if (!reply.ok() && reply.code != Code::node_exists) {
    return failure_of(reply, fmt::format("creating {}", path));
  }
  MutexLock lock(mutex_);
  known_.insert(path);
  return {};
}

}  // namespace onyx::zookeeper
