#include "daemon/barrier/alignment.h"

#include <algorithm>
#include <utility>

#include "common/base/check.h"

namespace onyx::barrier {

namespace {

void merge_watermarks(std::map<std::string, std::int64_t>& into,
                      const std::map<std::string, std::int64_t>& other) {
  for (auto it = into.begin(); it != into.end();) {
    const auto found = other.find(it->first);
    if (found == other.end()) {
      it = into.erase(it);
    } else {
      it->second = std::min(it->second, found->second);
      ++it;
    }
  }
}

}  // namespace

void Alignment::reset(ReplicaVersion version, std::size_t upstreams) {
  version_ = version;
  epoch_ = -1;
  waiting_ = upstreams;
  blocked_.assign(upstreams, false);
  merged_ = {};
}

Alignment::Verdict Alignment::accept(std::size_t upstream, const Barrier& barrier) {
  ONYX_CHECK(upstream < blocked_.size(), "upstream {} of {}", upstream, blocked_.size());
  if (barrier.version < version_) return Verdict::stale;
  if (barrier.version > version_) return Verdict::early;
  if (barrier.epoch != epoch_ + 1 || blocked_[upstream]) return Verdict::misaligned;
  if (waiting_ == blocked_.size()) {
    merged_ = barrier;
  } else {
    merged_.checkpoint = merged_.checkpoint && barrier.checkpoint;
    merged_.sealing = merged_.sealing && barrier.sealing;
    if (!merged_.recover) merged_.recover = barrier.recover;
    merge_watermarks(merged_.watermarks, barrier.watermarks);
  }
  blocked_[upstream] = true;
  --waiting_;
  return Verdict::blocked;
}

Barrier Alignment::pass() {
  ONYX_CHECK(is_aligned(), "epoch {}: {} upstreams have not brought the barrier", epoch_, waiting_);
  ++epoch_;
  waiting_ = blocked_.size();
  std::fill(blocked_.begin(), blocked_.end(), false);
  return std::exchange(merged_, {});
}

}  // namespace onyx::barrier
