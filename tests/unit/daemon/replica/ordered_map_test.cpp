#include "daemon/replica/ordered_map.h"

#include <catch2/catch.hpp>

#include <array>
#include <map>
#include <random>

using onyx::replica::OrderedMap;

namespace {

template <std::size_t kMore>
struct Record {
  int id = 0;
  int value = 0;
  std::array<int, kMore> more{};
  int key() const { return id; }
  bool operator==(const Record&) const = default;
};

using InPlace = Record<1>;
using InABox = Record<20>;

}  // namespace

TEMPLATE_TEST_CASE("ordered map: agrees with std::map under any sequence of changes", "[replica]",
                   InPlace, InABox) {
  std::mt19937 random(7);
  OrderedMap<TestType> map;
  std::map<int, int> model;
  for (int step = 0; step < 20'000; ++step) {
    const int key = static_cast<int>(random() % 700);
    switch (random() % 3) {
      case 0:
        CHECK(map.erase(key) == (model.erase(key) > 0));
        break;
      case 1:
        map.put({key, step});
        model[key] = step;
        break;
      default:
        if (TestType* record = map.edit(key)) {
          record->value = -step;
          model.at(key) = -step;
        } else {
          CHECK_FALSE(model.contains(key));
        }
    }
  }
  REQUIRE(map.size() == model.size());
  auto it = model.begin();
  for (const TestType& record : map) {
    CHECK((record == TestType{it->first, it->second}));
    ++it;
  }
}

TEMPLATE_TEST_CASE("ordered map: a copy does not see later changes", "[replica]", InPlace, InABox) {
  OrderedMap<TestType> map;
  for (int i = 0; i < 500; ++i) map.put({i, i});
  const OrderedMap<TestType> copy = map;
  map.edit(250)->value = -1;
  map.erase(3);
  map.put({1000, 1});
  CHECK(copy.size() == 500);
  CHECK(copy.find(250)->value == 250);
  CHECK(copy.contains(3));
  CHECK_FALSE(copy.contains(1000));
  CHECK(map.find(250)->value == -1);
  CHECK_FALSE(map == copy);
}

TEMPLATE_TEST_CASE("ordered map: an unshared record is changed where it is", "[replica]", InPlace,
                   InABox) {
  OrderedMap<TestType> map;
  map.put({1, 1});
  const TestType* before = map.find(1);
  map.edit(1)->value = 2;
  CHECK(map.find(1) == before);
}
