#include "common/lang/order.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <numeric>

#include "common/base/utf8.h"
#include "common/lang/exception.h"
#include "common/lang/function.h"
#include "common/lang/number.h"

namespace onyx::lang {

namespace {

using edn::Kind;

// As Java's String.compareTo: the difference of the first characters that differ, else of the lengths.
std::int64_t compare_text(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    const char32_t x = decode_utf8(a, i);
    const char32_t y = decode_utf8(b, j);
    if (x != y) return static_cast<std::int64_t>(x) - static_cast<std::int64_t>(y);
  }
  return static_cast<std::int64_t>(count_characters(a.substr(i))) -
         static_cast<std::int64_t>(count_characters(b.substr(j)));
}

std::int64_t compare_names(const edn::Name* a, const edn::Name* b) {
  if (a == b) return 0;
  if ((a->ns_length == 0) != (b->ns_length == 0)) return a->ns_length == 0 ? -1 : 1;
  if (const auto order = compare_text(a->ns(), b->ns()); order != 0) return order;
  return compare_text(a->name(), b->name());
}

// Java compares the halves of a UUID as signed integers.
std::int64_t compare_uuids(const edn::Uuid& a, const edn::Uuid& b) {
  for (const std::size_t half : {0u, 8u}) {
    const int sign = static_cast<int>(static_cast<signed char>(a[half])) -
                     static_cast<int>(static_cast<signed char>(b[half]));
    if (sign != 0) return sign < 0 ? -1 : 1;
    if (const int order = std::memcmp(&a[half], &b[half], 8); order != 0) return order < 0 ? -1 : 1;
  }
  return 0;
}

std::int64_t compare_vectors(Call& call, const Value& a, const Value& b) {
  if (a.count() != b.count()) return a.count() < b.count() ? -1 : 1;
  call.check_stack();
  for (std::size_t i = 0; i < a.count(); ++i) {
    call.step();
    if (const auto order = compare_values(call, a.at(i), b.at(i)); order != 0) return order;
  }
  return 0;
}

}  // namespace

std::int64_t compare_values(Call& call, const Value& a, const Value& b) {
  if (a.is_nil() || b.is_nil()) return (b.is_nil() ? 1 : 0) - (a.is_nil() ? 1 : 0);
  if (a.is_number() && b.is_number()) {
    const int order = compare_numbers(a, b, "compare");
    return order == 2 ? 0 : order;
  }
  if (a.kind() == b.kind()) {
    switch (a.kind()) {
      case Kind::string:
        return compare_text(a.as_string(), b.as_string());
      case Kind::keyword:
      case Kind::symbol:
        return compare_names(a.name(), b.name());
      case Kind::character:
        return static_cast<std::int64_t>(a.as_character()) -
               static_cast<std::int64_t>(b.as_character());
      case Kind::boolean:
        return int{a.as_boolean()} - int{b.as_boolean()};
      case Kind::inst:
        return a.as_inst_ms() < b.as_inst_ms() ? -1 : a.as_inst_ms() > b.as_inst_ms();
      case Kind::uuid:
        return compare_uuids(a.as_uuid(), b.as_uuid());
      case Kind::vector:
        return compare_vectors(call, a, b);
      default:
        break;
    }
  }
  raise(ErrorClass::class_cast,
        fmt::format("compare cannot order {} and {}", describe(a), describe(b)));
}

std::int64_t Comparator::operator()(Call& call, const Value& a, const Value& b) const {
  call.step();
  if (function_.is_nil()) return compare_values(call, a, b);
  const Value answer = invoke(call, function_, Value(a), Value(b));
  if (answer.is(Kind::boolean)) {
    if (answer.as_boolean()) return -1;
    return invoke(call, function_, Value(b), Value(a)).is_truthy() ? 1 : 0;
  }
  return whole_of("a comparator", answer);
}

void sort_stable(Call& call, std::vector<Value>& items, std::vector<Value> keys,
                 const Comparator& comparator) {
  const std::size_t count = items.size();
  const std::vector<Value>& by = keys.empty() ? items : keys;
  call.charge(count * (2 * sizeof(std::uint32_t) + sizeof(Value)));
  std::vector<std::uint32_t> from(count);
  std::vector<std::uint32_t> to(count);
  std::iota(from.begin(), from.end(), 0u);
  for (std::size_t width = 1; width < count; width *= 2) {
    for (std::size_t low = 0; low < count; low += 2 * width) {
      const std::size_t middle = std::min(low + width, count);
      const std::size_t high = std::min(low + 2 * width, count);
      std::size_t left = low;
      std::size_t right = middle;
      for (std::size_t at = low; at < high; ++at) {
        const bool takes_right =
            left == middle ||
            (right < high && comparator(call, by[from[right]], by[from[left]]) < 0);
        to[at] = takes_right ? from[right++] : from[left++];
      }
    }
    from.swap(to);
  }
  std::vector<Value> sorted;
  sorted.reserve(count);
  for (const std::uint32_t index : from) sorted.push_back(std::move(items[index]));
  items = std::move(sorted);
}

}  // namespace onyx::lang
