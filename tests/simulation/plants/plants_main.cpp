// onyx_simulation_plants: the test of the simulation. Each planted defect must be found within 10,000 seeds.
#include <fmt/format.h>

#include <atomic>
#include <cstdio>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/simulation/plan.h"
#include "tests/simulation/shrink.h"
#include "tests/simulation/world.h"

namespace onyx {

namespace {
int switched_on = 0;
}

bool planted(int number) { return number == switched_on; }

}  // namespace onyx

namespace {

using namespace onyx::simulation;

struct Plant {
  int number;
  const char* words;
};

constexpr Plant kPlants[] = {
#include "plants.inc"
};

constexpr const char* kUsage = R"(usage: onyx_simulation_plants [options]
  --seeds N      within so many each has to be found (default 10000)
  --from SEED    the first of them (default 1)
  --threads T    default: as many as cores
  --quick        only the first plant that is found at once, and none at all
  --plant N      this one only
  --shrink       … and cut its plan down
)";

// The invariants that a plant has to prove: those of coordination in the robustness rules.
constexpr const char* kInvariants[] = {"I1",  "I2",  "I3",  "I4",  "I5",  "I6",  "I7",
                                       "I8",  "I9",  "I10", "I11", "I12", "I13", "I14",
                                       "I15", "I27", "I28", "I29", "I30"};

struct Found {
  std::uint64_t seed = 0;
  Violation violation;
};

// The lowest seed among those run that finds it.
std::optional<Found> find(std::uint64_t from, std::uint64_t seeds, unsigned threads) {
  std::atomic<std::uint64_t> next{from};
  std::atomic<bool> stop{false};
  std::vector<std::optional<Found>> found(threads);
  std::vector<std::thread> workers;
  for (unsigned i = 0; i < threads; ++i) {
    workers.emplace_back([&, i] {
      while (!stop) {
        const std::uint64_t seed = next++;
        if (seed >= from + seeds) return;
        Outcome outcome = run_plan(plan_of(seed));
        if (!outcome.violation) continue;
        found[i] = Found{seed, std::move(*outcome.violation)};
        stop = true;
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  std::optional<Found> first;
  for (auto& one : found) {
    if (one && (!first || one->seed < first->seed)) first = std::move(one);
  }
  return first;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t seeds = 10'000;
  std::uint64_t from = 1;
  unsigned threads = std::max(1U, std::thread::hardware_concurrency());
  int only = -1;
  bool quick = false;
  bool shrinks = false;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    const auto value = [&]() -> std::string { return i + 1 < argc ? argv[++i] : "0"; };
    if (name == "--seeds") {
      seeds = std::stoull(value());
    } else if (name == "--from") {
      from = std::stoull(value());
    } else if (name == "--threads") {
      threads = std::max(1U, static_cast<unsigned>(std::stoul(value())));
    } else if (name == "--plant") {
      only = std::stoi(value());
    } else if (name == "--quick") {
      quick = true;
    } else if (name == "--shrink") {
      shrinks = true;
    } else {
      std::fputs(kUsage, stderr);
      return 2;
    }
  }
  if (quick) {
    // The same code with nothing switched on finds nothing, and with the first switched on it does.
    if (const auto found = find(from, 100, threads)) {
      fmt::print("no plant, and yet seed {}: {}: {}\n", found->seed, found->violation.invariant,
                 found->violation.found);
      return 1;
    }
    only = 1;
  }
  int missed = 0;
  std::set<std::string> proven;
  for (const Plant& plant : kPlants) {
    if (only > 0 && plant.number != only) continue;
    onyx::switched_on = plant.number;
    const auto found = find(from, seeds, threads);
    if (!found) {
      ++missed;
      fmt::print("{:>3}  NOT FOUND in {} seeds  {}\n", plant.number, seeds, plant.words);
    } else {
      fmt::print("{:>3}  {:>6} seeds  {}  [{}: {}]\n", plant.number, found->seed - from + 1,
                 plant.words, found->violation.invariant, found->violation.found.substr(0, 100));
      proven.insert(found->violation.invariant.substr(0, found->violation.invariant.find(' ')));
      if (shrinks) {
        const Shrunk shrunk = shrink(plan_of(found->seed), found->violation.invariant);
        fmt::print("# {} acts after {} runs\n{}", shrunk.plan.acts.size(), shrunk.runs,
                   to_text(shrunk.plan));
      }
    }
    std::fflush(stdout);
  }
  fmt::print("{} plants, {} not found\n", only > 0 ? 1 : std::size(kPlants), missed);
  if (only > 0) return missed == 0 ? 0 : 1;
  int unproven = 0;
  for (const char* invariant : kInvariants) {
    if (proven.contains(invariant)) continue;
    ++unproven;
    fmt::print("no plant proves that {} is checked\n", invariant);
  }
  return missed + unproven == 0 ? 0 : 1;
}
