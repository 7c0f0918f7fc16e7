// What the operations on Values cost: nanoseconds of this thread's time per operation, the best of several rounds.
#include <ctime>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "common/edn/iteration.h"
#include "common/edn/printer.h"
#include "common/edn/reader.h"
#include "common/edn/shape.h"

namespace {

using onyx::edn::Value;

double thread_ns() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

template <class Operation>
void measure(const char* name, int times, Operation operation) {
  double best = 1e18;
  for (int round = 0; round < 7; ++round) {
    const double start = thread_ns();
    for (int i = 0; i < times; ++i) operation(i);
    best = std::min(best, (thread_ns() - start) / times);
  }
  std::printf("%-44s %8.1f ns\n", name, best);
}

template <class T>
void keep(const T& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

}  // namespace

int main() {
  Value record = *onyx::edn::read("{:a 1 :b 2 :c 3 :d 4 :e 5}");
  const Value key = Value::keyword("c"), other = Value::keyword("f");
  measure("record: assoc, unique, existing key", 2'000'000,
          [&](int i) { record = std::move(record).assoc(key, Value::integer(i)); });
  const Value shared = record;
  measure("record: assoc, shared, existing key", 1'000'000,
          [&](int i) { keep(shared.assoc(key, Value::integer(i))); });
  measure("record: assoc, shared, new key", 1'000'000,
          [&](int i) { keep(shared.assoc(other, Value::integer(i))); });
  measure("record: copy, assoc new key in place, drop", 1'000'000, [&](int i) {
    Value own = shared.assoc(key, Value::integer(i));
    own = std::move(own).assoc(other, Value::integer(i));
    keep(own);
  });
  measure("record: find by keyword", 5'000'000, [&](int) { keep(*shared.find(key)); });
  measure("record: find by text", 2'000'000, [&](int) { keep(*shared.find("c")); });
  const int slot = shared.as_record()->shape->find(key);
  measure("record: read a slot", 5'000'000, [&](int) { keep(shared.as_record()->values()[slot]); });
  measure("value: copy an immediate", 5'000'000, [&](int) {
    Value copy = key;
    keep(copy);
  });
  measure("record: stable hash", 1'000'000, [&](int) { keep(stable_hash(shared)); });
  const Value same = *onyx::edn::read(onyx::edn::print(shared));
  measure("record: equal", 1'000'000, [&](int) { keep(shared == same); });

  Value trie = Value::map();
  for (int i = 0; i < 10'000; ++i)
    trie = std::move(trie).assoc(Value::integer(i), Value::integer(i));
  measure("map of 10,000 integers: find", 1'000'000,
          [&](int i) { keep(*trie.find(Value::integer(i % 10'000))); });
  measure("map of 10,000 integers: assoc, unique", 1'000'000, [&](int i) {
    trie = std::move(trie).assoc(Value::integer(i % 10'000), Value::integer(i));
  });
  measure("vector: conj, unique", 100, [&](int) {
    Value vector = Value::vector();
    for (int j = 0; j < 10'000; ++j) vector = std::move(vector).conj(Value::integer(j));
    keep(vector);
  });
  std::printf("  (of 10,000 elements each)\n");

  const std::string line =
      "{:id 123456, :name \"someone\", :tags [:a :b], :price 12.5, :when #inst "
      "\"2024-05-31T00:00:00.000-00:00\"}";
  measure("read a line of 102 bytes", 100'000, [&](int) { keep(onyx::edn::read(line)); });
  const Value value = *onyx::edn::read(line);
  std::string out;
  measure("print it", 100'000, [&](int) {
    out.clear();
    print(value, out);
    keep(out);
  });
}
