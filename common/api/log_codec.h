// Log entries to their messages and back.
#pragma once

#include "common/api/views.h"
#include "onyx/v1/log_service.pb.h"

namespace onyx::api {

void encode(const LogEntryView& view, v1::LogEntry* message);
LogEntryView decode(const v1::LogEntry& message);

void encode(const EntryView& view, v1::ShowEntryResponse* message);
EntryView decode(const v1::ShowEntryResponse& message);

void encode(const LogView& view, v1::ReadLogResponse* message);
LogView decode(const v1::ReadLogResponse& message);

}  // namespace onyx::api
