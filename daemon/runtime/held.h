// What a strand does while the session is fenced: it holds still and looks again after a short while.
//
// Shape:   nobody wakes it: the fence opens and closes with the clock, between any two looks of any thread.
#pragma once

#include <chrono>
#include <memory>

#include "daemon/cluster/fence.h"

namespace onyx::runtime {

inline constexpr std::chrono::milliseconds kHeldLook{20};

// Without a fence nothing is ever held.
using FencePtr = std::shared_ptr<const cluster::Fence>;
inline bool is_held(const FencePtr& fence) { return fence != nullptr && !fence->is_open(); }

}  // namespace onyx::runtime
