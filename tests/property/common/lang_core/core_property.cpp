#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "common/edn/printer.h"
#include "common/lang/core/calendar.h"
#include "common/lang/core/core.h"
#include "common/lang/core/decimal.h"
#include "common/lang/function.h"
#include "common/lang/sequence.h"

// Laws of the library against plain C++ models.

namespace onyx::lang {
namespace {

using Ints = std::vector<std::int64_t>;

Value function(std::string_view ns, std::string_view name) {
  for (const Native& native : core_table()) {
    if (native.ns == ns && native.name == name) return Value::extension(new NativeFunction(native));
  }
  FAIL("no function " << ns << "/" << name);
  return {};
}

template <class... Args>
Value core(std::string_view name, Args&&... args) {
  Call call;
  call.begin();
  return realise(call,
                 invoke(call, function("clojure.core", name), Value(std::forward<Args>(args))...));
}

Value vector_of(const Ints& ints) {
  std::vector<Value> items;
  for (const auto i : ints) items.push_back(Value::integer(i));
  return Value::vector(std::move(items));
}

Ints ints_of(const Value& items) {
  Ints ints;
  for (const Value& item : items.items()) ints.push_back(item.as_integer());
  return ints;
}

// Few distinct values, so that equal ones meet.
Ints some_ints() { return *rc::gen::container<Ints>(rc::gen::inRange<std::int64_t>(-5, 6)); }

TEST_CASE("core laws: sort is stable", "[lang][core][property]") {
  CHECK(rc::check([] {
    const Ints keys = some_ints();
    std::vector<Value> rows;
    std::vector<std::pair<std::int64_t, std::int64_t>> model;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto place = static_cast<std::int64_t>(i);
      rows.push_back(Value::vector({Value::integer(keys[i]), Value::integer(place)}));
      model.emplace_back(keys[i], place);
    }
    std::stable_sort(model.begin(), model.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    const Value sorted =
        core("sort-by", function("clojure.core", "first"), Value::vector(std::move(rows)));
    RC_ASSERT(sorted.count() == model.size());
    std::size_t i = 0;
    for (const Value& row : sorted.items()) {
      RC_ASSERT(row.at(0).as_integer() == model[i].first);
      RC_ASSERT(row.at(1).as_integer() == model[i].second);
      ++i;
    }
  }));
}

TEST_CASE("core laws: distinct keeps the first of each", "[lang][core][property]") {
  CHECK(rc::check([] {
    const Ints ints = some_ints();
    Ints model;
    for (const auto i : ints) {
      if (std::find(model.begin(), model.end(), i) == model.end()) model.push_back(i);
    }
    RC_ASSERT(ints_of(core("distinct", vector_of(ints))) == model);
  }));
}

TEST_CASE("core laws: take and drop, split and partition lose nothing", "[lang][core][property]") {
  CHECK(rc::check([] {
    const Ints ints = some_ints();
    const Value all = vector_of(ints);
    const Value n = Value::integer(*rc::gen::inRange<std::int64_t>(1, 8));
    RC_ASSERT(ints_of(core("concat", core("take", n, all), core("drop", n, all))) == ints);
    const Value parts = core("partition-all", n, all);
    RC_ASSERT(ints_of(core("mapcat", function("clojure.core", "identity"), parts)) == ints);
    for (std::size_t i = 0; i + 1 < parts.count(); ++i) {
      RC_ASSERT(static_cast<std::int64_t>(parts.at(i).count()) == n.as_integer());
    }
    const Value runs = core("partition-by", function("clojure.core", "odd?"), all);
    RC_ASSERT(ints_of(core("mapcat", function("clojure.core", "identity"), runs)) == ints);
    RC_ASSERT(ints_of(core("reverse", core("reverse", all))) == ints);
  }));
}

TEST_CASE("core laws: a transducer gives what its sequence gives", "[lang][core][property]") {
  CHECK(rc::check([] {
    const Value all = vector_of(some_ints());
    const Value n = Value::integer(*rc::gen::inRange<std::int64_t>(1, 5));
    const Value odd = function("clojure.core", "odd?");
    const auto agree = [&](const char* name, const Value& arg) {
      RC_ASSERT(core("into", Value::vector(), core(name, arg), all) ==
                core("into", Value::vector(), core(name, arg, all)));
    };
    for (const char* name :
         {"map", "filter", "remove", "keep", "take-while", "drop-while", "partition-by"}) {
      agree(name, odd);
    }
    for (const char* name : {"take", "drop", "take-nth", "partition-all", "interpose"})
      agree(name, n);
  }));
}

TEST_CASE("core laws: groups and frequencies count every element", "[lang][core][property]") {
  CHECK(rc::check([] {
    const Ints ints = some_ints();
    const Value counts = core("frequencies", vector_of(ints));
    const Value groups = core("group-by", function("clojure.core", "identity"), vector_of(ints));
    RC_ASSERT(counts.count() == groups.count());
    for (const edn::Entry entry : counts.entries()) {
      const auto model = std::count(ints.begin(), ints.end(), entry.key.as_integer());
      RC_ASSERT(entry.value.as_integer() == model);
      RC_ASSERT(static_cast<std::int64_t>(groups.find(entry.key)->count()) == model);
    }
  }));
}

TEST_CASE("core laws: quot and rem, mod and division agree", "[lang][core][property]") {
  CHECK(rc::check([] {
    const auto a = *rc::gen::arbitrary<std::int32_t>();
    const auto b = *rc::gen::nonZero<std::int32_t>();
    const Value x = Value::integer(a);
    const Value y = Value::integer(b);
    RC_ASSERT(core("+", core("*", core("quot", x, y), y), core("rem", x, y)) == x);
    RC_ASSERT(core("*", core("/", x, y), y) == x);
    const std::int64_t mod = core("mod", x, y).as_integer();
    RC_ASSERT(mod == 0 || (mod < 0) == (b < 0));
  }));
}

TEST_CASE("core laws: an instant's parts make the instant again", "[lang][core][property]") {
  CHECK(rc::check([] {
    const auto ms = *rc::gen::arbitrary<std::int64_t>();
    RC_ASSERT(core::instant(core::civil(ms)) == ms);
    const std::int64_t near = ms % 100'000'000'000'000;
    const std::string text = *core::format_inst("%F %T.%L %j %a", near < 0 ? -near : near);
    if (text[4] == '-') {
      RC_ASSERT(**core::parse_inst("%F %T.%L %j %a", text) == (near < 0 ? -near : near));
    }
  }));
}

TEST_CASE("core laws: a rounded decimal is the nearest", "[lang][core][property]") {
  CHECK(rc::check([] {
    const auto hundredths = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000);
    const double value = static_cast<double>(hundredths) / 100;
    const std::string exact = std::to_string(hundredths / 100) + "." +
                              (hundredths % 100 < 10 ? "0" : "") + std::to_string(hundredths % 100);
    RC_ASSERT(core::to_fixed(value, 2) == exact);
    RC_ASSERT(std::stod(core::to_scientific(value, 16)) == value);
  }));
}

}  // namespace
}  // namespace onyx::lang
