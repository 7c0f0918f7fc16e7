// Which versions of which jobs count: the newest joined is current, older ones are stale, newer ones early.
//
// Shape:   a version that was joined and left again is stale. Of jobs that have been left only the last kLeftMax are remembered;
//          what comes for an older one counts as early and is dropped by the bound on early things.
// Thread:  its owner's.
// Source:  spec of barriers, 12.3.
#pragma once

#include <cstdint>
#include <deque>
#include <map>

#include "daemon/messaging/channel_name.h"

namespace onyx::messaging {

class VersionFilter {
 public:
  enum class Verdict : unsigned char { stale, current, early };
  static constexpr std::size_t kLeftMax = 10'000;

  void join(const JobKey& key) {
    Newest& newest = newest_[key.job];
    if (key.version < newest.version) return;
    newest = {key.version, true};
  }
  void leave(const JobKey& key) {
    const auto found = newest_.find(key.job);
    if (found == newest_.end() || found->second.version != key.version) return;
    found->second.is_joined = false;
    left_.push_back(key);
    if (left_.size() <= kLeftMax) return;
    const JobKey oldest = std::move(left_.front());
    left_.pop_front();
    const auto old = newest_.find(oldest.job);
    if (old != newest_.end() && !old->second.is_joined && old->second.version == oldest.version)
      newest_.erase(old);
  }

  Verdict judge(const JobKey& key) const {
    const auto found = newest_.find(key.job);
    if (found == newest_.end() || key.version > found->second.version) return Verdict::early;
    const bool is_current = key.version == found->second.version && found->second.is_joined;
    return is_current ? Verdict::current : Verdict::stale;
  }

 private:
  struct Newest {
    ReplicaVersion version = -1;
    bool is_joined = false;
  };
  std::map<JobId, Newest> newest_;
  std::deque<JobKey> left_;
};

}  // namespace onyx::messaging
