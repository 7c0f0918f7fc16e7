#include <fmt/format.h>

#include <functional>

#include "common/base/utf8.h"
#include "common/lang/core/areas.h"
#include "common/lang/core/arguments.h"
#include "common/lang/core/letter_case.h"
#include "common/lang/core/search.h"
#include "common/lang/core/text.h"

namespace onyx::lang::core {

namespace {

constexpr std::string_view kString = "clojure.string";

// Characters, patterns and functions have their own places in replace; everything else of this namespace takes text,
// and, as Clojure does through toString, the text of keywords and numbers too.
std::string any_text(Call& call, std::string_view function, const Value& value) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_nil()) raise_wrong_type(function, "a string", value);
  return str(call, value);
}

Value counted(Call& call, std::string text) {
  call.charge(text.size());
  return Value::string(text);
}

Value upper_case(Call& call, Args args) {
  const std::string text = any_text(call, "upper-case", args[0]);
  count_search(call, text.size());
  return counted(call, to_upper(text));
}

Value lower_case(Call& call, Args args) {
  const std::string text = any_text(call, "lower-case", args[0]);
  count_search(call, text.size());
  return counted(call, to_lower(text));
}

Value capitalize(Call& call, Args args) {
  const std::string text = any_text(call, "capitalize", args[0]);
  count_search(call, text.size());
  if (text.empty()) return Value::string(text);
  const std::size_t head = after_character(text, 0);
  const std::string_view view = text;
  return counted(call, to_upper(view.substr(0, head)) + to_lower(view.substr(head)));
}

// --- white space ---

std::string_view left_trimmed(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t next = at;
    if (!is_whitespace(decode_utf8(text, next))) break;
    at = next;
  }
  return text.substr(at);
}

std::string_view right_trimmed(std::string_view text) {
  while (!text.empty()) {
    const std::size_t start = previous_character(text, text.size());
    std::size_t at = start;
    if (!is_whitespace(decode_utf8(text, at))) break;
    text = text.substr(0, start);
  }
  return text;
}

Value trim(Call& call, Args args) {
  const std::string_view text = text_of("trim", args[0]);
  count_search(call, text.size());
  return Value::string(right_trimmed(left_trimmed(text)));
}
Value triml(Call& call, Args args) {
  const std::string_view text = text_of("triml", args[0]);
  count_search(call, text.size());
  return Value::string(left_trimmed(text));
}
Value trimr(Call& call, Args args) {
  const std::string_view text = text_of("trimr", args[0]);
  count_search(call, text.size());
  return Value::string(right_trimmed(text));
}

Value trim_newline(Call&, Args args) {
  std::string_view text = text_of("trim-newline", args[0]);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return Value::string(text);
}

Value is_blank(Call& call, Args args) {
  if (args[0].is_nil()) return Value::boolean(true);
  const std::string_view text = text_of("blank?", args[0]);
  count_search(call, text.size());
  return Value::boolean(left_trimmed(text).empty());
}

// --- taking apart ---

// Java's String.split: no empty part at the end unless `limit` is negative, at most `limit` parts when it is positive.
Value split_by(Call& call, const Pattern& pattern, std::string_view text, std::int64_t limit) {
  std::vector<Value> parts;
  std::size_t start = 0;
  Match match;
  bool has_match = find(pattern, text, 0, match);
  std::size_t looked_at = 0;
  while (has_match && (limit <= 0 || static_cast<std::int64_t>(parts.size()) < limit - 1)) {
    const std::size_t at = match.start(text);
    const std::size_t end = match.end(text);
    count_match(call, end - looked_at, text.size() - end);
    looked_at = end;
    // An empty match at the very start gives no empty first part.
    if (end != 0) {
      keep(call, parts, Value::string(text.substr(start, at - start)));
      start = end;
    }
    has_match = find_next(pattern, text, match);
  }
  count_search(call, text.size() - looked_at);
  keep(call, parts, Value::string(text.substr(start)));
  if (limit == 0 && parts.size() > 1) {
    while (!parts.empty() && parts.back().as_string().empty()) parts.pop_back();
  }
  return Value::vector(std::move(parts));
}

