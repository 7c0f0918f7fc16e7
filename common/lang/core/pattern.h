// Regular expressions of the function language: Java's notation on RE2.
//
// Shape:   a Pattern keeps the text it was made from and the compiled program.
// Limits:  RE2 matches in time linear to the text, whatever the pattern; a pattern whose program would be too large, and
//          what RE2 cannot do (look-ahead, look-behind, back references, possessive quantifiers, atomic groups,
//          intersections of classes) is refused with a message that names it and the place.
// Source:  java.util.regex. `$` matches at the end of the text only, not before a last line feed.
#pragma once

#include <re2/re2.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/edn/value.h"

namespace onyx::lang::core {

// Java's notation in RE2's, or what is wrong with it.
Result<std::string> to_re2(std::string_view java);

class Pattern final : public edn::Extension {
 public:
  std::string_view type_name() const override { return "pattern"; }
  void print(std::string& out) const override;  // #"…"

  const std::string& source() const { return source_; }
  const re2::RE2& program() const { return *program_; }
  int groups() const { return program_->NumberOfCapturingGroups(); }

 private:
  friend Result<edn::Value> make_pattern(std::string_view source);
  std::string source_;
  std::unique_ptr<re2::RE2> program_;
};

// The error is for people: `the pattern "a(?=b)" cannot be used: …`.
Result<edn::Value> make_pattern(std::string_view source);

// The Pattern behind a value, or nullptr.
const Pattern* as_pattern(const edn::Value& value);

// One match: where it is, and what its groups hold (data() == nullptr: took no part).
struct Match {
  std::vector<re2::StringPiece> groups;  // of the whole first

  std::size_t start(std::string_view text) const {
    return static_cast<std::size_t>(groups[0].data() - text.data());
  }
  std::size_t end(std::string_view text) const { return start(text) + groups[0].size(); }
};

// The first match at or after byte `from`.
bool find(const Pattern& pattern, std::string_view text, std::size_t from, Match& match);
// The match after `match`: an empty one is never given twice at a place.
bool find_next(const Pattern& pattern, std::string_view text, Match& match);
bool matches(const Pattern& pattern, std::string_view text, Match& match);

// Clojure's view of a match: the text, or a vector of it and the groups when there are any.
edn::Value to_value(const Match& match);

}  // namespace onyx::lang::core
