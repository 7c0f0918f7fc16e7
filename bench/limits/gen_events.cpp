// Writes the data of every workload to standard output; the same bytes on every machine.
//
//   gen_events json N [keys=1000] [events_per_s=10000] [jitter_ms=0]   five-key JSON lines
//   gen_events edn  N …                                                the same as EDN maps
//   gen_events sess N …                                                JSON, in bursts per user, for session windows
//   gen_events onyx N                                                  {"n": a number, "data": 100 characters}
#include <cstdio>
#include <cstdlib>
#include <string>

#include "bench/limits/events.h"

namespace onyx::bench {
namespace {

constexpr const char* kJson =
    "{\"ts\":%llu,\"user\":\"u%06u\",\"type\":\"%s\",\"amount\":%u,\"url\":\"http://example.com/"
    "page/%05u\"}\n";
constexpr const char* kEdn =
    "{:ts %llu :user \"u%06u\" :type :%s :amount %u :url \"http://example.com/page/%05u\"}\n";

void write_onyx_segments(std::uint64_t count) {
  Random random(7);
  std::string payload;
  for (int i = 0; i < 100; ++i) payload += static_cast<char>('A' + i % 26);
  for (std::uint64_t i = 0; i < count; ++i) {
    std::printf("{\"n\":%u,\"data\":\"%s\"}\n", static_cast<unsigned>(random.next() >> 33),
                payload.c_str());
  }
}

// User u is active for 20 s of each minute, from second u mod 60 on, and silent for 40 s.
std::uint32_t active_user(const Event& event, std::uint32_t keys) {
  const std::uint64_t second = (event.ts_ms - EventSource::kFirstMs) / 1000;
  std::uint32_t user = event.user;
  while ((second + 60 - user % 60) % 60 >= 20) user = (user + 1) % keys;
  return user;
}

}  // namespace
}  // namespace onyx::bench

int main(int argc, char** argv) {
  using namespace onyx::bench;
  const std::string mode = argc > 1 ? argv[1] : "";
  if (argc < 3 || (mode != "json" && mode != "edn" && mode != "sess" && mode != "onyx")) {
    std::fprintf(stderr,
                 "usage: gen_events json|edn|sess|onyx N [keys] [events_per_s] [jitter_ms]\n");
    return 2;
  }
  const auto number = [&](int i, unsigned otherwise) {
    return argc > i ? static_cast<std::uint32_t>(std::strtoul(argv[i], nullptr, 10)) : otherwise;
  };
  const std::uint64_t count = std::strtoull(argv[2], nullptr, 10);
  const std::uint32_t keys = number(3, 1000);
  if (mode == "onyx") {
    write_onyx_segments(count);
    return 0;
  }
  EventSource source(keys, number(4, 10'000), number(5, 0));
  for (std::uint64_t i = 0; i < count; ++i) {
    const Event event = source.next();
    const std::uint32_t user = mode == "sess" ? active_user(event, keys) : event.user;
    std::printf(mode == "edn" ? kEdn : kJson, static_cast<unsigned long long>(event.ts_ms), user,
                kTypes[event.type], event.amount, event.page);
  }
  return 0;
}
