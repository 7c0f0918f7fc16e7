// The events of the workloads: five keys, modelled on ad and bid events. The same sequence on every machine.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>

namespace onyx::bench {

class Random {  // splitmix64
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }

  std::uint32_t below(std::uint64_t n) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint32_t>((static_cast<Wide>(next()) * n) >> 64);
  }

 private:
  std::uint64_t state_;
};

inline constexpr const char* kTypes[3] = {"view", "click", "purchase"};

struct Event {
  std::uint64_t ts_ms;  // event time
  std::uint32_t user;   // 0 … keys - 1; half of all events come from the hottest 1 % of the users
  std::uint32_t type;   // into kTypes, one third each
  std::uint32_t amount;  // 1 … 10,000
  std::uint32_t page;    // 0 … 99,999
};

class EventSource {
 public:
  static constexpr std::uint64_t kFirstMs = 1'700'000'000'000ull;

  EventSource(std::uint32_t keys, std::uint32_t events_per_s, std::uint32_t jitter_ms)
      : keys_(keys), events_per_s_(events_per_s), jitter_ms_(jitter_ms) {}

  Event next() {
    Event event{};
    event.ts_ms = kFirstMs + made_++ * 1000 / events_per_s_;
    if (jitter_ms_ != 0) event.ts_ms -= random_.below(jitter_ms_);
    const bool is_hot = (random_.next() & 1) != 0;
    event.user = random_.below(is_hot ? std::max(1u, keys_ / 100) : keys_);
    event.type = random_.below(3);
    event.amount = random_.below(10'000) + 1;
    event.page = random_.below(100'000);
    return event;
  }

 private:
  Random random_{42};
  std::uint64_t made_ = 0;
  std::uint32_t keys_;
  std::uint32_t events_per_s_;
  std::uint32_t jitter_ms_;
};

}  // namespace onyx::bench
