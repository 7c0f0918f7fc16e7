#include "cli/exit_code.h"

namespace onyx::cli {

ExitCode exit_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return ExitCode::invalid;
    case ErrorCode::not_found:
      return ExitCode::not_found;
    case ErrorCode::already_exists:
    case ErrorCode::aborted:
      return ExitCode::conflict;
    case ErrorCode::unavailable:
      return ExitCode::unreachable;
    case ErrorCode::permission_denied:
      return ExitCode::not_permitted;
    case ErrorCode::deadline_exceeded:
      return ExitCode::timed_out;
    default:
      return ExitCode::failed;
  }
}

}  // namespace onyx::cli
