#include "common/lang/core/areas.h"
#include "common/lang/core/arguments.h"
#include "common/lang/core/lazy.h"
#include "common/lang/core/pattern.h"
#include "common/lang/core/search.h"

namespace onyx::lang::core {

namespace {

constexpr std::size_t kBytesPerStep = 64;
constexpr std::size_t kReadAheadShare = 256;

}  // namespace

const Pattern& pattern_of(std::string_view function, const Value& value) {
  const Pattern* pattern = as_pattern(value);
  if (pattern == nullptr) raise_wrong_type(function, "a pattern, such as #\"a+\"", value);
  return *pattern;
}

void count_search(Call& call, std::size_t bytes) {
  for (std::size_t steps = bytes / kBytesPerStep + 1; steps > 0; --steps) call.step();
}

void count_match(Call& call, std::size_t progress, std::size_t rest) {
  count_search(call, progress + rest / kReadAheadShare);
}

namespace {

Value re_pattern(Call& call, Args args) {
  if (as_pattern(args[0]) != nullptr) return std::move(args[0]);
  const std::string_view source = text_of("re-pattern", args[0]);
  constexpr std::size_t kCompileFactor = 64;  // a program is larger than its text
  call.charge(source.size() * kCompileFactor);
  count_search(call, source.size() * kCompileFactor);
  auto pattern = make_pattern(source);
  if (!pattern) raise(ErrorClass::illegal_argument, pattern.error().message());
  return *std::move(pattern);
}

Value re_find(Call& call, Args args) {
  const Pattern& pattern = pattern_of("re-find", args[0]);
  const std::string_view text = text_of("re-find", args[1]);
  count_search(call, text.size());
  Match match;
  return find(pattern, text, 0, match) ? to_value(match) : Value();
}

Value re_matches(Call& call, Args args) {
  const Pattern& pattern = pattern_of("re-matches", args[0]);
  const std::string_view text = text_of("re-matches", args[1]);
  count_search(call, text.size());
  Match match;
  return matches(pattern, text, match) ? to_value(match) : Value();
}

// nil when nothing matches, as Clojure's.
Value re_seq(Call& call, Args args) {
  const Pattern& pattern = pattern_of("re-seq", args[0]);
  const std::string_view text = text_of("re-seq", args[1]);
  Match first;
  count_search(call, text.size());
  if (!find(pattern, text, 0, first)) return {};
  return lazy({&args[0], &args[1]},
              [pattern_value = args[0], text_value = args[1], first_start = first.start(text),
               place = std::size_t{0}, state = 0](Call& c, Value& out) mutable {
                const Pattern& p = *as_pattern(pattern_value);
                const std::string_view t = text_value.as_string();
                // The place to go on is kept as an offset: a short string moves with its Value.
                Match match;
                const std::size_t from = state == 0 ? first_start : place;
                if (state == 2) return false;
                if (!find(p, t, from, match)) {
                  count_search(c, t.size() - from);
                  return false;
                }
                place = match.end(t);
                count_match(c, place - from, t.size() - place);
                state = 1;
                if (match.groups[0].empty()) {
                  if (place == t.size()) {
                    state = 2;
                  } else {
                    place = after_character(t, place);
                  }
                }
                out = to_value(match);
                return true;
              });
}

constexpr Native kRegexTable[] = {
    {kCore, "re-pattern", 1, 1, re_pattern,
     "The pattern that the string says, in Java's notation."},
    {kCore, "re-find", 2, 2, re_find,
     "The first match in the string, or nil; a vector with the groups if there are any."},
    {kCore, "re-matches", 2, 2, re_matches,
     "The match of the whole string, or nil; a vector with the groups if there are any."},
    {kCore, "re-seq", 2, 2, re_seq, "A lazy sequence of the matches in the string, or nil."},
};

}  // namespace

std::span<const Native> regex_table() { return kRegexTable; }

}  // namespace onyx::lang::core
