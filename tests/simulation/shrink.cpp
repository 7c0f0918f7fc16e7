#include "tests/simulation/shrink.h"

#include <algorithm>
#include <functional>

#include "tests/simulation/world.h"

namespace onyx::simulation {

namespace {

class Shrinker {
 public:
  Shrinker(Plan plan, std::string invariant, std::uint64_t runs_max)
      : best_(std::move(plan)), invariant_(std::move(invariant)), runs_max_(runs_max) {}

  Shrunk run() {
    for (bool better = true; better && runs_ < runs_max_;) {
      better = false;
      better |= drop_kinds();
      better |= drop_acts();
      better |= simplify_shape();
      better |= simplify_acts();
    }
    return {best_, runs_};
  }

 private:
  bool try_it(const std::function<void(Plan&)>& change) {
    if (runs_ >= runs_max_) return false;
    Plan plan = best_;
    change(plan);
    if (plan == best_) return false;
    ++runs_;
    const auto outcome = run_plan(plan);
    if (!outcome.violation || outcome.violation->invariant != invariant_) return false;
    best_ = std::move(plan);
    return true;
  }

  bool drop_kinds() {
    bool better = false;
    for (std::size_t kind = 0; kind < static_cast<std::size_t>(ActKind::count); ++kind) {
      better |= try_it([&](Plan& plan) {
        std::erase_if(plan.acts,
                      [&](const Act& act) { return act.kind == static_cast<ActKind>(kind); });
      });
    }
    return better;
  }

  // Ranges of acts, halves first, then single ones.
  bool drop_acts() {
    bool better = false;
    for (std::size_t size = best_.acts.size(); size > 0; size /= 2) {
      for (std::size_t at = 0; at < best_.acts.size();) {
        const bool dropped = try_it([&](Plan& plan) {
          const auto first = plan.acts.begin() + static_cast<std::ptrdiff_t>(at);
          const auto count = std::min(size, plan.acts.size() - at);
          plan.acts.erase(first, first + static_cast<std::ptrdiff_t>(count));
        });
        better |= dropped;
        if (!dropped) at += size;
      }
    }
    return better;
  }

  template <class T>
  bool lower(T Plan::*field, T least) {
    bool better = try_it([&](Plan& plan) { plan.*field = least; });
    while (try_it([&](Plan& plan) { plan.*field = least + (plan.*field - least) / 2; }))
      better = true;
    better |= try_it([&](Plan& plan) {
      if (plan.*field > least) --(plan.*field);
    });
    return better;
  }

  bool simplify_shape() {
    bool better = false;
    better |= lower(&Plan::hosts, 1U);
    better |= lower(&Plan::servers, 1U);
    better |= lower(&Plan::peers, 0U);
    better |= lower(&Plan::tags, 0U);
    better |= lower(&Plan::colocation, 0U);
    better |= try_it([](Plan& plan) { plan.noise = 0; });
    better |= try_it([](Plan& plan) { plan.tombstones = 100; });
    better |= try_it([](Plan& plan) { plan.scheduler = 1; });
    better |= lower(&Plan::start_spread, std::int64_t{0});
    better |= lower(&Plan::network_delay, std::int64_t{1});
    better |= lower(&Plan::thread_delay, std::int64_t{0});
    return better;
  }

  bool simplify_acts() {
    bool better = false;
    for (std::size_t i = 0; i < best_.acts.size(); ++i) {
      better |= try_it([&](Plan& plan) { plan.acts[i].who = 0; });
      better |= try_it([&](Plan& plan) { plan.acts[i].what /= 2; });
      better |= try_it([&](Plan& plan) { plan.acts[i].lasts /= 2; });
      better |= try_it([&](Plan& plan) { plan.acts[i].at = plan.acts[i].at / 100 * 100; });
    }
    return better;
  }

  Plan best_;
  const std::string invariant_;
  const std::uint64_t runs_max_;
  std::uint64_t runs_ = 0;
};

}  // namespace

Shrunk shrink(const Plan& plan, const std::string& invariant, std::uint64_t runs_max) {
  return Shrinker(plan, invariant, runs_max).run();
}

}  // namespace onyx::simulation
