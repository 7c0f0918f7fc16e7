#include "daemon/zookeeper/client/boot_clock.h"

#include <ctime>

namespace onyx::zookeeper {

Instant boot_now() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return Instant(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

}  // namespace onyx::zookeeper
