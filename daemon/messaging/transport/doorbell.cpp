#include "daemon/messaging/transport/doorbell.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>

#include "common/base/check.h"

namespace onyx::messaging {

Doorbell::Doorbell() : descriptor_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  ONYX_CHECK(descriptor_ >= 0, "no eventfd: errno {}", errno);
}

Doorbell::~Doorbell() { ::close(descriptor_); }

void Doorbell::post(std::function<void()> work) {
  {
    const concurrency::MutexLock lock(mutex_);
    work_.push_back(std::move(work));
  }
  wake();
}

void Doorbell::ring(EndId end) {
  {
    const concurrency::MutexLock lock(mutex_);
    rung_.push_back(end);
  }
  wake();
}

void Doorbell::wake() {
  has_any_.store(true, std::memory_order_seq_cst);
  if (sleeps_.load(std::memory_order_seq_cst) && sleeps_.exchange(false)) {
    const std::uint64_t one = 1;
    // Full means that a wake-up is on its way already.
    if (::write(descriptor_, &one, sizeof one) < 0) return;
  }
}

bool Doorbell::fall_asleep() {
  sleeps_.store(true, std::memory_order_seq_cst);
  if (!has_any_.load(std::memory_order_seq_cst)) return true;
  sleeps_.store(false, std::memory_order_seq_cst);
  return false;
}

void Doorbell::wake_up() { sleeps_.store(false, std::memory_order_seq_cst); }

void Doorbell::hear() {
  std::uint64_t count = 0;
  if (::read(descriptor_, &count, sizeof count) < 0) return;  // heard before
}

void Doorbell::take(std::vector<std::function<void()>>& work, std::vector<EndId>& rung) {
  if (!has_any_.exchange(false, std::memory_order_seq_cst)) return;
  const concurrency::MutexLock lock(mutex_);
  work.swap(work_);
  rung.swap(rung_);
}

}  // namespace onyx::messaging
