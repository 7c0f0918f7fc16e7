#include "common/lang/core/areas.h"
#include "common/lang/core/arguments.h"

namespace onyx::lang::core {

namespace {

Value ex_info(Call&, Args args) {
  std::string message;
  if (!args[0].is_nil()) message = text_of("ex-info", args[0]);
  if (!is_any_map(args[1])) {
    raise(ErrorClass::illegal_argument,
          "ex-info needs a map as its data, got " + describe(args[1]));
  }
  Value cause = args.size() == 3 ? std::move(args[2]) : Value();
  if (!cause.is_nil() && as_exception(cause) == nullptr) {
    raise_wrong_type("ex-info", "an exception as its cause", cause);
  }
  return make_exception(ErrorClass::exception_info, std::move(message), std::move(args[1]),
                        std::move(cause));
}

Value ex_data(Call&, Args args) {
  const ExceptionInfo* exception = as_exception(args[0]);
  return exception == nullptr ? Value() : exception->data();
}

Value ex_message(Call&, Args args) {
  const ExceptionInfo* exception = as_exception(args[0]);
  return exception == nullptr ? Value() : Value::string(exception->message());
}

Value ex_cause(Call&, Args args) {
  const ExceptionInfo* exception = as_exception(args[0]);
  return exception == nullptr ? Value() : exception->cause();
}

constexpr Native kExceptionsTable[] = {
    {kCore, "ex-info", 2, 3, ex_info,
     "An exception with a message, a map of data and perhaps a cause."},
    {kCore, "ex-data", 1, 1, ex_data, "The data of the exception, or nil."},
    {kCore, "ex-message", 1, 1, ex_message, "The message of the exception, or nil."},
    {kCore, "ex-cause", 1, 1, ex_cause, "The exception that caused this one, or nil."},
};

}  // namespace

std::span<const Native> exceptions_table() { return kExceptionsTable; }

}  // namespace onyx::lang::core
