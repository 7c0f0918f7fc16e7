#include "common/api/error_codec.h"

#include <fmt/format.h>

#include "common/edn/printer.h"
#include "common/edn/reader.h"

namespace onyx::api {
namespace {

void encode(const edn::Span& span, v1::Span* message) {
  message->set_line(span.line);
  message->set_column(span.column);
  message->set_end_line(span.end_line);
  message->set_end_column(span.end_column);
  message->set_offset(span.offset);
  message->set_end_offset(span.end_offset);
}

edn::Span decode(const v1::Span& message) {
  return {message.line(),       message.column(), message.end_line(),
          message.end_column(), message.offset(), message.end_offset()};
}

std::vector<std::string> strings(const google::protobuf::RepeatedPtrField<std::string>& field) {
  return {field.begin(), field.end()};
}

}  // namespace

void encode(const edn::Diagnostic& diagnostic, v1::Diagnostic* message) {
  message->set_code(diagnostic.code);
  message->set_severity(diagnostic.severity == edn::Severity::error ? v1::SEVERITY_ERROR
                                                                    : v1::SEVERITY_WARNING);
  message->set_message(diagnostic.message);
  message->mutable_path()->set_text(edn::print(edn::Value::vector(diagnostic.path)));
  message->set_entry_name(diagnostic.entry_name);
  message->set_file(diagnostic.file);
  encode(diagnostic.span, message->mutable_span());
  message->set_label(diagnostic.label);
  for (const edn::Diagnostic::Related& related : diagnostic.related) {
    v1::Diagnostic::Related* item = message->add_related();
    encode(related.span, item->mutable_span());
    item->set_label(related.label);
  }
  for (const std::string& note : diagnostic.notes) message->add_notes(note);
  for (const std::string& name : diagnostic.did_you_mean) message->add_did_you_mean(name);
  message->set_help(diagnostic.help);
}

edn::Diagnostic decode(const v1::Diagnostic& message) {
  edn::Diagnostic diagnostic;
  diagnostic.code = message.code();
  diagnostic.severity =
      message.severity() == v1::SEVERITY_WARNING ? edn::Severity::warning : edn::Severity::error;
  diagnostic.message = message.message();
  if (auto path = edn::read(message.path().text()); path && path->is_vector()) {
    for (const edn::Value& step : path->items()) diagnostic.path.push_back(step);
  }
  diagnostic.entry_name = message.entry_name();
  diagnostic.file = message.file();
  diagnostic.span = decode(message.span());
  diagnostic.label = message.label();
  for (const v1::Diagnostic::Related& related : message.related()) {
    diagnostic.related.push_back({decode(related.span()), related.label()});
  }
  diagnostic.notes = strings(message.notes());
  diagnostic.did_you_mean = strings(message.did_you_mean());
  diagnostic.help = message.help();
  return diagnostic;
}

grpc::StatusCode grpc_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return grpc::StatusCode::INVALID_ARGUMENT;
    case ErrorCode::not_found:
      return grpc::StatusCode::NOT_FOUND;
    case ErrorCode::already_exists:
      return grpc::StatusCode::ALREADY_EXISTS;
    case ErrorCode::failed_precondition:
      return grpc::StatusCode::FAILED_PRECONDITION;
    case ErrorCode::aborted:
      return grpc::StatusCode::ABORTED;
    case ErrorCode::out_of_range:
      return grpc::StatusCode::OUT_OF_RANGE;
    case ErrorCode::resource_exhausted:
      return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case ErrorCode::unimplemented:
      return grpc::StatusCode::UNIMPLEMENTED;
    case ErrorCode::unavailable:
      return grpc::StatusCode::UNAVAILABLE;
    case ErrorCode::deadline_exceeded:
      return grpc::StatusCode::DEADLINE_EXCEEDED;
    case ErrorCode::permission_denied:
      return grpc::StatusCode::PERMISSION_DENIED;
    case ErrorCode::internal:
      return grpc::StatusCode::INTERNAL;
  }
  return grpc::StatusCode::INTERNAL;
}

ErrorCode error_code(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::INVALID_ARGUMENT:
      return ErrorCode::invalid_argument;
    case grpc::StatusCode::NOT_FOUND:
      return ErrorCode::not_found;
    case grpc::StatusCode::ALREADY_EXISTS:
      return ErrorCode::already_exists;
    case grpc::StatusCode::FAILED_PRECONDITION:
      return ErrorCode::failed_precondition;
    case grpc::StatusCode::ABORTED:
      return ErrorCode::aborted;
    case grpc::StatusCode::OUT_OF_RANGE:
      return ErrorCode::out_of_range;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return ErrorCode::resource_exhausted;
    case grpc::StatusCode::UNIMPLEMENTED:
      return ErrorCode::unimplemented;
    case grpc::StatusCode::UNAVAILABLE:
      return ErrorCode::unavailable;
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return ErrorCode::deadline_exceeded;
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::UNAUTHENTICATED:
      return ErrorCode::permission_denied;
    default:
      return ErrorCode::internal;
  }
}

grpc::Status to_status(const Refusal& refusal, const std::string& daemon) {
  v1::ErrorDetail detail;
  detail.set_message(refusal.error.text());
  detail.set_rule(refusal.error.rule());
  detail.set_daemon(daemon);
  detail.set_position(refusal.position);
  detail.set_ambiguous(refusal.is_ambiguous);
  for (const std::string& candidate : refusal.candidates) detail.add_candidates(candidate);
  std::size_t bytes = detail.ByteSizeLong();
  for (const edn::Diagnostic& diagnostic : refusal.diagnostics) {
    v1::Diagnostic message;
    encode(diagnostic, &message);
    bytes += message.ByteSizeLong() + 8;
    if (bytes > kDetailBytesMax) {
      const int kept = detail.diagnostics_size();
      if (kept > 0) {
        detail.mutable_diagnostics(kept - 1)->add_notes(fmt::format(
            "{} more are not shown", refusal.diagnostics.size() - static_cast<std::size_t>(kept)));
      }
      break;
    }
    *detail.add_diagnostics() = std::move(message);
  }
  // The text is metadata too; the details hold all of it.
  return {grpc_code(refusal.error.code()), refusal.error.text().substr(0, 1024),
          detail.SerializeAsString()};
}

bool has_detail(const grpc::Status& status) {
  v1::ErrorDetail detail;
  return !status.error_details().empty() && detail.ParseFromString(status.error_details());
}

Refusal from_status(const grpc::Status& status) {
  const ErrorCode code = error_code(status.error_code());
  v1::ErrorDetail detail;
  if (status.error_details().empty() || !detail.ParseFromString(status.error_details())) {
    return Refusal(Error(code, status.error_message()));
  }
  Refusal refusal(Error(code, detail.message(), detail.rule()));
  for (const v1::Diagnostic& message : detail.diagnostics()) {
    refusal.diagnostics.push_back(decode(message));
  }
  refusal.candidates = strings(detail.candidates());
  refusal.is_ambiguous = detail.ambiguous();
  refusal.position = detail.position();
  refusal.daemon = detail.daemon();
  return refusal;
}

}  // namespace onyx::api
