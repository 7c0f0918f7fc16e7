#include "common/segment/batch.h"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

#include "common/edn/reader.h"

namespace onyx::segment {
namespace {

edn::Value value(std::string_view text) { return edn::read(text).value(); }

std::vector<edn::Value> taken(Batch& batch) {
  std::vector<edn::Value> out;
  batch.take_all(out);
  return out;
}

TEST_CASE("batch: rows of one shape are one run", "[segment]") {
  Batch batch;
  for (int i = 0; i < 5; ++i) {
    batch.append(edn::Value::map({{edn::Value::keyword("n"), edn::Value::integer(i)},
                                  {edn::Value::keyword("s"), edn::Value::string("x")}}));
  }

  REQUIRE(batch.size() == 5);
  REQUIRE(batch.runs().size() == 1);
  CHECK(batch.runs()[0].rows == 5);
  CHECK(batch.runs()[0].width == 2);
  CHECK(batch.cells().size() == 10);
}

TEST_CASE("batch: a change of shape begins a run, and order is kept", "[segment]") {
  const std::vector<edn::Value> segments{
      value("{:a 1}"),         value("{:a 2}"), value("{:b 3 :a 4}"),
      value("{1 :int-key}"),   value("{}"),     value("{}"),
      value("[:not :a :map]"), value("{:a 5}"), value("nil")};
  Batch batch;
  for (const edn::Value& segment : segments) batch.append(segment);

  CHECK(batch.size() == segments.size());
  CHECK(batch.runs().size() == 7);
  CHECK(taken(batch) == segments);
  CHECK(batch.empty());
  CHECK(batch.runs().empty());
}

TEST_CASE("batch: appending leaves a shared segment as it was", "[segment]") {
  const edn::Value shared = value(R"({:n 1 :text "longer than fourteen bytes"})");
  Batch batch;
  batch.append(shared);
  batch.append(shared);

  const std::vector<edn::Value> out = taken(batch);

  CHECK(shared == value(R"({:n 1 :text "longer than fourteen bytes"})"));
  CHECK(out == std::vector<edn::Value>{shared, shared});
}

TEST_CASE("batch: what is taken out can be changed without touching a copy of the batch",
          "[segment]") {
  Batch batch;
  batch.append(value("{:n 1 :v [1 2]}"));
  Batch copy = batch;

  std::vector<edn::Value> first = taken(batch);
  first[0] = std::move(first[0]).assoc(edn::Value::keyword("n"), edn::Value::integer(9));

  CHECK(taken(copy)[0] == value("{:n 1 :v [1 2]}"));
  CHECK(first[0] == value("{:n 9 :v [1 2]}"));
}

TEST_CASE("batch: clear keeps the memory and forgets the rows", "[segment]") {
  Batch batch;
  for (int i = 0; i < 100; ++i) batch.append(value("{:a 1}"));
  const std::size_t capacity = batch.cells().capacity();
  batch.clear();

  CHECK(batch.empty());
  CHECK(batch.cells().empty());
  CHECK(batch.cells().capacity() == capacity);
}

TEST_CASE("batch: taking adds behind what is there", "[segment]") {
  Batch batch;
  batch.append(value("{:a 1}"));
  std::vector<edn::Value> out{value("{:a 0}")};
  batch.take_all(out);

  CHECK(out == std::vector<edn::Value>{value("{:a 0}"), value("{:a 1}")});
}

}  // namespace
}  // namespace onyx::segment
