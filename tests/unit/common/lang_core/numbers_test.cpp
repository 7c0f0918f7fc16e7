#include <catch2/catch.hpp>

#include "unit/common/lang_core/expression.h"

namespace onyx::lang {
namespace {

TEST_CASE("core numbers: arithmetic is exact and fails loudly", "[lang][core]") {
  constexpr Row kRows[] = {
      {"(+)", "0"},
      {"(+ 1 2 3)", "6"},
      {"(+ nil)", "nil"},
      {"(*)", "1"},
      {"(- 5)", "-5"},
      {"(- 10 1 2)", "7"},
      {"(/ 11 2)", "11/2"},
      {"(/ 10 2)", "5"},
      {"(/ 2)", "1/2"},
      {"(+ 1/2 1/2)", "1"},
      {"(+ 1 1.5)", "2.5"},
      {"(+ 9223372036854775807 1)", "! integer overflow"},
      {"(inc 9223372036854775807)", "! integer overflow"},
      {"(* 3037000500 3037000500)", "! integer overflow"},
      {"(quot 1 0)", "! Divide by zero"},
      {"(/ 1 0)", "! Divide by zero"},
      {"(+ 1 nil)", "~\\+.*nil"},
      {"(inc nil)", "~inc.*nil"},
      {"(* 2 \"a\")", "~\\*.*\"a\""},
      {"(quot -7 2)", "-3"},
      {"(rem -7 2)", "-1"},
      {"(mod -7 2)", "1"},
      {"(mod 7 -2)", "-1"},
      {"(max 1 3 2)", "3"},
      {"(max 1 1.0)", "1.0"},
      {"(min 2 1.5)", "1.5"},
      {"(max 1 nil)", "~max.*nil"},
      {"(abs -3)", "3"},
      {"(abs -1/2)", "1/2"},
      {"(int 3.9)", "3"},
      {"(int \\a)", "97"},
      {"(int 3000000000)", "! Value out of range for int: 3000000000"},
      {"(long -3.9)", "-3"},
      {"(double 1/4)", "0.25"},
      {"(numerator 3/4)", "3"},
      {"(bit-and 12 10)", "8"},
      {"(bit-xor 12 10)", "6"},
      {"(bit-shift-left 1 10)", "1024"},
      {"(bit-shift-right -8 1)", "-4"},
      {"(unsigned-bit-shift-right -1 60)", "15"},
      {"(bit-test 5 2)", "true"},
  };
  check(kRows);
}

TEST_CASE("core numbers: equality keeps kinds apart and == does not", "[lang][core]") {
  constexpr Row kRows[] = {
      {"(= 1 1.0)", "false"},
      {"(== 1 1.0)", "true"},
      {"(= 1/2 0.5)", "false"},
      {"(== 1/2 0.5)", "true"},
      {"(= [1 2] (list 1 2))", "true"},
      {"(= nil false)", "false"},
      {"(= #{1 2} #{2 1})", "true"},
      {"(= {:a [1]} {:a (map inc [0])})", "true"},
      {"(< 1 2 3)", "true"},
      {"(< 1 3 2)", "false"},
      {"(<= 1 1 2)", "true"},
      {"(> 2 1.5 1/2)", "true"},
      {"(< 1 nil)", "~<.*nil"},
      {"(not= 1 2)", "true"},
      {"(= 1)", "true"},
      {"(< ##NaN 1)", "false"},
      {"(>= 1 ##NaN)", "false"},
  };
  check(kRows);
}

TEST_CASE("core numbers: compare orders what Clojure orders", "[lang][core]") {
  constexpr Row kRows[] = {
      {"(compare 1 2)", "-1"},
      {"(compare 2 1.5)", "1"},
      {"(compare nil 1)", "-1"},
      {"(compare nil nil)", "0"},
      {"(compare \"a\" \"c\")", "-2"},
      {"(compare \"ab\" \"a\")", "1"},
      {"(compare :a :b)", "-1"},
      {"(compare :a :a/b)", "-1"},
      {"(compare [1 2] [3])", "1"},
      {"(compare [1 2] [1 3])", "-1"},
      {"(compare false true)", "-1"},
      {"(compare \\b \\a)", "1"},
      {"(compare 1 \"a\")", "~compare.*1.*\"a\""},
      {"(compare {} {})", "~compare"},
  };
  check(kRows);
}

TEST_CASE("core numbers: Java's Math and parsing", "[lang][core]") {
  constexpr Row kRows[] = {
      {"(Math/abs -3)", "3"},
      {"(Math/floor 1.5)", "1.0"},
      {"(Math/ceil 1.2)", "2.0"},
      {"(Math/sqrt 9)", "3.0"},
      {"(Math/pow 2 10)", "1024.0"},
      {"(Math/round 2.5)", "3"},
      {"(Math/round -2.5)", "-2"},
      {"(Math/max 1 2)", "2"},
      {"(Math/floorMod -1 3)", "2"},
      {"(Math/floorDiv -1 3)", "-1"},
      {"(Long/parseLong \"42\")", "42"},
      {"(Long/parseLong \"ff\" 16)", "255"},
      {"(Long/parseLong \"x\")", "! For input string: \"x\""},
      {"(Integer/parseInt \"3000000000\")", "! For input string: \"3000000000\""},
      {"(Double/parseDouble \" 1.5e3 \")", "1500.0"},
      {"(parse-long \"12\")", "12"},
      {"(parse-long \"+12\")", "12"},
      {"(parse-long \"1.2\")", "nil"},
      {"(parse-long \"\")", "nil"},
      {"(parse-long 1)", "~parse-long.*1"},
      {"(parse-double \"1\")", "1.0"},
      {"(parse-double \"x\")", "nil"},
      {"(parse-boolean \"true\")", "true"},
      {"(parse-boolean \"yes\")", "nil"},
      {"(parse-uuid \"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\")",
       "#uuid \"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\""},
      {"(parse-uuid \"f81d4fae\")", "nil"},
      {"Long/MAX_VALUE", "9223372036854775807"},
  };
  check(kRows);
}

}  // namespace
}  // namespace onyx::lang