Value split(Call& call, Args args) {
  const std::string_view text = text_of("split", args[0]);
  const Pattern& pattern = pattern_of("split", args[1]);
  return split_by(call, pattern, text, args.size() == 3 ? whole_of("split", args[2]) : 0);
}

Value split_lines(Call& call, Args args) {
  const std::string_view text = text_of("split-lines", args[0]);
  count_search(call, text.size());
  std::vector<Value> lines;
  std::size_t start = 0;
  for (std::size_t at = text.find('\n'); at != std::string_view::npos;
       at = text.find('\n', start)) {
    call.step();
    const std::size_t end = at > start && text[at - 1] == '\r' ? at - 1 : at;
    keep(call, lines, Value::string(text.substr(start, end - start)));
    start = at + 1;
  }
  keep(call, lines, Value::string(text.substr(start)));
  while (lines.size() > 1 && lines.back().as_string().empty()) lines.pop_back();
  if (lines.size() == 1 && lines[0].as_string().empty() && !text.empty()) lines.clear();
  return Value::vector(std::move(lines));
}

Value join_strings(Call& call, Args args) {
  const std::string separator = args.size() == 2 ? str(call, args[0]) : std::string();
  SeqCursor cursor(std::move(args.back()), "join");
  std::string out;
  Value item;
  for (bool is_first = true; cursor.next(call, item); is_first = false) {
    if (!is_first) append(call, separator, out);
    append_str(call, item, out);
  }
  return Value::string(out);
}

// --- replacing ---

// What stands in a match's place; gets the match.
using Replacement = std::function<void(const Match&, std::string&)>;

// Java's notation: `$1` is a group, `${name}` a named one, a backslash makes the next character plain.
Replacement template_of(Call& call, const Pattern& pattern, std::string_view function,
                        std::string_view text) {
  return [&call, &pattern, function, text](const Match& match, std::string& out) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] == '\\') {
        if (++at == text.size()) {
          raise(ErrorClass::illegal_argument,
                fmt::format("{}: the replacement ends with a backslash; write \\\\ for one",
                            function));
        }
        out += text[at];
      } else if (text[at] != '$') {
        out += text[at];
      } else {
        std::size_t group = 0;
        std::size_t end = at + 1;
        if (end < text.size() && text[end] == '{') {
          const std::size_t close = text.find('}', end);
          const std::string name(
              text.substr(end + 1, close == std::string_view::npos ? close : close - end - 1));
          const auto& names = pattern.program().NamedCapturingGroups();
          const auto found = names.find(name);
          if (close == std::string_view::npos || found == names.end()) {
            raise(ErrorClass::illegal_argument,
                  fmt::format("{}: the pattern has no group {{{}}}", function, name));
          }
          group = static_cast<std::size_t>(found->second);
          at = close;
        } else {
          // As many digits as there are groups for.
          while (end < text.size() && text[end] >= '0' && text[end] <= '9') {
            const std::size_t longer = group * 10 + static_cast<std::size_t>(text[end] - '0');
            if (end > at + 1 && longer >= match.groups.size()) break;
            group = longer;
            ++end;
          }
          if (end == at + 1) {
            raise(ErrorClass::illegal_argument,
                  fmt::format("{}: `$` in a replacement must be followed by the number of a group; "
                              "write \\$ for a dollar sign",
                              function));
          }
          if (group >= match.groups.size()) {
            raise(ErrorClass::index_out_of_bounds, fmt::format("{}: No group {}", function, group));
          }
          at = end - 1;
        }
        append(call, {match.groups[group].data(), match.groups[group].size()}, out);
      }
    }
  };
}

