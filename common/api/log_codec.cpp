#include "common/api/log_codec.h"

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
