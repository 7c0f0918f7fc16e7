#include "common/lang/core/pattern.h"

#include <fmt/format.h>

#include "common/base/utf8.h"

namespace onyx::lang::core {

using edn::Value;

namespace {

constexpr std::int64_t kProgramBytesMax = 1 << 20;

// Java's classes by name that RE2 does not know under that name.
struct NamedClass {
  std::string_view java;
  std::string_view re2;  // for the inside of a class
};
constexpr NamedClass kNamedClasses[] = {
    {"Lower", "[:lower:]"}, {"Upper", "[:upper:]"}, {"ASCII", "[:ascii:]"},
    {"Alpha", "[:alpha:]"}, {"Digit", "[:digit:]"}, {"Alnum", "[:alnum:]"},
    {"Punct", "[:punct:]"}, {"Graph", "[:graph:]"}, {"Print", "[:print:]"},
    {"Blank", "[:blank:]"}, {"Cntrl", "[:cntrl:]"}, {"XDigit", "[:xdigit:]"},
    {"Space", "[:space:]"},
};

// One pass over a pattern in Java's notation.
class Translation {
 public:
  explicit Translation(std::string_view java) : java_(java) {}

  Result<std::string> run() {
    while (at_ < java_.size()) {
      switch (java_[at_]) {
        case '\\':
          ONYX_TRY(escape(false));
          break;
        case '[':
          ONYX_TRY(char_class());
          break;
        case '(':
          ONYX_TRY(group());
          break;
        case '*':
        case '+':
        case '?':
          quantifier(1);
          break;
        case '{':
          quantifier(
              java_.find('}', at_) == std::string_view::npos ? 1 : java_.find('}', at_) - at_ + 1);
          break;
        default:
          out_ += java_[at_++];
          continue;
      }
      if (!why_.empty()) return refuse();
    }
    return std::move(out_);
  }

 private:
  tl::unexpected<Error> refuse() const {
    return failure(
        ErrorCode::invalid_argument,
        fmt::format("{}, at character {}", why_, count_characters(java_.substr(0, at_)) + 1));
  }
  tl::unexpected<Error> refuse(std::string why) {
    why_ = std::move(why);
    return refuse();
  }

  bool starts(std::string_view text) const { return java_.substr(at_).starts_with(text); }

  void quantifier(std::size_t length) {
    const std::size_t start = at_;
    out_ += java_.substr(at_, length);
    at_ += length;
    if (at_ < java_.size() && java_[at_] == '?') {
      out_ += '?';
      ++at_;
    } else if (at_ < java_.size() && java_[at_] == '+') {
      at_ = start;
      why_ =
          "possessive quantifiers (such as `a++`) are not supported; a plain one matches the same "
          "or more";
    }
  }

  Result<void> group() {
    if (starts("(?=") || starts("(?!"))
      return refuse("look-ahead, `(?=…)` and `(?!…)`, is not supported");
    if (starts("(?<=") || starts("(?<!"))
      return refuse("look-behind, `(?<=…)` and `(?<!…)`, is not supported");
    if (starts("(?>")) return refuse("atomic groups, `(?>…)`, are not supported");
    if (starts("(?<")) {
      out_ += "(?P<";
      at_ += 3;
      return {};
    }
    if (starts("(?")) {
      for (std::size_t i = at_ + 2; i < java_.size() && java_[i] != ')' && java_[i] != ':'; ++i) {
        if (java_[i] == 'x' || java_[i] == 'u' || java_[i] == 'U' || java_[i] == 'd') {
          return refuse(fmt::format("the flag `{}` is not supported; i, m and s are", java_[i]));
        }
      }
    }
    out_ += java_[at_++];
    return {};
  }

  Result<void> char_class() {
    const std::size_t open = at_;
    out_ += java_[at_++];
    if (at_ < java_.size() && java_[at_] == '^') out_ += java_[at_++];
    // A bracket that comes first closes nothing in RE2, and is an error in Java.
    for (bool is_first = true; at_ < java_.size(); is_first = false) {
      const char c = java_[at_];
      if (c == ']' && !is_first) {
        out_ += c;
        ++at_;
        return {};
      }
      if (c == '[' || c == ']') {
        return refuse(c == '[' ? "a class within a class, as in `[a[b]]`, is not supported; a "
                                 "bracket itself is `\\[`"
                               : "an empty class; a bracket itself is `\\]`");
      }
      if (starts("&&")) return refuse("an intersection of classes, `[…&&…]`, is not supported");
      if (c == '\\') {
        ONYX_TRY(escape(true));
      } else {
        out_ += c;
        ++at_;
      }
    }
    at_ = open;
    return refuse("the class that starts here has no `]`");
  }

