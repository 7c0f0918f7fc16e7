#include "common/edn/reader_rules.h"

namespace onyx::edn {

namespace {

constexpr ReadRuleText kRules[] = {
    {"EDN-01", "something is never closed",
     "The text ends inside a list, vector, map, set or string. Add the closing bracket or quote; "
     "the message names the "
     "place where it was opened."},
    {"EDN-02", "a closing bracket matches nothing",
     "A `)`, `]` or `}` closes nothing, or something that was opened with another bracket."},
    {"EDN-03", "a map has a key without a value",
     "A map `{…}` holds pairs of key and value, so the number of its forms is even."},
    {"EDN-04", "a map has the same key twice",
     "Each key of a map may occur once. 1 and 1.0 are different keys."},
    {"EDN-05", "a set has the same element twice", "Each element of a set `#{…}` may occur once."},
    {"EDN-06", "not a valid keyword or symbol",
     "A name is `name` or `namespace/name`, a keyword has one colon in front. `:`, `::a`, `a/` and "
     "`a:` are not names."},
    {"EDN-07", "not a valid number",
     "Numbers are 42, -7, 0x2A, 052, 2r101, 42N, 1.5, 1.5e3, 3/4. A name cannot start with a "
     "digit."},
    {"EDN-08", "the integer does not fit 64 bits",
     "Integers reach from -9223372036854775808 to 9223372036854775807; there is no arbitrary "
     "precision. Write the "
     "number as a string, or with a decimal point as a double."},
    {"EDN-09", "the number is beyond the range of a double",
     "Doubles reach to about 1.8e308. Write ##Inf or ##-Inf if infinity is meant."},
    {"EDN-10", "decimals of arbitrary precision do not exist here",
     "The suffix M asks for a decimal of arbitrary precision. Drop the M to get a double, or write "
     "a ratio or a string."},
    {"EDN-11", "a ratio divides by zero", "The part of a ratio after the slash must not be 0."},
    {"EDN-12", "not a valid character",
     "Characters are \\a, \\newline, \\space, \\tab, \\return, \\formfeed, \\backspace, \\u0041 "
     "and \\o101."},
    {"EDN-13", "not a valid escape in a string",
     "Strings know \\n \\t \\r \\b \\f \\\\ \\\" \\u0041 and \\101 (octal). A surrogate \\ud83d "
     "needs its other half "
     "right after it."},
    {"EDN-14", "not a valid #inst",
     "#inst is followed by a string such as \"2024-05-31T12:30:00.000-00:00\"; parts may be left "
     "off from the right."},
    {"EDN-15", "not a valid #uuid",
     "#uuid is followed by a string such as \"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\"."},
    {"EDN-16", "Clojure syntax that is not EDN",
     "EDN is data: it has no metadata ^, quote `, deref @, #(), #'var, regular expression #\"\" or "
     "unreadable #<…>. "
     "Inside functions most of these work."},
    {"EDN-17", "nothing follows",
     "`#_` and `#tag` apply to the form after them, and there is none."},
    {"EDN-18", "not a valid namespaced map",
     "A namespaced map is `#:name{…}`, where the name has no namespace of its own."},
    {"EDN-19", "nested too deep", "Forms may be nested 512 deep, #_ and #tag included."},
    {"EDN-20", "the number is too long", "A number may have 4096 digits."},
    {"EDN-21", "the document is too large",
     "A document may have 16 MiB. Data belongs into files of segments."},
    {"EDN-22", "not valid UTF-8", "Text is UTF-8. Save the file in that encoding."},
    {"EDN-23", "a byte order mark", "Save the file as UTF-8 without a byte order mark."},
    {"EDN-24", "a NUL byte", "Text holds no NUL bytes; in a string, write \\u0000."},
    {"EDN-25", "text after the value", "The document holds one value, and something follows it."},
    {"EDN-26", "no value", "The document is empty, or holds only comments."},
    {"EDN-27", "too many different names",
     "The process has met 4,000,000 different keywords and symbols. Keep keys that are data as "
     "strings."},
    {"EDN-28", "not a symbolic value", "The symbolic values are ##Inf, ##-Inf and ##NaN."},
};

}  // namespace

const ReadRuleText& text_of(ReadRule rule) { return kRules[static_cast<std::size_t>(rule) - 1]; }

std::span<const ReadRuleText> read_rules() { return kRules; }

}  // namespace onyx::edn
