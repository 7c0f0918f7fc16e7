#include "common/lang/core/areas.h"
#include "common/lang/core/arguments.h"

namespace onyx::lang::core {

namespace {

std::uint64_t bits_of(std::string_view function, const Value& value) {
  return static_cast<std::uint64_t>(integer_of(function, value));
}

Value from_bits(std::uint64_t bits) { return Value::integer(static_cast<std::int64_t>(bits)); }

template <class Operation>
Value fold(Call& call, std::string_view function, Args args, Operation operation) {
  std::uint64_t bits = bits_of(function, args[0]);
  for (const Value& value : args.subspan(1)) {
    call.step();
    bits = operation(bits, bits_of(function, value));
  }
  return from_bits(bits);
}

Value bit_and(Call& call, Args args) {
  return fold(call, "bit-and", args, [](auto a, auto b) { return a & b; });
}
Value bit_or(Call& call, Args args) {
  return fold(call, "bit-or", args, [](auto a, auto b) { return a | b; });
}
Value bit_xor(Call& call, Args args) {
  return fold(call, "bit-xor", args, [](auto a, auto b) { return a ^ b; });
}
Value bit_and_not(Call& call, Args args) {
  return fold(call, "bit-and-not", args, [](auto a, auto b) { return a & ~b; });
}
Value bit_not(Call&, Args args) { return from_bits(~bits_of("bit-not", args[0])); }

// Java takes the low six bits of a distance.
unsigned distance(std::string_view function, const Value& value) {
  return static_cast<unsigned>(bits_of(function, value) & 63);
}

Value shift_left(Call&, Args args) {
  return from_bits(bits_of("bit-shift-left", args[0]) << distance("bit-shift-left", args[1]));
}
Value shift_right(Call&, Args args) {
  return Value::integer(integer_of("bit-shift-right", args[0]) >>
                        distance("bit-shift-right", args[1]));
}
Value unsigned_shift_right(Call&, Args args) {
  return from_bits(bits_of("unsigned-bit-shift-right", args[0]) >>
                   distance("unsigned-bit-shift-right", args[1]));
}
Value bit_test(Call&, Args args) {
  return Value::boolean(((bits_of("bit-test", args[0]) >> distance("bit-test", args[1])) & 1) != 0);
}
Value bit_set(Call&, Args args) {
  return from_bits(bits_of("bit-set", args[0]) |
                   (std::uint64_t{1} << distance("bit-set", args[1])));
}
Value bit_clear(Call&, Args args) {
  return from_bits(bits_of("bit-clear", args[0]) &
                   ~(std::uint64_t{1} << distance("bit-clear", args[1])));
}
Value bit_flip(Call&, Args args) {
  return from_bits(bits_of("bit-flip", args[0]) ^
                   (std::uint64_t{1} << distance("bit-flip", args[1])));
}

// Arithmetic that wraps around, for hashes written in the language.
Value unchecked_add(Call&, Args args) {
  return from_bits(bits_of("unchecked-add", args[0]) + bits_of("unchecked-add", args[1]));
}
Value unchecked_subtract(Call&, Args args) {
  return from_bits(bits_of("unchecked-subtract", args[0]) - bits_of("unchecked-subtract", args[1]));
}
Value unchecked_multiply(Call&, Args args) {
  return from_bits(bits_of("unchecked-multiply", args[0]) * bits_of("unchecked-multiply", args[1]));
}

constexpr Native kBitsTable[] = {
    {kCore, "bit-and", 2, kVariadic, bit_and, "The bits set in all of the integers."},
    {kCore, "bit-or", 2, kVariadic, bit_or, "The bits set in any of the integers."},
    {kCore, "bit-xor", 2, kVariadic, bit_xor, "The bits set in an odd number of the integers."},
    {kCore, "bit-and-not", 2, kVariadic, bit_and_not,
     "The bits of the first integer not in the others."},
    {kCore, "bit-not", 1, 1, bit_not, "The integer with every bit turned over."},
    {kCore, "bit-shift-left", 2, 2, shift_left, "The integer's bits moved up by n."},
    {kCore, "bit-shift-right", 2, 2, shift_right,
     "The integer's bits moved down by n, keeping its sign."},
    {kCore, "unsigned-bit-shift-right", 2, 2, unsigned_shift_right,
     "The integer's bits moved down by n, with zeros above."},
    {kCore, "bit-test", 2, 2, bit_test, "Whether bit n of the integer is set."},
    {kCore, "bit-set", 2, 2, bit_set, "The integer with bit n set."},
    {kCore, "bit-clear", 2, 2, bit_clear, "The integer with bit n cleared."},
    {kCore, "bit-flip", 2, 2, bit_flip, "The integer with bit n turned over."},
    {kCore, "unchecked-add", 2, 2, unchecked_add, "The sum, wrapping around at 64 bits."},
    {kCore, "unchecked-subtract", 2, 2, unchecked_subtract,
     "The difference, wrapping around at 64 bits."},
    {kCore, "unchecked-multiply", 2, 2, unchecked_multiply,
     "The product, wrapping around at 64 bits."},
};

}  // namespace

std::span<const Native> bits_table() { return kBitsTable; }

}  // namespace onyx::lang::core
