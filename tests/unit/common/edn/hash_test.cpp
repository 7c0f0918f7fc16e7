// The values of docs/formats/hash.md. A change here moves every grouped segment and renames every job.
#include <catch2/catch.hpp>

#include "common/edn/reader.h"
#include "common/edn/value.h"

using namespace onyx::edn;

TEST_CASE("hash: is the documented format", "[edn]") {
  const std::pair<const char*, std::uint64_t> rows[] = {
      {"nil", 0xe220a8397b1dcdaf},
      {"true", 0xbeeb8da1658eec67},
      {"false", 0x6e789e6aa1b965f4},
      {"0", 0x06c45d188009454f},
      {"1", 0xf893a2eefb32555e},
      {"-1", 0x382ff84cb27281e9},
      {"1.0", 0xdf641d15172efe58},
      {"0.0", 0x1b39896a51a8749b},
      {"##NaN", 0x22281b0cf3a718f5},
      {"1/2", 0x724f5fa5aba661ec},
      {"\\a", 0x8f39dd2e21f5c4ac},
      {"#inst \"1970-01-01T00:00:00.001-00:00\"", 0xe099ec6cd7363ca5},
      {"#uuid \"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\"", 0xa8925211da586620},
      {":a", 0xdb6adf92a1fb43b3},
      {":my.ns/a", 0x66cfaaecd960ecc8},
      {"a", 0x491b0a36377c8daf},
      {"\"\"", 0x2c1f15fe8f83bf7b},
      {"\"a\"", 0x9efb6676df047cf7},
      {"\"a string of more than fourteen bytes\"", 0x3cfaa01c1b1317e7},
      {"[]", 0xc2d326e0055bdef6},
      {"[1 2]", 0xc6affde3ced32ab1},
      {"{}", 0x8621a03fe0bbdb7b},
      {"{:a 1}", 0x0f318146437fba59},
      {"{:a 1 :b [2]}", 0xac2e03d2b4cdd46e},
      {"#{}", 0x8e1f7555983aa92f},
      {"#{1 2}", 0xc8d0af6d54af094b},
      {"#my/tag 1", 0xbd8615a3255e5b01},
  };
  for (const auto& [text, hash] : rows) {
    INFO(text);
    CHECK(stable_hash(*read(text)) == hash);
  }
}

TEST_CASE("hash: integers and doubles differ, lists and vectors do not", "[edn]") {
  CHECK(stable_hash(*read("1")) != stable_hash(*read("1.0")));
  CHECK(stable_hash(*read("(1 2)")) == stable_hash(*read("[1 2]")));
  CHECK(stable_hash(*read("[1 2]")) != stable_hash(*read("[2 1]")));
  CHECK(stable_hash(*read("{:a 1 :b 2}")) == stable_hash(*read("{:b 2 :a 1}")));
  CHECK(stable_hash(*read("{:a :b}")) != stable_hash(*read("{:b :a}")));
  CHECK(stable_hash(*read(":a")) != stable_hash(*read("\"a\"")));
}
