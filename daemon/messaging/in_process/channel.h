// One direction from one peer to another within a process: a single-producer single-consumer ring of messages.
//
//      producer                                                        consumer
//         │  acquire() ── message ──▶ push() ─▶ [ring of messages] ─▶ front(), pop()
//         │                                                               │
//         └──────────── [ring of used messages] ◀── recycle ──────────────┘
//
// Shape:   a message is a row batch of at most the receiver's batch size, or a barrier. A used message goes back to the
//          producer with its memory.
// Thread:  push side: one thread, the producer's; pop side: one thread, the consumer's. Each side is woken through a callback:
//          the consumer when something arrives, the producer, once it has found the ring full, when there is room again.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "common/segment/batch.h"
#include "daemon/messaging/messenger.h"

namespace onyx::messaging {

struct Message {
  segment::Batch batch;
  barrier::Barrier barrier;
  bool is_barrier = false;
};

// A fixed ring of pointers; one thread pushes, one pops. Head and tail live on lines of their own, and each side keeps a
// copy of the other's index so that it rarely reads it.
class PointerRing {
 public:
  explicit PointerRing(std::size_t capacity);  // rounded up to a power of two

  bool push(Message* message);  // false: full
  Message* pop();               // nullptr: empty
  Message* front();             // nullptr: empty
  bool is_full();               // producer
  std::size_t capacity() const { return slots_.size(); }
  // From either side; exact for the side that asks, a bound for the other.
  std::size_t size() const {
    return head_.load(std::memory_order_acquire) - tail_.load(std::memory_order_acquire);
  }

 private:
  std::vector<Message*> slots_;
  std::size_t mask_;
  alignas(64) std::atomic<std::size_t> head_{0};  // next to write
  std::size_t tail_seen_ = 0;
  alignas(64) std::atomic<std::size_t> tail_{0};  // next to read
  std::size_t head_seen_ = 0;
};

using Wake = std::function<void()>;

class Channel {
 public:
  // `receiver_batch_size` bounds a message; the ring holds about kSegmentsInFlight segments.
  Channel(std::size_t receiver_batch_size, Wake wake_producer, Wake wake_consumer);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  std::size_t batch_size() const { return batch_size_; }

  // --- producer ---
  std::unique_ptr<Message> acquire();  // empty, with memory of an earlier one when there is some
  bool push(std::unique_ptr<Message>& message);  // false: full, and the producer will be woken
  std::size_t backlog() const { return ring_.size(); }
  std::size_t capacity() const { return ring_.capacity(); }  // in messages
  // The producer will be woken, once, by the pop that leaves at most `backlog` messages. False: that many or fewer are there
  // already, and no wake will come.
  bool wake_at(std::size_t backlog);

  // --- consumer ---
  Message* front() { return ring_.front(); }
  void pop();  // the front, which goes back to the producer

 private:
  static constexpr std::size_t kNever = SIZE_MAX;

  const std::size_t batch_size_;
  Wake wake_producer_;
  Wake wake_consumer_;
  PointerRing ring_;
  PointerRing used_;
  std::atomic<std::size_t> wake_at_{kNever};  // the producer waits for this backlog
};

}  // namespace onyx::messaging
