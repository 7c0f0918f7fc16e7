// Who is to be told when a watch fires, by the number that was handed to the C client with the
// watch.
//
// Shape:   a watch fires once on the server; it is armed again by another request with the same
//          number, as often as one likes. Numbers are never reused, so a late event of a watch that
//          was dropped finds nobody.
// Thread:  any. Callbacks run on the C client's thread and must only enqueue.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "daemon/concurrency/mutex.h"
#include "daemon/concurrency/revocable_callback.h"

namespace onyx::zookeeper {

using WatchId = std::uint64_t;
inline constexpr WatchId kNoWatch = 0;

enum class WatchEvent : unsigned char { changed, session_ended };

class Watchers {
 public:
  WatchId add(std::function<void(WatchEvent)> on_event);

  // The callback does not run afterwards.
  void drop(WatchId id);
  void fire(WatchId id);
  bool has(WatchId id);

  // No watch will fire any more; everyone is told.
  void end();

 private:
  using Watcher = std::shared_ptr<concurrency::RevocableCallback<WatchEvent>>;

  concurrency::Mutex mutex_;
  WatchId last_ ONYX_GUARDED_BY(mutex_) = kNoWatch;
  std::map<WatchId, Watcher> watchers_ ONYX_GUARDED_BY(mutex_);
};

}  // namespace onyx::zookeeper
