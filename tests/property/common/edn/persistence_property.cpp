// Updates against std:: models, with old versions kept and looked at again: in place only when nobody sees it.
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "common/edn/iteration.h"
#include "tests/support/edn_generators.h"

using namespace onyx::edn;

namespace {

using MapModel = std::map<Value, Value, ValueLess>;
using SetModel = std::set<Value, ValueLess>;

bool same(const Value& map, const MapModel& model) {
  if (map.count() != model.size()) return false;
  std::size_t seen = 0;
  for (const Entry e : map.entries()) {
    const auto at = model.find(e.key);
    if (at == model.end() || at->second != e.value) return false;
    ++seen;
  }
  for (const auto& [key, value] : model) {
    const Value* found = map.find(key);
    if (found == nullptr || *found != value) return false;
  }
  return seen == model.size();
}

bool same(const Value& set, const SetModel& model) {
  if (set.count() != model.size()) return false;
  std::size_t seen = 0;
  for (const Value& item : set.items()) {
    if (model.count(item) == 0) return false;
    ++seen;
  }
  for (const Value& item : model) {
    if (set.find(item) == nullptr) return false;
  }
  return seen == model.size();
}

bool same(const Value& sequence, const std::vector<Value>& model) {
  if (sequence.count() != model.size()) return false;
  std::size_t i = 0;
  for (const Value& item : sequence.items()) {
    if (item != model[i]) return false;
    if (sequence.is_vector() && sequence.at(i) != model[i]) return false;
    ++i;
  }
  return i == model.size();
}

// Few keys, so that updates meet; integers spread over a trie, keywords stay a record.
rc::Gen<Value> key() {
  return rc::gen::oneOf(testing::keyword(),
                        rc::gen::map(rc::gen::inRange<std::int64_t>(0, 200), &Value::integer),
                        testing::value(1));
}

void check(bool holds) { REQUIRE(holds); }

}  // namespace

TEST_CASE("map: assoc and dissoc do what std::map does, and old versions stay", "[edn]") {
  check(rc::check([] {
    const bool names_only = *rc::gen::arbitrary<bool>();
    Value map = Value::map();
    MapModel model;
    std::vector<std::pair<Value, MapModel>> kept;
    const int steps = *rc::gen::inRange(0, 120);
    for (int i = 0; i < steps; ++i) {
      const Value k = names_only ? *testing::keyword() : *key();
      const Value v = Value::integer(i);
      switch (*rc::gen::inRange(0, 5)) {
        case 0:
          map = std::move(map).dissoc(k);
          model.erase(k);
          break;
        case 1:
          kept.emplace_back(map, model);
          map = map.assoc(k, v);
          model.insert_or_assign(k, v);
          break;
        default:
          map = std::move(map).assoc(k, v);
          model.insert_or_assign(k, v);
      }
      RC_ASSERT(same(map, model));
    }
    for (const auto& [old, old_model] : kept) RC_ASSERT(same(old, old_model));
  }));
}

TEST_CASE("map: built at once equals built one by one", "[edn]") {
  check(rc::check([] {
    const auto entries = *rc::gen::container<std::vector<std::pair<Value, Value>>>(
        rc::gen::pair(key(), testing::scalar()));
    Value one_by_one = Value::map();
    MapModel model;
    for (const auto& [k, v] : entries) {
      one_by_one = std::move(one_by_one).assoc(k, v);
      model.insert_or_assign(k, v);
    }
    const Value at_once = Value::map(entries);
    RC_ASSERT(same(at_once, model));
    RC_ASSERT(at_once == one_by_one);
    RC_ASSERT(stable_hash(at_once) == stable_hash(one_by_one));
  }));
}

