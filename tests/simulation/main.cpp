// onyx_simulation: runs plans of seeds, and shows, replays and cuts down the ones that fail.
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <sstream>
#include <thread>

#include "tests/simulation/plan.h"
#include "tests/simulation/shrink.h"
#include "tests/simulation/world.h"

using namespace onyx::simulation;

namespace {

constexpr const char* kUsage = R"(usage: onyx_simulation [options]
  --seeds N          run so many seeds (default 200)
  --seconds S        run seeds for so long, instead
  --from SEED        the first of them; "fresh": from the clock (default 1)
  --threads T        default: as many as cores
  --at-least N       fail when fewer seeds were run
  --failed DIR       first what is in DIR: every seed in failed_seeds.txt, one a line, # begins a comment; every *.plan
  --keep-going       do not stop at the first violation
  --coverage N       print how often each fault and state was met; fail for one that was not N times
  --seed N           run this one only
  --plan FILE        run this plan only
  --trace            … and print everything that happens
  --show             … and print the plan
  --shrink           … and cut it down when it fails (the default for the first violation of many seeds)
)";

struct Options {
  std::uint64_t seeds = 200;
  double seconds = 0;
  std::uint64_t from = 1;
  unsigned threads = std::max(1U, std::thread::hardware_concurrency());
  std::uint64_t at_least = 0;
  std::string failed;
  bool keep_going = false;
  std::optional<std::int64_t> coverage;
  std::optional<std::uint64_t> seed;
  std::string plan;
  bool trace = false;
  bool show = false;
  bool shrink = false;
};

std::optional<Options> parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    const auto value = [&]() -> std::string { return i + 1 < argc ? argv[++i] : ""; };
    if (name == "--seeds") {
      options.seeds = std::stoull(value());
    } else if (name == "--seconds") {
      options.seconds = std::stod(value());
    } else if (name == "--from") {
      const std::string from = value();
      const auto clock = std::chrono::system_clock::now().time_since_epoch();
      options.from = from == "fresh" ? static_cast<std::uint64_t>(clock.count() / 1'000'000)
                                     : std::stoull(from);
    } else if (name == "--threads") {
      options.threads = std::max(1U, static_cast<unsigned>(std::stoul(value())));
    } else if (name == "--at-least") {
      options.at_least = std::stoull(value());
    } else if (name == "--failed") {
      options.failed = value();
    } else if (name == "--keep-going") {
      options.keep_going = true;
    } else if (name == "--coverage") {
      options.coverage = std::stoll(value());
    } else if (name == "--seed") {
      options.seed = std::stoull(value());
    } else if (name == "--plan") {
      options.plan = value();
    } else if (name == "--trace") {
      options.trace = true;
    } else if (name == "--show") {
      options.show = true;
    } else if (name == "--shrink") {
      options.shrink = true;
    } else {
      return std::nullopt;
    }
  }
  return options;
}

// A plan, and what to call it.
struct Case {
  std::string name;
  Plan plan;
  bool twice = false;  // runs twice, to see that it goes the same way
};

Case case_of(std::uint64_t seed) {
  return {fmt::format("seed {}", seed), plan_of(seed), seed % 50 == 0};
}

std::optional<Plan> plan_in(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return plan_from_text(text.str());
}

// Throws when something there cannot be read: it would never run again.
std::deque<Case> failed_in(const std::filesystem::path& folder) {
  std::deque<Case> found;
  std::ifstream in(folder / "failed_seeds.txt");
  if (!in) throw std::runtime_error(fmt::format("no failed_seeds.txt in {}", folder.string()));
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    for (std::uint64_t seed = 0; words >> seed;) found.push_back(case_of(seed));
  }
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() != ".plan") continue;
    auto plan = plan_in(file.path());
    if (!plan) throw std::runtime_error(fmt::format("{} is not a plan", file.path().string()));
    found.push_back({file.path().filename().string(), std::move(*plan), true});
  }
  return found;
}

// The plan, and the same once more must go the same way (I32).
Outcome run_checked(const Plan& plan, bool twice) {
  Outcome outcome = run_plan(plan);
  if (twice && !outcome.violation && run_plan(plan).hash != outcome.hash) {
    outcome.violation = Violation{"I32 a seed gives one run", "two runs of it differ"};
  }
  return outcome;
}