  Result<void> escape(bool in_class) {
    if (at_ + 1 == java_.size()) return refuse("a backslash at the end");
    const char c = java_[at_ + 1];
    const auto replace = [&](std::string_view text, std::size_t length = 2) {
      out_ += text;
      at_ += length;
    };
    switch (c) {
      case '1':
      case '2':
      case '3':
      case '4':
      case '5':
      case '6':
      case '7':
      case '8':
      case '9':
      case 'k':
        if (in_class) break;
        return refuse("back references are not supported");
      case '0':
        return octal();
      case 'u':
        return unicode();
      case 'x':
        if (at_ + 2 < java_.size() && java_[at_ + 2] == '{') break;
        return hex(2, 2);
      case 'c':
        if (at_ + 2 == java_.size()) return refuse("`\\c` without a character");
        replace(fmt::format("\\x{{{:x}}}", static_cast<unsigned>(java_[at_ + 2] ^ 64)), 3);
        return {};
      case 'e':
        replace("\\x{1b}");
        return {};
      case 's':
        replace(in_class ? "\\s\\x0B" : "[\\s\\x0B]");
        return {};
      case 'S':
        if (in_class) break;
        replace("[^\\s\\x0B]");
        return {};
      case 'h':
        replace(in_class ? " \\t\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{202f}\\x{205f}\\x{3000}"
                         : "[ \\t\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{202f}\\x{205f}\\x{3000}]");
        return {};
      case 'R':
        if (in_class) return refuse("`\\R` is no class");
        replace("(?:\\r\\n|[\\n\\x0B\\f\\r\\x{85}\\x{2028}\\x{2029}])");
        return {};
      case 'Z':
        replace("\\z");
        return {};
      case 'G':
      case 'X':
        return refuse(fmt::format("`\\{}` is not supported", c));
      case 'p':
      case 'P':
        return property(in_class);
      case 'Q':
        return quoted(in_class);
      default:
        break;
    }
    // Both know it, or RE2 says that it does not.
    std::size_t end = at_ + 1;
    decode_utf8(java_, end);
    const bool is_ascii_letter =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (static_cast<unsigned char>(c) >= 0x80) {
      out_ += java_.substr(at_ + 1, end - at_ - 1);
    } else if (is_ascii_letter || c == '_') {
      out_ += c == '_' ? "_" : std::string{'\\', c};
    } else {
      out_ += '\\';
      out_ += c;
    }
    at_ = end;
    return {};
  }

  Result<void> quoted(bool in_class) {
    if (in_class) return refuse("`\\Q` within a class is not supported");
    const std::size_t end = java_.find("\\E", at_ + 2);
    const std::string_view text =
        java_.substr(at_ + 2, end == std::string_view::npos ? end : end - at_ - 2);
    out_ += re2::RE2::QuoteMeta(re2::StringPiece(text.data(), text.size()));
    at_ = end == std::string_view::npos ? java_.size() : end + 2;
    return {};
  }

  Result<void> octal() {
    unsigned value = 0;
    std::size_t end = at_ + 2;
    while (end < java_.size() && end < at_ + 5 && java_[end] >= '0' && java_[end] <= '7') {
      value = value * 8 + static_cast<unsigned>(java_[end++] - '0');
    }
    if (end == at_ + 2) return refuse("`\\0` needs octal digits");
    out_ += fmt::format("\\x{{{:x}}}", value);
    at_ = end;
    return {};
  }

  Result<void> unicode() { return hex(2, 4); }

  // `digits` hexadecimal digits, `skip` characters after at_.
  Result<void> hex(std::size_t skip, std::size_t digits) {
    const std::string_view text = java_.substr(std::min(at_ + skip, java_.size()), digits);
    if (text.size() != digits ||
        text.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos) {
      return refuse(fmt::format("`{}` needs {} hexadecimal digits", java_.substr(at_, 2), digits));
    }
    out_ += fmt::format("\\x{{{}}}", text);
    at_ += skip + digits;
    return {};
  }

