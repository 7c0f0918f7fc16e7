#include "daemon/messaging/in_process/channel.h"

#include <algorithm>
#include <bit>

namespace onyx::messaging {

namespace {
constexpr std::size_t kSegmentsInFlight = 32'768;
constexpr std::size_t kMessagesMin = 16;
constexpr std::size_t kMessagesMax = 1'024;

std::size_t capacity_for(std::size_t batch_size) {
  return std::clamp(kSegmentsInFlight / std::max<std::size_t>(batch_size, 1), kMessagesMin,
                    kMessagesMax);
}
}  // namespace

PointerRing::PointerRing(std::size_t capacity)
    : slots_(std::bit_ceil(capacity), nullptr), mask_(slots_.size() - 1) {}

bool PointerRing::is_full() {
  const std::size_t head = head_.load(std::memory_order_relaxed);
  if (head - tail_seen_ < slots_.size()) return false;
  tail_seen_ = tail_.load(std::memory_order_acquire);
  return head - tail_seen_ >= slots_.size();
}

bool PointerRing::push(Message* message) {
  if (is_full()) return false;
  const std::size_t head = head_.load(std::memory_order_relaxed);
  slots_[head & mask_] = message;
  head_.store(head + 1, std::memory_order_release);
  return true;
}

Message* PointerRing::front() {
  const std::size_t tail = tail_.load(std::memory_order_relaxed);
  if (tail == head_seen_) {
    head_seen_ = head_.load(std::memory_order_acquire);
    if (tail == head_seen_) return nullptr;
  }
  return slots_[tail & mask_];
}

Message* PointerRing::pop() {
  Message* message = front();
  if (message != nullptr)
    tail_.store(tail_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  return message;
}

Channel::Channel(std::size_t receiver_batch_size, Wake wake_producer, Wake wake_consumer)
    : batch_size_(std::max<std::size_t>(receiver_batch_size, 1)),
      wake_producer_(std::move(wake_producer)),
      wake_consumer_(std::move(wake_consumer)),
      ring_(capacity_for(receiver_batch_size)),
      used_(ring_.capacity()) {}

Channel::~Channel() {
  while (Message* message = ring_.pop()) delete message;
  while (Message* message = used_.pop()) delete message;
}

std::unique_ptr<Message> Channel::acquire() {
  if (Message* used = used_.pop()) return std::unique_ptr<Message>(used);
  return std::make_unique<Message>();
}

bool Channel::push(std::unique_ptr<Message>& message) {
  if (!ring_.push(message.get())) {
    // Announce the wait, then look again: a consumer that popped in between has either been seen or sees the flag.
    wake_at_.store(ring_.capacity() / 2, std::memory_order_seq_cst);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (!ring_.push(message.get())) return false;
    wake_at_.store(kNever, std::memory_order_relaxed);
  }
  message.release();
  wake_consumer_();
  return true;
}

void Channel::pop() {
  Message* message = ring_.pop();
  message->batch.clear();
  message->is_barrier = false;
  if (!used_.push(message)) delete message;
  std::atomic_thread_fence(std::memory_order_seq_cst);
  const std::size_t level = wake_at_.load(std::memory_order_relaxed);
  if (level != kNever && ring_.size() <= level) {
    wake_at_.store(kNever, std::memory_order_relaxed);
    wake_producer_();
  }
}

bool Channel::wake_at(std::size_t backlog) {
  wake_at_.store(backlog, std::memory_order_seq_cst);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (ring_.size() > backlog) return true;
  wake_at_.store(kNever, std::memory_order_relaxed);
  return false;
}

}  // namespace onyx::messaging