int run_one(const Options& options) {
  Plan plan;
  if (options.seed) {
    plan = plan_of(*options.seed);
  } else {
    const auto read = plan_in(options.plan);
    if (!read) {
      std::cerr << options.plan << " is not a plan\n";
      return 2;
    }
    plan = *read;
  }
  if (options.show) std::cout << to_text(plan);
  const Outcome outcome = run_plan(plan, options.trace);
  fmt::print("{} entries, {} steps, {} ms simulated, hash {:016x}\n", outcome.entries,
             outcome.steps, outcome.time, outcome.hash);
  if (!outcome.violation) return 0;
  fmt::print("VIOLATION {}: {}\n", outcome.violation->invariant, outcome.violation->found);
  if (options.shrink) {
    const Shrunk shrunk = shrink(plan, outcome.violation->invariant);
    fmt::print("# cut down in {} runs to {} acts\n{}", shrunk.runs, shrunk.plan.acts.size(),
               to_text(shrunk.plan));
  }
  return 1;
}

class Campaign {
 public:
  explicit Campaign(const Options& options) : options_(options), next_(options.from) {
    if (!options.failed.empty()) failed_before_ = failed_in(options.failed);
    failed_count_ = failed_before_.size();
  }

  int run() {
    fmt::print("seeds from {} on {} threads\n", options_.from, options_.threads);
    std::fflush(stdout);
    const auto began = std::chrono::steady_clock::now();
    ends_ = began + std::chrono::milliseconds(static_cast<std::int64_t>(options_.seconds * 1'000));
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < options_.threads; ++i) threads.emplace_back([this] { work(); });
    for (std::thread& thread : threads) thread.join();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    const std::uint64_t seeds = done_;
    fmt::print(
        "{} seeds from {} and {} cases that failed before in {:.1f} s, {:.1f} a second; {} "
        "entries, "
        "{} steps; {} violations\n",
        seeds, options_.from, failed_count_, took.count(),
        static_cast<double>(seeds) / took.count(), entries_, steps_, violations_);
    bool ok = violations_ == 0;
    if (seeds < options_.at_least) {
      fmt::print("only {} of at least {} seeds\n", seeds, options_.at_least);
      ok = false;
    }
    if (options_.coverage) ok = print_coverage(*options_.coverage) && ok;
    return ok ? 0 : 1;
  }

 private:
  std::optional<Case> next() {
    std::lock_guard lock(mutex_);
    if (violations_ > 0 && !options_.keep_going) return std::nullopt;
    if (!failed_before_.empty()) {
      Case first = std::move(failed_before_.front());
      failed_before_.pop_front();
      return first;
    }
    const bool more =
        options_.seconds > 0 ? std::chrono::steady_clock::now() < ends_ : done_ < options_.seeds;
    if (!more) return std::nullopt;
    ++done_;
    return case_of(next_++);
  }

  void work() {
    while (const auto one = next()) {
      const Outcome outcome = run_checked(one->plan, one->twice);
      bool is_first = false;
      {
        std::lock_guard lock(mutex_);
        coverage_.add(outcome.coverage);
        entries_ += outcome.entries;
        steps_ += outcome.steps;
        if (!outcome.violation) continue;
        is_first = violations_++ == 0;
        fmt::print("{} VIOLATION {}: {}\n", one->name, outcome.violation->invariant,
                   outcome.violation->found.substr(0, 400));
        std::fflush(stdout);
      }
      if (is_first && (!options_.keep_going || options_.shrink)) {
        const Shrunk shrunk = shrink(one->plan, outcome.violation->invariant);
        fmt::print("# {}, cut down in {} runs to {} acts; save it and run --plan FILE --trace\n{}",
                   one->name, shrunk.runs, shrunk.plan.acts.size(), to_text(shrunk.plan));
      }
    }
  }

  bool print_coverage(std::int64_t wanted) const {
    bool all = true;
    for (std::size_t i = 0; i < kSeenKinds; ++i) {
      const auto seen = static_cast<Seen>(i);
      fmt::print("{:>10}  {:<22} {}\n", coverage_.of(seen), name_of(seen), words_of(seen));
      if (coverage_.of(seen) < wanted) {
        fmt::print("met less than {} times: {}\n", wanted, name_of(seen));
        all = false;
      }
    }
    return all;
  }

  const Options& options_;
  std::mutex mutex_;
  std::uint64_t next_;
  std::deque<Case> failed_before_;
  std::size_t failed_count_ = 0;
  std::chrono::steady_clock::time_point ends_;
  std::uint64_t done_ = 0;  // seeds that were begun
  std::uint64_t violations_ = 0;
  std::int64_t entries_ = 0;
  std::uint64_t steps_ = 0;
  Coverage coverage_;
};

}  // namespace

int main(int argc, char** argv) {
  const auto options = parse(argc, argv);
  if (!options) {
    std::cerr << kUsage;
    return 2;
  }
  if (options->seed || !options->plan.empty()) return run_one(*options);
  try {
    return Campaign(*options).run();
  } catch (const std::runtime_error& error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
}