  Result<void> property(bool in_class) {
    const char sign = java_[at_ + 1];
    if (at_ + 2 >= java_.size() || java_[at_ + 2] != '{') {
      out_ += java_.substr(at_, 3);
      at_ = std::min(at_ + 3, java_.size());
      return {};
    }
    const std::size_t close = java_.find('}', at_);
    if (close == std::string_view::npos) return refuse("`\\p{` has no `}`");
    std::string_view name = java_.substr(at_ + 3, close - at_ - 3);
    for (const NamedClass& known : kNamedClasses) {
      if (name != known.java) continue;
      if (in_class && sign == 'P')
        return refuse("`\\P{…}` of an ASCII class within a class is not supported");
      out_ += in_class ? std::string(known.re2)
                       : fmt::format("[{}{}]", sign == 'P' ? "^" : "", known.re2);
      at_ = close + 1;
      return {};
    }
    if (name == "IsAlphabetic") name = "L";
    if (name == "IsDigit") name = "Nd";
    if (name == "IsUppercase") name = "Lu";
    if (name == "IsLowercase") name = "Ll";
    if (name.starts_with("Is")) name.remove_prefix(2);
    out_ += fmt::format("\\{}{{{}}}", sign, name);
    at_ = close + 1;
    return {};
  }

  std::string_view java_;
  std::size_t at_ = 0;
  std::string out_;
  std::string why_;
};

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

bool match_at(const Pattern& pattern, std::string_view text, std::size_t from,
              re2::RE2::Anchor anchor, Match& match) {
  match.groups.assign(static_cast<std::size_t>(pattern.groups()) + 1, {});
  return pattern.program().Match(piece(text), from, text.size(), anchor, match.groups.data(),
                                 static_cast<int>(match.groups.size()));
}

}  // namespace

Result<std::string> to_re2(std::string_view java) { return Translation(java).run(); }

void Pattern::print(std::string& out) const {
  out += "#\"";
  bool is_escaped = false;
  for (const char c : source_) {
    if (c == '"' && !is_escaped) out += '\\';
    is_escaped = c == '\\' && !is_escaped;
    out += c;
  }
  out += '"';
}

Result<Value> make_pattern(std::string_view source) {
  const auto wrong = [&](const std::string& why) {
    std::string shown(source.substr(0, 200));
    if (shown.size() < source.size()) shown += "…";
    return failure(ErrorCode::invalid_argument,
                   fmt::format("the pattern \"{}\" cannot be used: {}", shown, why));
  };
  auto translated = to_re2(source);
  if (!translated) return wrong(translated.error().message());
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kProgramBytesMax);
  auto program = std::make_unique<re2::RE2>(piece(*translated), options);
  if (!program->ok()) {
    if (program->error_code() == re2::RE2::ErrorPatternTooLarge) {
      return wrong("it is too large once its repetitions are written out");
    }
    return wrong(program->error());
  }
  auto* pattern = new Pattern;
  pattern->source_ = source;
  pattern->program_ = std::move(program);
  return Value::extension(pattern);
}

const Pattern* as_pattern(const Value& value) {
  if (!value.is(edn::Kind::extension)) return nullptr;
  return dynamic_cast<const Pattern*>(value.as_extension());
}

bool find(const Pattern& pattern, std::string_view text, std::size_t from, Match& match) {
  return match_at(pattern, text, from, re2::RE2::UNANCHORED, match);
}

bool find_next(const Pattern& pattern, std::string_view text, Match& match) {
  std::size_t from = match.end(text);
  if (match.groups[0].empty()) {
    if (from == text.size()) return false;
    decode_utf8(text, from);
  }
  return find(pattern, text, from, match);
}

bool matches(const Pattern& pattern, std::string_view text, Match& match) {
  return match_at(pattern, text, 0, re2::RE2::ANCHOR_BOTH, match);
}

Value to_value(const Match& match) {
  const auto value_of = [](const re2::StringPiece& group) {
    return group.data() == nullptr ? Value() : Value::string({group.data(), group.size()});
  };
  if (match.groups.size() == 1) return value_of(match.groups[0]);
  std::vector<Value> groups;
  groups.reserve(match.groups.size());
  for (const auto& group : match.groups) groups.push_back(value_of(group));
  return Value::vector(std::move(groups));
}

}  // namespace onyx::lang::core
