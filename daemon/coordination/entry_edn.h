// Entries as they are stored in ZooKeeper: EDN text, `{:onyx/format 1 :fn :submit-job :args {…} :writer … :seq 7}`.
//
// Shape:   docs/formats/log_entries.md. Ids that are UUIDs are written as #uuid, others as keywords.
// Errors:  reading never fails: what cannot be understood becomes Senseless, with the reason.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/edn/value.h"
#include "daemon/coordination/entry.h"

namespace onyx::coordination {

inline constexpr std::int64_t kEntryFormat = 1;

// Of a reason, and of who caused what: the rest is cut off when it is written.
inline constexpr std::size_t kFreeTextBytesMax = 4'000;

// What the outbox stores.
std::string encode(const Draft& draft, const GroupId& writer, std::int64_t seq);
LogEntry decode(std::string_view text, Position position, std::int64_t created_at_ms);

// As values, for cases, `log tail` and `log show`: with :message-id and :created-at when they are known.
edn::Value to_edn(const LogEntry& entry);
LogEntry entry_from_edn(const edn::Value& value);

}  // namespace onyx::coordination
