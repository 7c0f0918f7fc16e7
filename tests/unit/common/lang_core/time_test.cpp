#include <catch2/catch.hpp>

#include "common/lang/core/core.h"

#include <set>

#include "unit/common/lang_core/expression.h"

namespace onyx::lang {
namespace {

TEST_CASE("core time: text to instants and back", "[lang][core]") {
  constexpr Row kRows[] = {
      {"(onyx.time/parse-inst \"%Y/%m/%d %H:%M\" \"2001/01/01 00:47\")",
       "#inst \"2001-01-01T00:47:00.000-00:00\""},
      {"(onyx.time/parse-inst \"%Y/%m/%d %H:%M\" \"2001/13/01 00:47\")", "nil"},
      {"(onyx.time/parse-inst \"%Y/%m/%d\" \"2001/02/29\")", "nil"},
      {"(onyx.time/parse-inst \"%Y/%m/%d\" \"2001/02/28 \")", "nil"},
      {"(onyx.time/parse-inst \"%Y-%q\" \"2001-1\")", "~`%q`"},
      {"(onyx.time/parse-inst \"%d %b %Y %I:%M %p\" \"5 Mar 2020 12:30 am\")",
       "#inst \"2020-03-05T00:30:00.000-00:00\""},
      {"(onyx.time/parse-inst \"%F %T%z\" \"2020-03-05 10:00:00+02:00\")",
       "#inst \"2020-03-05T08:00:00.000-00:00\""},
      {"(onyx.time/parse-inst \"%s\" \"1\")", "#inst \"1970-01-01T00:00:01.000-00:00\""},
      {"(onyx.time/parse-inst \"%Y %j\" \"2020 366\")", "#inst \"2020-12-31T00:00:00.000-00:00\""},
      {"(onyx.time/parse-inst \"%Y %j\" \"2021 366\")", "nil"},
      {"(onyx.time/parse-inst \"2001-01-01T00:47:00.5Z\")",
       "#inst \"2001-01-01T00:47:00.500-00:00\""},
      {"(onyx.time/parse-inst \"2001-01-01\")", "#inst \"2001-01-01T00:00:00.000-00:00\""},
      {"(onyx.time/parse-inst \"2001-01-01T00:47+01:00\")",
       "#inst \"2000-12-31T23:47:00.000-00:00\""},
      {"(onyx.time/parse-inst \"yesterday\")", "nil"},
      {"(onyx.time/parse-inst 5)", "~parse-inst.*5"},
      {"(onyx.time/format-inst \"%A %d %B %Y, %I:%M %p\" #inst \"2001-01-01T13:47:00Z\")",
       "\"Monday 01 January 2001, 01:47 PM\""},
      {"(onyx.time/format-inst #inst \"2001-01-01T00:47:00Z\")", "\"2001-01-01T00:47:00.000Z\""},
      {"(onyx.time/inst-ms #inst \"1970-01-01T00:00:01Z\")", "1000"},
      {"(inst-ms #inst \"1970-01-01T00:00:01Z\")", "1000"},
      {"(onyx.time/hour #inst \"2001-01-01T13:47:00Z\")", "13"},
      {"(onyx.time/day-of-week #inst \"2001-01-01T13:47:00Z\")", "1"},
      {"(onyx.time/day-of-week (onyx.time/from-ms -1))", "3"},
      {"(onyx.time/day-of-year #inst \"2020-12-31T00:00:00Z\")", "366"},
      {"(onyx.time/week #inst \"2021-01-01T00:00:00Z\")", "53"},
      {"(onyx.time/year (onyx.time/from-ms 9223372036854775807))", "292278994"},
      {"(onyx.time/plus #inst \"2001-01-01T00:00:00Z\" 90 :minutes)",
       "#inst \"2001-01-01T01:30:00.000-00:00\""},
      {"(onyx.time/between #inst \"2001-01-01T00:00:00Z\" #inst \"2001-01-02T01:00:00Z\" :hour)",
       "25"},
      {"(onyx.time/truncate #inst \"2001-01-03T13:47:11Z\" :week)",
       "#inst \"2001-01-01T00:00:00.000-00:00\""},
      {"(onyx.time/truncate #inst \"2001-01-03T13:47:11Z\" :hour)",
       "#inst \"2001-01-03T13:00:00.000-00:00\""},
      {"(onyx.time/truncate #inst \"2001-01-03T13:47:11Z\" :fortnight)", "~:second.*:fortnight"},
  };
  check(kRows);
}

TEST_CASE("core encoding: JSON and hashes", "[lang][core]") {
  constexpr Row kRows[] = {
      {"(onyx.json/parse \"{\\\"a\\\":[1,2.5,null]}\")", "{:a [1 2.5 nil]}"},
      {"(onyx.json/parse \"{\\\"a\\\":1}\" {:keys :string})", "{\"a\" 1}"},
      {"(onyx.json/parse \"{\")", "~onyx.json/parse: byte 2"},
      {"(onyx.json/write {:a (map inc [1]) :b 1/2})", "\"{\\\"a\\\":[2],\\\"b\\\":0.5}\""},
      {"(onyx.json/write inc)", "~onyx.json/write"},
      {"(onyx.hash/sha-256 \"abc\")",
       "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\""},
      {"(onyx.hash/xxh64 \"\")", "-1205034819632174695"},
  };
  check(kRows);
}

TEST_CASE("core: every function is there once, with a line of doc", "[lang][core]") {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const Native& native : core_table()) {
    INFO(native.ns << "/" << native.name);
    CHECK(seen.emplace(native.ns, native.name).second);
    CHECK(native.doc.size() > 10);
    CHECK((native.max == kVariadic || native.min <= native.max));
  }
}

TEST_CASE("core: the functions that the conformance cases use are there", "[lang][core]") {
  constexpr std::string_view kUsed =
      "* + - / < <= = > >= apply assoc assoc-in boolean butlast coll? comp compare complement "
      "concat conj cons "
      "constantly contains? count cycle dec dissoc distinct drop drop-while empty? even? every? "
      "ex-data ex-info "
      "ex-message false? filter first frequencies get get-in group-by identity inc integer? "
      "interpose into iterate "
      "juxt keep keys keyword keyword? last list map map-indexed map? mapcat mapv max max-key "
      "merge min mod name "
      "namespace neg? nil? not not= nth number? odd? partial partition peek pop pos? quot range "
      "re-find re-matches "
      "re-pattern re-seq reduce reduce-kv reduced rem repeat rest reverse select-keys seq "
      "sequential? set set? some "
      "some? sort sort-by str string? subs symbol? take take-while true? update update-in vals vec "
      "vector vector? "
      "zero? zipmap ";
  std::set<std::string_view> have;
  for (const Native& native : core_table()) {
    if (native.ns == "clojure.core") have.insert(native.name);
  }
  std::string_view rest = kUsed;
  while (!rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    INFO(word);
    CHECK(have.count(word) == 1);
    rest.remove_prefix(word.size() + 1);
  }
}

}  // namespace
}  // namespace onyx::lang
