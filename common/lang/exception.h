// Exceptions of the function language: the value that `catch` binds, and the C++ exception that carries it.
//
// Shape:   ExceptionInfo is what (ex-info …) makes and what failing operations throw; `class_name` says which Java class
//          Clojure would have used. Thrown is a C++ exception inside common/lang only; it leaves as an Outcome.
// Errors:  raise() and its relatives throw Thrown. Messages say what was needed and what was found.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/edn/diagnostic.h"
#include "common/edn/value.h"

namespace onyx::lang {

using edn::Value;

enum class ErrorClass : std::uint8_t {
  exception_info,  // (ex-info …)
  arithmetic,      // overflow, division by zero
  illegal_argument,
  class_cast,  // an argument of the wrong type
  index_out_of_bounds,
  number_format,
  arity,
  illegal_state,
};

std::string_view name_of(
    ErrorClass error_class);  // "clojure.lang.ExceptionInfo", "java.lang.ArithmeticException" …

// One function on the way from Instance::call to the failure, innermost first.
struct TraceEntry {
  std::string function;  // "my.app/normalise"; empty for code outside of a named function
  std::string file;
  edn::Span span;    // of the call or form that failed
  std::string form;  // its text, shortened
};

class ExceptionInfo final : public edn::Extension {
 public:
  ExceptionInfo(ErrorClass error_class, std::string message, Value data = {}, Value cause = {});

  std::string_view type_name() const override { return "exception"; }
  void print(std::string& out) const override;

  ErrorClass error_class() const { return class_; }
  const std::string& message() const { return message_; }
  const Value& data() const { return data_; }    // a map; nil unless made with ex-info
  const Value& cause() const { return cause_; }  // an exception, or nil
  const std::vector<TraceEntry>& trace() const { return trace_; }

  // A copy that knows where it came from.
  Value with_trace(std::vector<TraceEntry> trace, Value data) const;

 private:
  ErrorClass class_;
  std::string message_;
  Value data_;
  Value cause_;
  std::vector<TraceEntry> trace_;
};

// The exception behind a value, or nullptr.
const ExceptionInfo* as_exception(const Value& value);

Value make_exception(ErrorClass error_class, std::string message, Value data = {},
                     Value cause = {});

struct Thrown {
  Value exception;
  std::vector<TraceEntry> trace = {};
};

[[noreturn]] void raise(ErrorClass error_class, std::string message, Value data = {});
// "+ needs numbers, got nil"; `needs` is what it needs, in words.
[[noreturn]] void raise_wrong_type(std::string_view function, std::string_view needs,
                                   const Value& got);

// A value in a message: itself when short, else its kind and size: `a map of 12 entries`, `the function my.ns/f`.
std::string describe(const Value& value);

}  // namespace onyx::lang
