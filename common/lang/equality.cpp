#include "common/lang/equality.h"

#include "common/lang/exception.h"
#include "common/lang/sequence.h"
#include "common/lang/sorted.h"

namespace onyx::lang {

namespace {

bool is_ordered(const Value& value) {
  return value.is_sequential() || as_sequence(value) != nullptr;
}

bool equal_in_order(Call& call, const Value& a, const Value& b) {
  SeqCursor left(a, "=");
  SeqCursor right(b, "=");
  Value x;
  Value y;
  for (;;) {
    const bool more = left.next(call, x);
    if (more != right.next(call, y)) return false;
    if (!more) return true;
    if (!equal(call, x, y)) return false;
  }
}

bool equal_maps(Call& call, const Value& a, const Value& b) {
  if (a.count() != b.count()) return false;
  for (const edn::Entry entry : a.entries()) {
    call.step();
    const Value* other = b.find(entry.key);
    if (other == nullptr || !equal(call, entry.value, *other)) return false;
  }
  return true;
}

}  // namespace

bool equal(Call& call, const Value& a, const Value& b) {
  if (is_plain(a) && is_plain(b)) return a == b;
  call.check_stack();
  if (const Sorted* sorted = as_sorted(a)) return equal(call, sorted->plain(call), b);
  if (const Sorted* sorted = as_sorted(b)) return equal(call, a, sorted->plain(call));
  if (is_ordered(a) && is_ordered(b)) return equal_in_order(call, a, b);
  if (a.is_map() && b.is_map()) return equal_maps(call, a, b);
  return a == b;
}

Value as_key(Call& call, Value value) {
  if (is_plain(value)) return value;
  return realise(call, std::move(value));
}

}  // namespace onyx::lang
