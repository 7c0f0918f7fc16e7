#include "common/lang/exception.h"

#include <fmt/format.h>

#include <utility>

#include "common/edn/printer.h"
#include "common/lang/function.h"
#include "common/lang/sequence.h"

namespace onyx::lang {

std::string_view name_of(ErrorClass error_class) {
  switch (error_class) {
    case ErrorClass::exception_info:
      return "clojure.lang.ExceptionInfo";
    case ErrorClass::arithmetic:
      return "java.lang.ArithmeticException";
    case ErrorClass::illegal_argument:
      return "java.lang.IllegalArgumentException";
    case ErrorClass::class_cast:
      return "java.lang.ClassCastException";
    case ErrorClass::index_out_of_bounds:
      return "java.lang.IndexOutOfBoundsException";
    case ErrorClass::number_format:
      return "java.lang.NumberFormatException";
    case ErrorClass::arity:
      return "clojure.lang.ArityException";
    case ErrorClass::illegal_state:
      return "java.lang.IllegalStateException";
  }
  return "";
}

ExceptionInfo::ExceptionInfo(ErrorClass error_class, std::string message, Value data, Value cause)
    : class_(error_class),
      message_(std::move(message)),
      data_(std::move(data)),
      cause_(std::move(cause)) {
  form = static_cast<std::uint8_t>(ExtensionForm::exception);
  std::uint16_t levels = 0;
  std::uint16_t lazy = 0;
  for (const Value* held : {&data_, &cause_}) {
    lazy |= held->depth() & kLazyDepth;
    levels = std::max<std::uint16_t>(levels, held->depth() & ~kLazyDepth);
  }
  depth = static_cast<std::uint16_t>((levels + 1) | lazy);
}

void ExceptionInfo::print(std::string& out) const {
  out += "#error {:message ";
  edn::print(Value::string(message_), out);
  if (!data_.is_nil()) {
    out += ", :data ";
    edn::print(data_, out);
  }
  out += '}';
}

Value ExceptionInfo::with_trace(std::vector<TraceEntry> trace, Value data) const {
  auto* copy = new ExceptionInfo(class_, message_, std::move(data), cause_);
  copy->trace_ = std::move(trace);
  return Value::extension(copy);
}

const ExceptionInfo* as_exception(const Value& value) {
  if (!is_extension(value, ExtensionForm::exception)) return nullptr;
  return static_cast<const ExceptionInfo*>(value.as_extension());
}

Value make_exception(ErrorClass error_class, std::string message, Value data, Value cause) {
  return Value::extension(
      new ExceptionInfo(error_class, std::move(message), std::move(data), std::move(cause)));
}

void raise(ErrorClass error_class, std::string message, Value data) {
  throw Thrown{make_exception(error_class, std::move(message), std::move(data))};
}

void raise_wrong_type(std::string_view function, std::string_view needs, const Value& got) {
  raise(ErrorClass::class_cast, fmt::format("{} needs {}, got {}", function, needs, describe(got)));
}

std::string describe(const Value& value) {
  constexpr std::size_t kShown = 40;
  switch (value.kind()) {
    case edn::Kind::extension:
      if (const Function* function = as_function(value)) {
        return fmt::format("the function {}", function->name());
      }
      return fmt::format("a {}", value.as_extension()->type_name());
    case edn::Kind::list:
    case edn::Kind::vector:
    case edn::Kind::map:
    case edn::Kind::set: {
      if (value.count() <= 8 && is_plain(value) && value.depth() <= 3) {
        std::string text = edn::print(value);
        if (text.size() <= kShown)
          return fmt::format("the {} {}", edn::name_of(value.kind()), text);
      }
      return fmt::format("a {} of {} {}", edn::name_of(value.kind()), value.count(),
                         value.is_map() ? "entries" : "elements");
    }
    case edn::Kind::nil:
      return "nil";
    case edn::Kind::string:
      if (value.as_string().size() > kShown) {
        return fmt::format("a string of {} bytes", value.as_string().size());
      }
      return fmt::format("the string {}", edn::print(value));
    case edn::Kind::keyword:
    case edn::Kind::symbol:
    case edn::Kind::boolean:
    case edn::Kind::character:
      return fmt::format("the {} {}", edn::name_of(value.kind()), edn::print(value));
    default:
      return edn::print(value);
  }
}

}  // namespace onyx::lang
