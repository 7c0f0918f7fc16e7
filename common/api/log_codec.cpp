#include "common/api/log_codec.h"

#include "common/api/replica_codec.h"

namespace onyx::api {

void encode(const LogEntryView& view, v1::LogEntry* message) {
  message->set_position(view.position);
  message->set_created_ms(view.created_ms);
  message->set_fn(view.fn);
  message->set_subject(view.subject);
  message->set_effect(view.effect);
  message->mutable_args()->set_text(view.args_edn);
  message->set_rejected(view.rejected);
}

LogEntryView decode(const v1::LogEntry& message) {
  LogEntryView view;
  view.position = message.position();
  view.created_ms = message.created_ms();
  view.fn = message.fn();
  view.subject = message.subject();
  view.effect = message.effect();
  view.args_edn = message.args().text();
  view.rejected = message.rejected();
  return view;
}

void encode(const EntryView& view, v1::ShowEntryResponse* message) {
  encode(view.entry, message->mutable_entry());
  message->set_by(view.by);
  message->set_writer(view.writer.text());
  message->set_seq(view.seq);
  if (view.cause) encode(*view.cause, message->mutable_cause());
  message->set_is_origin(view.is_origin);
  message->mutable_diff()->set_text(view.diff_edn);
  encode(view.changes, message->mutable_changes());
}

EntryView decode(const v1::ShowEntryResponse& message) {
  EntryView view;
  view.entry = decode(message.entry());
  view.by = message.by();
  view.writer = GroupId(message.writer());
  view.seq = message.seq();
  if (message.has_cause()) view.cause = decode(message.cause());
  view.is_origin = message.is_origin();
  view.diff_edn = message.diff().text();
  view.changes = decode(message.changes());
  return view;
}

void encode(const LogView& view, v1::ReadLogResponse* message) {
  for (const LogEntryView& entry : view.entries) encode(entry, message->add_entries());
  message->set_origin(view.origin);
  message->set_newest(view.newest);
}

LogView decode(const v1::ReadLogResponse& message) {
  LogView view;
  for (const v1::LogEntry& entry : message.entries()) view.entries.push_back(decode(entry));
  view.origin = message.origin();
  view.newest = message.newest();
  return view;
}

}  // namespace onyx::api
