// Randomness of a simulation: a stream of numbers from a seed, the same on every machine.
//
// Shape:   0 is always the mildest choice: no fault, no delay. A quiet stream gives nothing else.
#pragma once

#include <cstdint>

namespace onyx::simulation {

inline std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

class Noise {
 public:
  // `seed` 0: quiet.
  explicit Noise(std::uint64_t seed) : seed_(seed) {}
  Noise(std::uint64_t seed, std::uint64_t stream)
      : seed_(seed == 0 ? 0 : mix(seed ^ mix(stream))) {}

  // 0 … below − 1.
  std::uint64_t pick(std::uint64_t below) {
    if (seed_ == 0 || below < 2) return 0;
    return mix(seed_ + ++drawn_) % below;
  }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(pick(static_cast<std::uint64_t>(high - low + 1)));
  }
  // Mostly near 0, seldom near `high`.
  std::int64_t small(std::int64_t high) {
    const std::int64_t limit = pick(8) == 7 ? high : high / 8;
    return between(0, limit);
  }

 private:
  std::uint64_t seed_;
  std::uint64_t drawn_ = 0;
};

}  // namespace onyx::simulation
