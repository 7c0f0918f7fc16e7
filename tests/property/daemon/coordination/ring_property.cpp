// Groups that join, leave and die at random: those that live agree on one ring in the end.
#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <deque>
#include <set>

#include "tests/support/cluster_log.h"

using namespace onyx;
using namespace onyx::coordination;
using test::ClusterLog;

namespace {

// Every group sees every entry; reactions, retries and deaths noticed go to a queue from which the choices pick.
class Ring {
 public:
  void start(const std::string& group) {
    live_.insert(GroupId(group));
    watching_[GroupId(group)] = {};
    queue_.push_back(PrepareJoinCluster{GroupId(group), std::nullopt});
  }

  // Its entries that are not in the log yet may still come; nobody is told but by its pulse.
  void die(GroupId group) {  // a copy: it may be one of `live_`
    live_.erase(group);
    watching_.erase(group);
    for (const auto& [watcher, watched] : watching_) {
      if (watched.contains(group)) queue_.push_back(GroupLeaveCluster{group});
    }
  }

  void step(std::uint32_t choice) {
    if (queue_.empty()) return;
    const std::size_t at = choice % queue_.size();
    const Command command = queue_[at];
    queue_.erase(queue_.begin() + static_cast<std::ptrdiff_t>(at));
    log_.append(command);
    const std::set<GroupId> live = live_;
    for (const GroupId& group : live) see(group);
  }

  bool is_idle() const { return queue_.empty(); }
  const std::set<GroupId>& live() const { return live_; }
  const ClusterLog& log() const { return log_; }

 private:
  void see(const GroupId& group) {
    const auto response = log_.respond(group.text(), watching_[group]);
    for (const Draft& draft : response.reactions) queue_.push_back(draft.command);
    for (const Effect& effect : response.effects) {
      if (const auto* watch = std::get_if<WatchPulses>(&effect)) {
        watching_[group] = watch->groups;
        for (const GroupId& other : watch->groups) {
          if (!live_.contains(other)) queue_.push_back(GroupLeaveCluster{other});
        }
      } else if (const auto* probe = std::get_if<ProbePulse>(&effect)) {
        if (!live_.contains(probe->group)) queue_.push_back(GroupLeaveCluster{probe->group});
      } else if (const auto* later = std::get_if<AppendAfterBackOff>(&effect)) {
        queue_.push_back(later->draft.command);
      } else if (std::holds_alternative<RestartGroup>(effect)) {
        live_.erase(group);
        watching_.erase(group);
        start(group.text() + "'");
        return;
      }
    }
  }

  ClusterLog log_;
  std::deque<Command> queue_;
  std::set<GroupId> live_;
  std::map<GroupId, std::set<GroupId>> watching_;
};

}  // namespace

TEST_CASE("ring: whoever lives ends up in one ring, whoever died is out",
          "[coordination][property]") {
  CHECK(rc::check("ring", [] {
    const auto choices = *rc::gen::scale(4, rc::gen::container<std::vector<std::uint32_t>>(
                                                rc::gen::inRange<std::uint32_t>(0, 1 << 20)));
    Ring ring;
    int started = 0;
    for (const std::uint32_t choice : choices) {
      const std::uint32_t kind = choice % 16;
      if (kind < 3 && started < 8) {
        ring.start("g" + std::to_string(started++));
      } else if (kind == 3 && ring.live().size() > 1) {
        ring.die(*std::next(ring.live().begin(),
                            static_cast<std::ptrdiff_t>((choice / 16) % ring.live().size())));
      } else {
        ring.step(choice / 16);
      }
      RC_ASSERT(ring.log().violations() == "");
    }
    for (std::uint32_t round = 0; round < 4'000 && !ring.is_idle(); ++round)
      ring.step(round * 7919);
    RC_ASSERT(ring.is_idle());
    const auto& membership = *ring.log().replica().membership;
    RC_ASSERT(membership.prepared.empty());
    RC_ASSERT(membership.accepted.empty());
    RC_ASSERT(std::set<GroupId>(membership.joined.begin(), membership.joined.end()) == ring.live());
    RC_ASSERT(ring.log().violations() == "");
  }));
}
