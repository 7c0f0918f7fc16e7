#include "daemon/barrier/status.h"

#include <algorithm>

#include "common/base/check.h"

namespace onyx::barrier {

Status merge(const Status& a, const Status& b) {
  return {.version = std::min(a.version, b.version),
          .epoch = std::min(a.epoch, b.epoch),
          .min_epoch = std::min(a.min_epoch, b.min_epoch),
          .checkpointing = a.checkpointing || b.checkpointing,
          .drained = a.drained && b.drained};
}

void StatusBoard::reset(ReplicaVersion version, std::size_t peers) {
  version_ = version;
  reports_.assign(peers, std::nullopt);
}

StatusBoard::Verdict StatusBoard::take(std::size_t peer, const Status& status) {
  ONYX_CHECK(peer < reports_.size(), "peer {} of {}", peer, reports_.size());
  if (status.version != version_) return Verdict::ignored;
  auto& last = reports_[peer];
  const Epoch known = last ? last->epoch : -1;
  if (status.epoch != known && status.epoch != known + 1) return Verdict::misaligned;
  last = status;
  return Verdict::taken;
}

std::optional<Status> StatusBoard::merged() const {
  std::optional<Status> all;
  for (const auto& report : reports_) {
    if (!report) return std::nullopt;
    all = all ? merge(*all, *report) : *report;
  }
  return all;
}

bool StatusBoard::all_drained() const {
  const auto all = merged();
  return all && all->drained;
}

Epoch StatusBoard::min_epoch() const {
  const auto all = merged();
  return all ? all->min_epoch : -1;
}

bool StatusBoard::checkpointing() const {
  return std::any_of(reports_.begin(), reports_.end(),
                     [](const auto& report) { return report && report->checkpointing; });
}

Status report(ReplicaVersion version, Epoch epoch, bool checkpointing, bool drained,
              const StatusBoard& below) {
  return {.version = version,
          .epoch = epoch,
          .min_epoch = below.peers() == 0 ? epoch : std::min(epoch, below.min_epoch()),
          .checkpointing = checkpointing || below.checkpointing(),
          .drained = drained};
}

}  // namespace onyx::barrier
