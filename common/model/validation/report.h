// The findings about one document, as they are made: paths, places, suggestions, and their order at the end.
//
// Shape:   add() gives the new Diagnostic to be completed by the caller; the reference holds until the next add().
// Errors:  at most kFindingsMax findings are kept; the last one then says that more were left out. Suggestions are
//          searched for the first kSuggestionsMax of them only, so that a hostile document costs little.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/edn/diagnostic.h"
#include "common/edn/value.h"
#include "common/model/validation.h"

namespace onyx::model {

// Where in a document: as for get-in.
class Path {
 public:
  Path() = default;
  explicit Path(std::string_view key) { elements_.push_back(edn::Value::keyword(key)); }

  Path operator/(std::string_view key) const { return *this / edn::Value::keyword(key); }
  Path operator/(std::size_t index) const {
    return *this / edn::Value::integer(static_cast<std::int64_t>(index));
  }
  Path operator/(edn::Value element) const {
    Path longer = *this;
    longer.elements_.push_back(std::move(element));
    return longer;
  }
  const std::vector<edn::Value>& elements() const { return elements_; }

 private:
  std::vector<edn::Value> elements_;
};

// What the caret points at: the value at the path, its key, or the entry that lacks the path's last key.
enum class At : std::uint8_t { value, key, missing };

class Report {
 public:
  static constexpr std::size_t kFindingsMax = 1000;
  static constexpr std::size_t kSuggestionsMax = 100;

  explicit Report(const JobText& text) : text_(text) {}

  edn::Diagnostic& error(std::string_view code, const Path& path, std::string message,
                         At at = At::value);
  edn::Diagnostic& warning(std::string_view code, const Path& path, std::string message,
                           At at = At::value);

  // The place of another value, for Diagnostic::related; unknown when the document did not come from text.
  edn::Span place_of(const Path& path, At at = At::value) const;

  // Fills did_you_mean of the last finding with the nearest of `candidates`, written as keywords.
  void suggest(std::string_view name, std::span<const std::string_view> candidates);

  bool has_error_below(std::string_view section) const;

  // In the order of the document.
  std::vector<edn::Diagnostic> take();

 private:
  edn::Diagnostic& add(edn::Severity severity, std::string_view code, const Path& path,
                       std::string message, At at);
  std::string entry_name(const Path& path) const;
  std::vector<std::size_t> position_of(const std::vector<edn::Value>& path) const;

  const JobText& text_;
  std::vector<edn::Diagnostic> findings_;
  edn::Diagnostic surplus_;  // takes what is written to findings past the limit
  std::size_t left_out_ = 0;
  std::size_t suggestions_ = 0;
};

// A value as a message shows it: its text, or a description when that would be long.
std::string shown(const edn::Value& value);

// ":a", ":a and :b", ":a, :b and :c" of texts without colon; long lists end in "and 7 more".
std::string shown_keywords(std::span<const std::string_view> names, std::string_view last = "and");

}  // namespace onyx::model