Value replace_matches(Call& call, const Pattern& pattern, std::string_view text,
                      const Replacement& replacement, bool only_first) {
  std::string out;
  std::size_t copied = 0;
  Match match;
  bool has_match = find(pattern, text, 0, match);
  while (has_match) {
    const std::size_t at = match.start(text);
    count_match(call, match.end(text) - copied, text.size() - match.end(text));
    append(call, text.substr(copied, at - copied), out);
    replacement(match, out);
    call.charge(0);
    copied = match.end(text);
    has_match = !only_first && find_next(pattern, text, match);
  }
  count_search(call, text.size() - copied);
  append(call, text.substr(copied), out);
  return Value::string(out);
}

Value replace_text(Call& call, std::string_view text, std::string_view old, std::string_view now,
                   bool only_first) {
  std::string out;
  std::size_t copied = 0;
  count_search(call, text.size());
  for (std::size_t from = 0;;) {
    const std::size_t at = text.find(old, from);
    if (at == std::string_view::npos) break;
    call.step();
    append(call, text.substr(copied, at - copied), out);
    append(call, now, out);
    copied = at + old.size();
    if (only_first) break;
    if (!old.empty()) {
      from = copied;
    } else if (at == text.size()) {
      break;
    } else {
      from = after_character(text, at);
    }
  }
  append(call, text.substr(copied), out);
  return Value::string(out);
}

Value replaced(Call& call, std::string_view function, Args args, bool only_first) {
  const std::string_view text = text_of(function, args[0]);
  const Value& old = args[1];
  const Value& now = args[2];
  if (old.is_string()) {
    return replace_text(call, text, old.as_string(), text_of(function, now), only_first);
  }
  if (old.is(edn::Kind::character)) {
    if (!now.is(edn::Kind::character)) {
      raise_wrong_type(function, "a character to put in place of a character", now);
    }
    return replace_text(call, text, to_utf8(old.as_character()), to_utf8(now.as_character()),
                        only_first);
  }
  const Pattern* pattern = as_pattern(old);
  if (pattern == nullptr)
    raise_wrong_type(function, "a string, a character or a pattern to look for", old);
  if (now.is_string()) {
    const Replacement replacement = template_of(call, *pattern, function, now.as_string());
    return replace_matches(call, *pattern, text, replacement, only_first);
  }
  if (!is_callable(now))
    raise_wrong_type(function, "a string or a function as the replacement", now);
  const Callee f(now);
  return replace_matches(
      call, *pattern, text,
      [&](const Match& match, std::string& out) {
        const Value made = f(call, to_value(match));
        append(call, text_of(function, made), out);
      },
      only_first);
}

Value replace(Call& call, Args args) { return replaced(call, "replace", args, false); }
Value replace_first(Call& call, Args args) { return replaced(call, "replace-first", args, true); }

Value quote_replacement(Call& call, Args args) {
  std::string out;
  for (const char c : text_of("re-quote-replacement", args[0])) {
    if (c == '\\' || c == '$') out += '\\';
    out += c;
  }
  return counted(call, std::move(out));
}

Value reverse_string(Call& call, Args args) {
  const std::string_view text = text_of("reverse", args[0]);
  count_search(call, text.size());
  std::string out;
  out.reserve(text.size());
  for (std::size_t end = text.size(); end > 0;) {
    const std::size_t start = previous_character(text, end);
    out += text.substr(start, end - start);
    end = start;
  }
  return counted(call, std::move(out));
}

Value escape(Call& call, Args args) {
  const std::string_view text = text_of("escape", args[0]);
  const Callee f(std::move(args[1]));
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    call.step();
    const std::size_t start = at;
    const Value instead = f(call, Value::character(decode_utf8(text, at)));
    if (instead.is_nil()) {
      append(call, text.substr(start, at - start), out);
    } else {
      append_str(call, instead, out);
    }
  }
  return Value::string(out);
}

// --- looking for ---

