#include "common/base/error.h"

namespace onyx {

std::string_view name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return "invalid argument";
    case ErrorCode::not_found:
      return "not found";
    case ErrorCode::already_exists:
      return "already exists";
    case ErrorCode::failed_precondition:
      return "failed precondition";
    case ErrorCode::aborted:
      return "aborted";
    case ErrorCode::out_of_range:
      return "out of range";
    case ErrorCode::resource_exhausted:
      return "resource exhausted";
    case ErrorCode::unimplemented:
      return "unimplemented";
    case ErrorCode::unavailable:
      return "unavailable";
    case ErrorCode::deadline_exceeded:
      return "deadline exceeded";
    case ErrorCode::permission_denied:
      return "permission denied";
    case ErrorCode::internal:
      return "internal";
  }
  return "unknown";
}

Error& Error::with_context(std::string context) & {
  context_.push_back(std::move(context));
  return *this;
}

Error&& Error::with_context(std::string context) && {
  context_.push_back(std::move(context));
  return std::move(*this);
}

std::string Error::text() const {
  std::string out;
  for (auto it = context_.rbegin(); it != context_.rend(); ++it) out += *it + ": ";
  return out + message_;
}

}  // namespace onyx
