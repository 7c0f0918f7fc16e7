#include "common/lang/core/areas.h"
#include "common/lang/core/arguments.h"
#include "common/lang/core/text.h"

namespace onyx::lang::core {

namespace {

using Append = void (*)(Call&, const Value&, std::string&);

template <Append append_value>
std::string joined(Call& call, Args args) {
  std::string out;
  for (std::size_t i = 0; i < args.size(); ++i) {
    call.step();
    if (i != 0) out += ' ';
    append_value(call, args[i], out);
  }
  return out;
}

// The log has lines, so print and pr end theirs too.
template <Append append_value>
Value print_fn(Call& call, Args args) {
  call.print_line(joined<append_value>(call, args));
  return {};
}

template <Append append_value>
Value print_to_string(Call& call, Args args) {
  return Value::string(joined<append_value>(call, args));
}

template <Append append_value>
Value print_line_to_string(Call& call, Args args) {
  return Value::string(joined<append_value>(call, args) + '\n');
}

Value newline(Call& call, Args) {
  call.print_line("");
  return {};
}

constexpr Native kPrintingTable[] = {
    {kCore, "println", 0, kVariadic, print_fn<append_plain>,
     "Writes the values to the task's log; gives nil.", true},
    {kCore, "print", 0, kVariadic, print_fn<append_plain>,
     "Writes the values to the task's log; gives nil.", true},
    {kCore, "prn", 0, kVariadic, print_fn<append_readable>,
     "Writes the values, readable, to the task's log; gives nil.", true},
    {kCore, "pr", 0, kVariadic, print_fn<append_readable>,
     "Writes the values, readable, to the task's log; gives nil.", true},
    {kCore, "newline", 0, 0, newline, "Writes an empty line to the task's log; gives nil.", true},
    {kCore, "pr-str", 0, kVariadic, print_to_string<append_readable>,
     "A string of the values, readable, with spaces between."},
    {kCore, "prn-str", 0, kVariadic, print_line_to_string<append_readable>,
     "As pr-str, with a line feed at the end."},
    {kCore, "print-str", 0, kVariadic, print_to_string<append_plain>,
     "A string of the values with spaces between."},
    {kCore, "println-str", 0, kVariadic, print_line_to_string<append_plain>,
     "As print-str, with a line feed at the end."},
};

}  // namespace

std::span<const Native> printing_table() { return kPrintingTable; }

}  // namespace onyx::lang::core