TEST_CASE("set: conj and disj do what std::set does, and old versions stay", "[edn]") {
  check(rc::check([] {
    Value set = Value::set();
    SetModel model;
    std::vector<std::pair<Value, SetModel>> kept;
    const int steps = *rc::gen::inRange(0, 120);
    for (int i = 0; i < steps; ++i) {
      const Value k = *key();
      switch (*rc::gen::inRange(0, 4)) {
        case 0:
          set = std::move(set).disj(k);
          model.erase(k);
          break;
        case 1:
          kept.emplace_back(set, model);
          set = set.conj(k);
          model.insert(k);
          break;
        default:
          set = std::move(set).conj(k);
          model.insert(k);
      }
      RC_ASSERT(same(set, model));
    }
    for (const auto& [old, old_model] : kept) RC_ASSERT(same(old, old_model));
  }));
}

TEST_CASE("set: iteration order does not depend on history", "[edn]") {
  check(rc::check([] {
    // Of equal ones that print differently, [] and (), the first stays; so each is there once.
    std::vector<Value> items;
    for (const Value& item : *rc::gen::container<std::vector<Value>>(key())) {
      if (std::find(items.begin(), items.end(), item) == items.end()) items.push_back(item);
    }
    const Value forwards = Value::set(items);
    Value backwards = Value::set();
    for (auto at = items.rbegin(); at != items.rend(); ++at)
      backwards = std::move(backwards).conj(*at);
    std::vector<Value> others;
    for (int i = 0; i < 50; ++i) others.push_back(Value::keyword("passing/" + std::to_string(i)));
    for (const Value& other : others) backwards = std::move(backwards).conj(other);
    for (const Value& other : others) backwards = std::move(backwards).disj(other);
    RC_ASSERT(print(forwards) == print(backwards));
  }));
}

TEST_CASE("vector: updates do what std::vector does, and old versions stay", "[edn]") {
  check(rc::check([] {
    std::vector<Value> model;
    const auto start =
        *rc::gen::element<std::size_t>(0, 1, 31, 32, 33, 63, 64, 65, 1055, 1056, 1057, 1100);
    for (std::size_t i = 0; i < start; ++i)
      model.push_back(Value::integer(static_cast<std::int64_t>(i)));
    Value vector = Value::vector(model);
    std::vector<std::pair<Value, std::vector<Value>>> kept;
    const int steps = *rc::gen::inRange(0, 80);
    for (int i = 0; i < steps; ++i) {
      const Value v = Value::integer(-i);
      const bool share = *rc::gen::arbitrary<bool>();
      if (share) kept.emplace_back(vector, model);
      switch (*rc::gen::inRange(0, 4)) {
        case 0:
          if (model.empty()) break;
          vector = std::move(vector).pop();
          model.pop_back();
          break;
        case 1: {
          if (model.empty()) break;
          const auto at = *rc::gen::inRange<std::size_t>(0, model.size());
          vector = std::move(vector).with_at(at, v);
          model[at] = v;
          break;
        }
        default:
          vector = std::move(vector).conj(v);
          model.push_back(v);
      }
    }
    RC_ASSERT(same(vector, model));
    RC_ASSERT(vector == Value::list(model));
    for (const auto& [old, old_model] : kept) RC_ASSERT(same(old, old_model));
  }));
}

TEST_CASE("list: conj, rest and pop do what a std::vector does at its front", "[edn]") {
  check(rc::check([] {
    std::vector<Value> model = *rc::gen::container<std::vector<Value>>(testing::scalar());
    Value list = Value::list(model);
    const Value old = list;
    const std::vector<Value> old_model = model;
    const int steps = *rc::gen::inRange(0, 30);
    for (int i = 0; i < steps; ++i) {
      if (*rc::gen::arbitrary<bool>() && !model.empty()) {
        list = *rc::gen::arbitrary<bool>() ? list.rest() : std::move(list).pop();
        model.erase(model.begin());
      } else {
        list = std::move(list).conj(Value::integer(i));
        model.insert(model.begin(), Value::integer(i));
      }
      RC_ASSERT(same(list, model));
    }
    RC_ASSERT(same(old, old_model));
  }));
}
