#include <cmath>

#include "common/lang/core/areas.h"
#include "common/lang/core/lazy.h"
#include "common/lang/number.h"

namespace onyx::lang::core {

namespace {

// Integers, which are most ranges, without asking what kind of number each is.
Value integer_range(std::int64_t start, std::int64_t end, std::int64_t step) {
  return lazy({}, [at = start, end, step, is_over = false](Call&, Value& out) mutable {
    if (is_over || (step > 0 ? at >= end : at <= end)) return false;
    out = Value::integer(at);
    is_over = __builtin_add_overflow(at, step, &at);
    return true;
  });
}

Value number_range(Value start, Value end, Value step, int direction) {
  return lazy({}, [at = std::move(start), end = std::move(end), step = std::move(step), direction](
                      Call&, Value& out) mutable {
    if (compare_numbers(at, end, "range") != -direction) return false;
    out = at;
    at = add(at, step);
    return true;
  });
}

Value repeated(Value value) {
  const Value held = value;
  return lazy({&held}, [value = std::move(value)](Call&, Value& out) {
    out = value;
    return true;
  });
}

Value range(Call&, Args args) {
  if (args.empty()) {
    return lazy({}, [at = std::int64_t{0}](Call&, Value& out) mutable {
      out = Value::integer(at++);
      return true;
    });
  }
  Value start = args.size() == 1 ? Value::integer(0) : args[0];
  Value end = args.size() == 1 ? args[0] : args[1];
  Value step = args.size() == 3 ? args[2] : Value::integer(1);
  for (const Value* number : {&start, &end, &step}) {
    if (!number->is_number()) raise_wrong_type("range", "numbers", *number);
  }
  const int direction = compare_numbers(step, Value::integer(0), "range");
  if (direction == 0) {
    return compare_numbers(start, end, "range") == 0 ? Value::list() : repeated(std::move(start));
  }
  if (start.is_integer() && end.is_integer() && step.is_integer()) {
    return integer_range(start.as_integer(), end.as_integer(), step.as_integer());
  }
  return number_range(std::move(start), std::move(end), std::move(step), direction);
}

Value repeat(Call&, Args args) {
  if (args.size() == 1) return repeated(std::move(args[0]));
  const std::int64_t n = whole_of("repeat", args[0]);
  if (n <= 0) return Value::list();
  return lazy({&args[1]}, [value = args[1], left = n](Call&, Value& out) mutable {
    if (left == 0) return false;
    --left;
    out = value;
    return true;
  });
}

Value iterate(Call&, Args args) {
  const Callee f(std::move(args[0]));
  return lazy({&f.value(), &args[1]},
              [f, value = args[1], is_first = true](Call& c, Value& out) mutable {
                if (!is_first) value = f(c, std::move(value));
                is_first = false;
                out = value;
                return true;
              });
}

Value cycle(Call& call, Args args) {
  Value source = seq(call, std::move(args[0]));
  if (source.is_nil()) return Value::list();
  return lazy({&source},
              [source, cursor = SeqCursor(source, "cycle")](Call& c, Value& out) mutable {
                if (cursor.next(c, out)) return true;
                cursor = SeqCursor(source, "cycle");
                return cursor.next(c, out);
              });
}

Value repeatedly(Call&, Args args) {
  const Callee f(std::move(args.back()));
  const std::int64_t n = args.size() == 2 ? whole_of("repeatedly", args[0]) : INT64_MAX;
  return lazy({&f.value()}, [f, left = n](Call& c, Value& out) mutable {
    if (left <= 0) return false;
    --left;
    out = f(c);
    return true;
  });
}

constexpr Native kGeneratorsTable[] = {
    {kCore, "range", 0, 3, range,
     "A lazy sequence of numbers from start (0) to before end (never), by step (1)."},
    {kCore, "repeat", 1, 2, repeat, "A lazy sequence of the value, n times or for ever."},
    {kCore, "iterate", 2, 2, iterate, "A lazy sequence of x, (f x), (f (f x)) …"},
    {kCore, "cycle", 1, 1, cycle, "A lazy sequence of the elements, again and again."},
    {kCore, "repeatedly", 1, 2, repeatedly,
     "A lazy sequence of what f gives, n times or for ever."},
};

}  // namespace

std::span<const Native> generators_table() { return kGeneratorsTable; }

}  // namespace onyx::lang::core
