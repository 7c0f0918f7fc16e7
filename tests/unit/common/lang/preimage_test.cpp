#include "common/lang/preimage.h"

#include <catch2/catch.hpp>

#include "common/edn/reader.h"

namespace onyx::lang {
namespace {

edn::Value value(std::string_view text) { return edn::read(text).value(); }
edn::Value key(std::string_view name) { return edn::Value::keyword(name); }

TEST_CASE("preimage: gives back what a change in place has overwritten", "[preimage]") {
  Preimage preimage;
  edn::Value segment = value("{:n 1 :v [1 2] :text \"longer than fourteen bytes\"}");
  preimage.keep(segment);
  CHECK(segment.is_unique());
  segment =
      std::move(segment).assoc(key("n"), edn::Value::integer(9)).assoc(key("more"), edn::Value());
  CHECK(preimage.restore() == value("{:n 1 :v [1 2] :text \"longer than fourteen bytes\"}"));
}

TEST_CASE("preimage: a nested value is not changed under it", "[preimage]") {
  Preimage preimage;
  edn::Value segment = value("{:v [1 2]}");
  preimage.keep(segment);
  edn::Value nested = std::move(segment.as_record()->values()[0]);
  nested = std::move(nested).conj(edn::Value::integer(3));
  CHECK(preimage.restore() == value("{:v [1 2]}"));
}

TEST_CASE("preimage: one after another, of any kind", "[preimage]") {
  Preimage preimage;
  for (const char* text :
       {"{:a 1 :b 2 :c 3}", "{:a 1}", "{}", "{[1] 2}", "7", "nil", "[1 {:a 2}]"}) {
    edn::Value segment = value(text);
    preimage.keep(segment);
    segment = edn::Value();
    CHECK(preimage.restore() == value(text));
  }
}

TEST_CASE("preimage: a segment that others hold stays shared", "[preimage]") {
  Preimage preimage;
  const edn::Value other = value("{:a 1}");
  edn::Value segment = other;
  preimage.keep(segment);
  segment = std::move(segment).assoc(key("a"), edn::Value::integer(2));
  CHECK(preimage.restore() == other);
  CHECK(segment == value("{:a 2}"));
}

}  // namespace
}  // namespace onyx::lang
