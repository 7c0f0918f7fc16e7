// Towards the log: one thread that appends a group's entries one after the other, each exactly once.
//
// Shape:   drafts are stamped with (group, seq) here. After an ambiguous failure the log is read forward from the last position
//          known, and the entry is appended again only if it is not there; nothing overtakes it meanwhile. While the session is
//          fenced nothing is appended.
// Thread:  append() from any thread but the group's own; it blocks while `capacity` entries wait. `done` is called on the
//          outbox's thread and must only enqueue, which may have to wait for the group's thread; so the group itself appends by
//          append_now(), which never blocks.
// Errors:  once the session is dead every entry fails with `unavailable`: their author is dead.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>

#include "common/base/ids.h"
#include "common/base/result.h"
#include "daemon/cluster/cluster.h"
#include "daemon/concurrency/bounded_queue.h"
#include "daemon/concurrency/named_thread.h"
#include "daemon/coordination/entry.h"

namespace onyx::runtime {

class Outbox {
 public:
  using Done = std::function<void(Result<Position>)>;

  // `start_at`: entries of this writer that are in the log are at this position or later.
  Outbox(cluster::Cluster& cluster, GroupId writer, Position start_at,
         std::size_t capacity = 1'000);
  ~Outbox();  // close()

  // False when closed; `done` is not called then.
  bool append(coordination::Draft draft, Done done = {});
  bool append_now(coordination::Draft draft, Done done = {});

  const GroupId& writer() const { return writer_; }

  // Appends what waits, then ends; while the session is fenced what waits fails with unavailable.
  void close();

 private:
  struct Item {
    coordination::Draft draft;
    Done done;
  };

  void work();
  Result<Position> append_exactly_once(const coordination::Draft& draft);
  Result<std::optional<coordination::LogEntry>> read(Position position);

  cluster::Cluster& cluster_;
  const std::shared_ptr<const cluster::Fence> fence_;
  const GroupId writer_;
  Position known_;  // the log has been seen up to here by this outbox; the outbox's thread
  std::int64_t next_seq_ = 0;  // the outbox's thread
  std::atomic<bool> closing_{false};
  concurrency::BoundedQueue<Item> queue_;
  concurrency::NamedThread thread_;
};

}  // namespace onyx::runtime
