// A log of any entries, one a line, from an empty cluster: nothing throws, every invariant holds after every entry, what is
// decoded is the same when it is printed and decoded again, and the last replica can be stored.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/base/check.h"
#include "common/edn/printer.h"
#include "daemon/coordination/entry_edn.h"
#include "daemon/coordination/transition.h"
#include "daemon/replica/invariants.h"
#include "daemon/replica/replica_edn.h"

namespace {

using namespace onyx;

constexpr std::size_t kEntriesMax = 64;

void check_text(const coordination::LogEntry& entry) {
  if (std::holds_alternative<coordination::Senseless>(entry.command)) return;
  const edn::Value value = coordination::to_edn(entry);
  const coordination::LogEntry again = coordination::entry_from_edn(value);
  ONYX_CHECK(coordination::to_edn(again) == value, "{}", edn::print(value));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  replica::Replica now = replica::base_replica({});
  for (std::size_t count = 0; !rest.empty() && count < kEntriesMax; ++count) {
    const std::size_t end = rest.find('\n');
    const coordination::LogEntry entry =
        coordination::decode(rest.substr(0, end), now.version + 1, 1'700'000'000'000);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    check_text(entry);
    const replica::Replica before = now;
    auto [after, diff] = coordination::apply(std::move(now), entry);
    now = std::move(after);
    auto wrong = replica::violations(now);
    for (auto& more : replica::violations_between(before, now)) wrong.push_back(std::move(more));
    ONYX_CHECK(wrong.empty(), "{}", replica::to_text(wrong));
    for (const GroupId& group : {GroupId("a"), GroupId("b")}) {
      coordination::respond(entry, now, diff, {group, {}});
    }
  }
  const auto stored = replica::replica_from_edn(replica::to_edn(now));
  ONYX_CHECK(stored.has_value(), "the origin cannot be read: {}", stored.error().text());
  ONYX_CHECK(replica::to_edn(*stored) == replica::to_edn(now), "another replica once stored");
  return 0;
}