Value includes(Call& call, Args args) {
  const std::string_view text = text_of("includes?", args[0]);
  count_search(call, text.size());
  return Value::boolean(text.find(text_of("includes?", args[1])) != std::string_view::npos);
}
Value starts_with(Call&, Args args) {
  return Value::boolean(
      text_of("starts-with?", args[0]).starts_with(text_of("starts-with?", args[1])));
}
Value ends_with(Call&, Args args) {
  return Value::boolean(text_of("ends-with?", args[0]).ends_with(text_of("ends-with?", args[1])));
}

std::string needle(std::string_view function, const Value& value) {
  if (value.is(edn::Kind::character)) return to_utf8(value.as_character());
  return std::string(text_of(function, value));
}

Value character_index(std::string_view text, std::size_t at) {
  if (at == std::string_view::npos) return {};
  return Value::integer(static_cast<std::int64_t>(count_characters(text.substr(0, at))));
}

Value index_of(Call& call, Args args) {
  const std::string_view text = text_of("index-of", args[0]);
  const std::string what = needle("index-of", args[1]);
  count_search(call, text.size());
  const std::int64_t from =
      args.size() == 3 ? std::max<std::int64_t>(whole_of("index-of", args[2]), 0) : 0;
  const auto start = offset_of(text, static_cast<std::size_t>(from));
  return start ? character_index(text, text.find(what, *start)) : Value();
}

Value last_index_of(Call& call, Args args) {
  const std::string_view text = text_of("last-index-of", args[0]);
  const std::string what = needle("last-index-of", args[1]);
  count_search(call, text.size());
  if (args.size() == 2) return character_index(text, text.rfind(what));
  const std::int64_t from = whole_of("last-index-of", args[2]);
  if (from < 0) return {};
  return character_index(
      text,
      text.rfind(what, offset_of(text, static_cast<std::size_t>(from)).value_or(text.size())));
}

constexpr Native kStringsTable[] = {
    {kString, "upper-case", 1, 1, upper_case, "The string in upper case."},
    {kString, "lower-case", 1, 1, lower_case, "The string in lower case."},
    {kString, "capitalize", 1, 1, capitalize,
     "The string with its first character in upper case, the others in lower."},
    {kString, "trim", 1, 1, trim, "The string without white space at both ends."},
    {kString, "triml", 1, 1, triml, "The string without white space at its start."},
    {kString, "trimr", 1, 1, trimr, "The string without white space at its end."},
    {kString, "trim-newline", 1, 1, trim_newline,
     "The string without line feeds and carriage returns at its end."},
    {kString, "blank?", 1, 1, is_blank, "Whether the string is nil, empty or only white space."},
    {kString, "split", 2, 3, split,
     "A vector of the parts between the pattern's matches, at most limit of them."},
    {kString, "split-lines", 1, 1, split_lines, "A vector of the string's lines."},
    {kString, "join", 1, 2, join_strings,
     "The elements as one string, with the separator between."},
    {kString, "replace", 3, 3, replace,
     "The string with every match of a string, character or pattern replaced."},
    {kString, "replace-first", 3, 3, replace_first,
     "The string with the first match of a string, character or pattern replaced."},
    {kString, "re-quote-replacement", 1, 1, quote_replacement,
     "The string as a replacement without special characters."},
    {kString, "reverse", 1, 1, reverse_string, "The string's characters, last first."},
    {kString, "escape", 2, 2, escape,
     "The string with (f character) in place of each character for which it is not nil."},
    {kString, "includes?", 2, 2, includes, "Whether the string holds the other."},
    {kString, "starts-with?", 2, 2, starts_with, "Whether the string starts with the other."},
    {kString, "ends-with?", 2, 2, ends_with, "Whether the string ends with the other."},
    {kString, "index-of", 2, 3, index_of, "Where the string or character occurs first, or nil."},
    {kString, "last-index-of", 2, 3, last_index_of,
     "Where the string or character occurs last, or nil."},
};

}  // namespace

std::span<const Native> strings_table() { return kStringsTable; }

}  // namespace onyx::lang::core
