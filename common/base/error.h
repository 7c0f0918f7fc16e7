// An expected failure as a value: what went wrong, for a program (code), for people (message, context).
//
// Shape:   one code of the closed gRPC set, one message, context added on the way up (outermost first), and the
//          stable rule id (`CAT-12`, `LANG-03`, `NET-01` …; docs/errors.md) when there is one.
// Thread:  a value.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace onyx {

// The gRPC status codes that we use; a new one exists only when some caller acts on it.
enum class ErrorCode : unsigned char {
  invalid_argument,     // the caller's input is wrong; retrying is useless
  not_found,            // what was named does not exist
  already_exists,       // the id is taken by something else
  failed_precondition,  // right request, wrong state
  aborted,              // lost a race (compare-and-set); read again, try again
  out_of_range,         // past the end
  resource_exhausted,   // a limit of ours was hit
  unimplemented,        // known to the model, not in this version
  unavailable,          // the other side cannot be reached now; retry
  deadline_exceeded,    // no answer in time; the outcome may be unknown
  permission_denied,    // refused by a guard
  internal,             // our own defect
};

std::string_view name_of(ErrorCode code);

class Error {
 public:
  Error(ErrorCode code, std::string message, std::string rule = {})
      : code_(code), message_(std::move(message)), rule_(std::move(rule)) {}

  ErrorCode code() const { return code_; }
  const std::string& message() const { return message_; }
  const std::string& rule() const { return rule_; }

  // Adds what the next layer up knows, for example "reading catalog of job 7f3…".
  Error& with_context(std::string context) &;
  Error&& with_context(std::string context) &&;

  // "reading catalog of job 7f3…: no node"
  std::string text() const;

 private:
  ErrorCode code_;
  std::string message_;
  std::string rule_;
  std::vector<std::string> context_;  // innermost first
};

}  // namespace onyx
