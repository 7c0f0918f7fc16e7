// A queue of batches from one thread to another: a ring without locks, and a reader that spins a little before it sleeps.
#pragma once

#include <immintrin.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <ctime>
#include <thread>

#include "bench/limits/row_batch.h"

namespace onyx::bench {

class Ring {
 public:
  void push(Batch* batch) {
    for (int tries = 0; !offer(batch); ++tries) {
      if (tries < 64) {
        _mm_pause();
      } else {
        std::this_thread::yield();
      }
    }
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (is_asleep_.load(std::memory_order_relaxed) != 0) {
      wakes_.fetch_add(1);
      syscall(SYS_futex, &wakes_, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
    }
  }

  Batch* pop() {
    Batch* batch = nullptr;
    for (int tries = 0; tries < 200; ++tries) {
      if (take(batch)) return batch;
      _mm_pause();
    }
    for (;;) {
      const std::uint32_t seen = wakes_.load();
      is_asleep_.store(1, std::memory_order_relaxed);
      std::atomic_thread_fence(std::memory_order_seq_cst);
      if (!take(batch)) {
        const timespec patience{0, 2'000'000};
        syscall(SYS_futex, &wakes_, FUTEX_WAIT_PRIVATE, seen, &patience, nullptr, 0);
      }
      is_asleep_ = 0;
      if (batch != nullptr || take(batch)) return batch;
    }
  }

 private:
  static constexpr std::size_t kSize = 4096;

  bool offer(Batch* batch) {
    const std::size_t head = head_.load(std::memory_order_relaxed);
    if (head - tail_seen_ == kSize) {
      tail_seen_ = tail_.load(std::memory_order_acquire);
      if (head - tail_seen_ == kSize) return false;
    }
    slots_[head % kSize] = batch;
    head_.store(head + 1, std::memory_order_release);
    return true;
  }

  bool take(Batch*& batch) {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    if (tail == head_seen_) {
      head_seen_ = head_.load(std::memory_order_acquire);
      if (tail == head_seen_) return false;
    }
    batch = slots_[tail % kSize];
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  // The writer's line, the reader's line, and what both look at only when the ring is empty or full.
  alignas(64) std::atomic<std::size_t> head_{0};
  std::size_t tail_seen_ = 0;
  alignas(64) std::atomic<std::size_t> tail_{0};
  std::size_t head_seen_ = 0;
  alignas(64) Batch* slots_[kSize] = {};
  std::atomic<std::uint32_t> wakes_{0};
  std::atomic<std::uint32_t> is_asleep_{0};
};

}  // namespace onyx::bench
