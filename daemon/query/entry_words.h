// An entry of the log in words for people: whom it is about, and what it changed.
//
// Thread:  pure functions.
#pragma once

#include <string>

#include "daemon/coordination/diff.h"
#include "daemon/coordination/entry.h"
#include "daemon/replica/replica.h"

namespace onyx::query {

// "job 6f1c02d9 clicks", "group b3a1c9f0", "4 peers of group b3a1c9f0".
std::string subject_of(const coordination::LogEntry& entry, const replica::Replica& after);

// "waiting → running, 6 peers moved"; for a rejected entry, why.
std::string effect_of(const coordination::Diff& diff, const replica::Replica& after);

// The first 8 characters of an id.
std::string short_id(const std::string& id);

}  // namespace onyx::query
