// The monotonic clock that also runs while the machine sleeps, as the server's clock did: for the
// age of a session.
#pragma once

#include "common/base/clock.h"

namespace onyx::zookeeper {

Instant boot_now();

}  // namespace onyx::zookeeper
