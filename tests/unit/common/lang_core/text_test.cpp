#include <catch2/catch.hpp>

#include "unit/common/lang_core/expression.h"

namespace onyx::lang {
namespace {

TEST_CASE("core text: str and the printers", "[lang][core]") {
  constexpr Row kRows[] = {
      {"(str)", "\"\""},
      {"(str nil)", "\"\""},
      {"(str 1 nil :a/b \"s\" \\c (quote d) true 1/2)", "\"1:a/bscdtrue1/2\""},
      {"(str 1.0)", "\"1.0\""},
      {"(str 1e10)", "\"1.0E10\""},
      {"(str [1 \"a\" nil \\c])", "\"[1 \\\"a\\\" nil \\\\c]\""},
      {"(str (map inc [1]))", "\"(2)\""},
      {"(str ##NaN)", "\"NaN\""},
      {"(str #inst \"2001-01-01T00:47:00Z\")", "\"2001-01-01T00:47:00.000Z\""},
      {"(str #uuid \"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\")",
       "\"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\""},
      {"(str (re-pattern \"a+\"))", "\"a+\""},
      {"(pr-str \"a\" 1)", "\"\\\"a\\\" 1\""},
      {"(print-str [\"a\" \\b])", "\"[a b]\""},
      {"(name :a/b)", "\"b\""},
      {"(namespace :a/b)", "\"a\""},
      {"(namespace :b)", "nil"},
      {"(name 1)", "~name.*1"},
      {"(keyword \"a\" \"b\")", ":a/b"},
      {"(keyword \"a/b\")", ":a/b"},
      {"(keyword 1)", "nil"},
      {"(symbol \"a\")", "a"},
      {"(subs \"hello\" 1 3)", "\"el\""},
      {"(subs \"añ😀\" 2)", "\"😀\""},
      {"(subs \"abc\" 3)", "\"\""},
      {"(subs \"abc\" 4)", "~subs"},
      {"(subs \"abc\" 2 1)", "~subs"},
      {"(subs \"abc\" -1)", "~subs"},
  };
  check(kRows);
}

TEST_CASE("core text: clojure.string", "[lang][core]") {
  constexpr Row kRows[] = {
      {"(str/upper-case \"straße é\")", "\"STRASSE É\""},
      {"(str/lower-case \"ÀÉÎ ΣΑΣ\")", "\"àéî σας\""},
      {"(str/capitalize \"hELLO\")", "\"Hello\""},
      {"(str/capitalize \"\")", "\"\""},
      {"(str/upper-case nil)", "~upper-case.*nil"},
      {"(str/trim \" \\t a b\\n \")", "\"a b\""},
      {"(str/triml \"  a \")", "\"a \""},
      {"(str/trimr \" a  \")", "\" a\""},
      {"(str/trim-newline \"a\\r\\n\")", "\"a\""},
      {"(str/blank? nil)", "true"},
      {"(str/blank? \" a\")", "false"},
      {"(str/split \"a,b,,c,,\" (re-pattern \",\"))", "[\"a\" \"b\" \"\" \"c\"]"},
      {"(str/split \"a,b,c\" (re-pattern \",\") 2)", "[\"a\" \"b,c\"]"},
      {"(str/split \"a,b,\" (re-pattern \",\") -1)", "[\"a\" \"b\" \"\"]"},
      {"(str/split \"\" (re-pattern \",\"))", "[\"\"]"},
      {"(str/split \",\" (re-pattern \",\"))", "[]"},
      {"(str/split \",a\" (re-pattern \",\"))", "[\"\" \"a\"]"},
      {"(str/split \"abc\" (re-pattern \"\"))", "[\"a\" \"b\" \"c\"]"},
      {"(str/split \"a b  c\" (re-pattern \"\\\\s+\"))", "[\"a\" \"b\" \"c\"]"},
      {"(str/split \"a\" \",\")", "~split.*pattern"},
      {"(str/split-lines \"a\\nb\\r\\nc\\n\\n\")", "[\"a\" \"b\" \"c\"]"},
      {"(str/join \", \" [1 nil :a])", "\"1, , :a\""},
      {"(str/join [1 2])", "\"12\""},
      {"(str/join \",\" [])", "\"\""},
      {"(str/replace \"hello\" \"l\" \"L\")", "\"heLLo\""},
      {"(str/replace \"hello\" \\l \\r)", "\"herro\""},
      {"(str/replace \"hello\" (re-pattern \"l(.)\") \"<$1>\")", "\"he<l>o\""},
      {"(str/replace \"hello\" (re-pattern \"[el]\") str/upper-case)", "\"hELLo\""},
      {"(str/replace \"a1b2\" (re-pattern \"([a-z])([0-9])\") (fn [m] (str (nth m 2) (nth m 1))))",
       "\"1a2b\""},
      {"(str/replace \"abc\" (re-pattern \"\") \"-\")", "\"-a-b-c-\""},
      {"(str/replace \"abc\" \"\" \"-\")", "\"-a-b-c-\""},
      {"(str/replace \"a.b\" \".\" \"$1\")", "\"a$1b\""},
      {"(str/replace \"a\" (re-pattern \"a\") \"$1\")", "~No group 1"},
      {"(str/replace \"a\" (re-pattern \"a\") \"x$\")", "~\\$"},
      {"(str/replace-first \"aa\" \"a\" \"b\")", "\"ba\""},
      {"(str/replace-first \"a1b2\" (re-pattern \"[0-9]\") \"#\")", "\"a#b2\""},
      {"(str/re-quote-replacement \"$1\\\\\")", "\"\\\\$1\\\\\\\\\""},
      {"(str/reverse \"añ😀\")", "\"😀ña\""},
      {"(str/escape \"a<b\" {\\< \"&lt;\"})", "\"a&lt;b\""},
      {"(str/includes? \"abc\" \"b\")", "true"},
      {"(str/starts-with? \"abc\" \"ab\")", "true"},
      {"(str/ends-with? \"abc\" \"bc\")", "true"},
      {"(str/index-of \"añb\" \"b\")", "2"},
      {"(str/index-of \"abab\" \\a 1)", "2"},
      {"(str/index-of \"ab\" \"c\")", "nil"},
      {"(str/last-index-of \"abab\" \"a\")", "2"},
      {"(str/last-index-of \"abab\" \"a\" 1)", "0"},
  };
  check(kRows);
}

TEST_CASE("core text: regular expressions are Java's", "[lang][core]") {
  constexpr Row kRows[] = {
      {"(re-find (re-pattern \"\\\\d+\") \"a12b3\")", "\"12\""},
      {"(re-find (re-pattern \"x\") \"a\")", "nil"},
      {"(re-find (re-pattern \"(a)(b)?\") \"ac\")", "[\"a\" \"a\" nil]"},
      {"(re-matches (re-pattern \"\\\\w+\") \"abc\")", "\"abc\""},
      {"(re-matches (re-pattern \"\\\\w+\") \"abc!\")", "nil"},
      {"(re-matches (re-pattern \"a|ab\") \"ab\")", "\"ab\""},
      {"(re-matches (re-pattern \"(\\\\d+)-(\\\\d+)\") \"1-22\")", "[\"1-22\" \"1\" \"22\"]"},
      {"(re-seq (re-pattern \"\\\\w\") \"a b\")", "(\"a\" \"b\")"},
      {"(re-seq (re-pattern \"a*\") \"baa\")", "(\"\" \"aa\" \"\")"},
      {"(re-seq (re-pattern \"x\") \"a\")", "nil"},
      {"(re-find (re-pattern \"(?i)ABC\") \"xabc\")", "\"abc\""},
      {"(re-find (re-pattern \"(?<year>\\\\d{4})\") \"in 2001\")", "[\"2001\" \"2001\"]"},
      {"(re-find (re-pattern \"\\\\u00e9\") \"café\")", "\"é\""},
      {"(re-find (re-pattern \"\\\\p{Upper}\\\\p{Lower}+\") \"the Cat\")", "\"Cat\""},
      {"(re-find (re-pattern \"\\\\Qa.b\\\\E\") \"axb a.b\")", "\"a.b\""},
      {"(re-find (re-pattern \"[\\\\s,]+\") \"a, b\")", "\", \""},
      {"(re-find \"a\" \"a\")", "~re-find.*pattern"},
      {"(re-find (re-pattern \"a\") nil)", "~re-find.*nil"},
      {"(re-pattern \"a(?=b)\")", "~look-ahead.*character 2"},
      {"(re-pattern \"(?<!a)b\")", "~look-behind"},
      {"(re-pattern \"(a)\\\\1\")", "~back references"},
      {"(re-pattern \"a++\")", "~possessive"},
      {"(re-pattern \"(?>a)\")", "~atomic"},
      {"(re-pattern \"[a&&b]\")", "~intersection"},
      {"(re-pattern \"(a\")", "~the pattern .*\\(a"},
      {"(re-pattern \"[a\")", "~no `\\]`"},
      {"(re-pattern \"(((a{100}){100}){100}){100}\")", "~the pattern"},
      {"(re-find (re-pattern \"(a+)+$\") (apply str (concat (repeat 2000 \"a\") [\"b\"])))", "nil"},
  };
  check(kRows);
}

TEST_CASE("core text: format is java.util.Formatter's", "[lang][core]") {
  constexpr Row kRows[] = {
      {"(format \"%s-%s\" 1 nil)", "\"1-null\""},
      {"(format \"%5d|%-5d|%05d\" 42 42 42)", "\"   42|42   |00042\""},
      {"(format \"%,d\" 1234567)", "\"1,234,567\""},
      {"(format \"%+d %(d\" 5 -5)", "\"+5 (5)\""},
      {"(format \"%x %X %o\" 255 255 8)", "\"ff FF 10\""},
      {"(format \"%.2f\" 3.14159)", "\"3.14\""},
      {"(format \"%.2f\" 1.005)", "\"1.01\""},
      {"(format \"%.1f\" 0.25)", "\"0.3\""},
      {"(format \"%.0f\" 0.5)", "\"1\""},
      {"(format \"%f\" 1.0)", "\"1.000000\""},
      {"(format \"%8.3f|\" -2.5)", "\"  -2.500|\""},
      {"(format \"%,.2f\" 1234567.891)", "\"1,234,567.89\""},
      {"(format \"%e\" 12345.678)", "\"1.234568e+04\""},
      {"(format \"%.3f\" 9.9996)", "\"10.000\""},
      {"(format \"%f\" 1)", "~double"},
      {"(format \"%d\" 1.0)", "~integer"},
      {"(format \"%d\" \"x\")", "~integer.*\"x\""},
      {"(format \"%b %c %% %n\" nil \\x)", "\"false x % \\n\""},
      {"(format \"%2$s %1$s\" 1 2)", "\"2 1\""},
      {"(format \"%-4s|%4s|%.2s\" \"ab\" \"ab\" \"abc\")", "\"ab  |  ab|ab\""},
      {"(format \"%S\" \"ab\")", "\"AB\""},
      {"(format \"%s\" [1 \"a\"])", "\"[1 \\\"a\\\"]\""},
      {"(format \"%s\")", "~no value"},
      {"(format \"%y\" 1)", "~no conversion"},
      {"(format \"abc%\")", "~ends inside"},
  };
  check(kRows);
}

TEST_CASE("core text: what is not there is an error that says what was found", "[lang][core]") {
  constexpr Row kRows[] = {
      {"(ex-message (ex-info \"m\" {:a 1}))", "\"m\""},
      {"(ex-data (ex-info \"m\" {:a 1}))", "{:a 1}"},
      {"(ex-data 1)", "nil"},
      {"(ex-info \"m\" 1)", "~ex-info needs a map"},
      {"(even? 1.0)", "~even\\?.*1.0"},
      {"(zero? nil)", "~zero\\?.*nil"},
      {"(nil? nil)", "true"},
      {"(sequential? (map inc [1]))", "true"},
      {"(coll? \"a\")", "false"},
      {"(ifn? :a)", "true"},
      {"(fn? :a)", "false"},
      {"(type 1)", "java.lang.Long"},
      {"(boolean nil)", "false"},
      {"(not 1)", "false"},
      {"(map-entry? (first {:a 1}))", "true"},
      {"(identical? :a :a)", "true"},
  };
  check(kRows);
}

}  // namespace
}  // namespace onyx::lang
