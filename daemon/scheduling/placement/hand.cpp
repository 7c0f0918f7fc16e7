#include "daemon/scheduling/placement/hand.h"

#include <algorithm>

namespace onyx::scheduling {

Hand::Hand(const Problem& problem, const Colocation& colocation)
    : problem_(problem), colocation_(colocation) {
  pools_.reserve(problem.replica->pools->size());
  for (const auto& pool : *problem.replica->pools) {
    pools_.push_back({pool.idle.begin(), pool.idle.end(), {}, 0});
  }
}

std::size_t Hand::pool_of(const PeerId& id) const {
  if (pools_.size() == 1) return 0;
  return static_cast<std::size_t>(problem_.replica->peers.find(id)->pool);
}

void Hand::release(const PeerId& id) { pools_[pool_of(id)].released.push_back(&id); }

void Hand::ready() {
  for (Pool& pool : pools_) {
    std::sort(pool.released.begin(), pool.released.end(),
              [](const PeerId* a, const PeerId* b) { return *a < *b; });
  }
}

std::optional<Held> Hand::take(std::int32_t requirement) {
  std::optional<Held> best;
  for (std::size_t pool = 0; pool < pools_.size(); ++pool) {
    if (!problem_.may_run(pool, requirement)) continue;
    const PeerId* head = pools_[pool].head();
    while (head != nullptr && is_taken(*head)) {
      pools_[pool].pop();
      head = pools_[pool].head();
    }
    if (head != nullptr && (!best || *head < *best->id)) best = Held{head, pool};
  }
  if (best) pools_[best->pool].pop();
  return best;
}

bool Hand::any() const {
  return std::any_of(pools_.begin(), pools_.end(),
                     [](const Pool& pool) { return pool.head() != nullptr; });
}

const PeerId* Hand::Pool::head() const {
  const PeerId* next = next_released < released.size() ? released[next_released] : nullptr;
  if (idle == idle_end) return next;
  return next == nullptr || idle->id < *next ? &idle->id : next;
}

void Hand::Pool::pop() {
  if (next_released < released.size() && head() == released[next_released]) {
    ++next_released;
  } else {
    ++idle;
  }
}

}  // namespace onyx::scheduling
