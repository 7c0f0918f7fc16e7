#include "common/json/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "common/base/utf8.h"
#include "common/json/key_trie.h"
#include "common/json/text.h"

namespace onyx::json {

using edn::Value;

std::string Fault::text() const { return fmt::format("byte {}: {}", offset + 1, what); }

struct Parser::State {
  Keys keys;
  KeyTrie trie;
  std::vector<Value> values;  // of the objects that are open
  std::string scratch;        // of a string with escapes
};

// One pass over one text. Methods return false once fault_ is set.
class Parser::Run {
 public:
  Run(State& state, std::string_view text)
      : state_(state), begin_(text.data()), at_(text.data()), end_(text.data() + text.size()) {}

  tl::expected<Value, Fault> run() {
    Value result;
    skip_space();
    const bool is_read = value(state_.trie.root(), result);
    if (is_read) {
      skip_space();
      if (at_ != end_) unexpected("the end of the text");
    }
    if (fault_.what.empty()) return result;
    state_.values.clear();
    return tl::unexpected(std::move(fault_));
  }

 private:
  using Node = KeyTrie::Node;

  void skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
  }

  bool fail_at(const char* where, std::string what) {
    fault_ = {static_cast<std::size_t>(where - begin_), std::move(what)};
    return false;
  }

  bool unexpected(std::string_view expected) {
    if (at_ == end_) {
      return fail_at(at_, fmt::format("the text ends where {} was expected", expected));
    }
    const auto byte = static_cast<unsigned char>(*at_);
    if (byte == 0) return fail_at(at_, fmt::format("found a NUL byte, expected {}", expected));
    if (byte < 0x20 || byte == 0x7F) {
      return fail_at(at_, fmt::format("found byte {:#04x}, expected {}", byte, expected));
    }
    const std::size_t length = valid_utf8_length(at_, end_);
    if (length == 0) return fail_at(at_, "not UTF-8");
    return fail_at(at_,
                   fmt::format("found `{}`, expected {}", std::string_view(at_, length), expected));
  }

  // `site` is the node of the key that the value stands under; nullptr when the trie is full.
  bool value(Node* site, Value& out) {
    if (at_ == end_) return unexpected("a value");
    switch (*at_) {
      case '"': {
        std::string_view text;
        ++at_;
        if (!string(text)) return false;
        out = Value::string(text);
        return true;
      }
      case '{':
        return object(site, out);
      case '[':
        return array(site, out);
      case 't':
        out = Value::boolean(true);
        return literal("true");
      case 'f':
        out = Value::boolean(false);
        return literal("false");
      case 'n':
        out = Value();
        return literal("null");
      default:
        return number(out);
    }
  }

  bool literal(std::string_view word) {
    if (static_cast<std::size_t>(end_ - at_) >= word.size() &&
        std::memcmp(at_, word.data(), word.size()) == 0) {
      at_ += word.size();
      return true;
    }
    return unexpected("a value (a bare word is only true, false or null)");
  }

  // at_ is behind the opening quote. The view is into the text, or into the scratch string until the next call.
  bool string(std::string_view& out) {
    const char* start = at_;
    at_ = skip_plain(at_, end_);
    if (at_ != end_ && *at_ == '"') {
      out = {start, static_cast<std::size_t>(at_ - start)};
      ++at_;
      return true;
    }
    return long_way(start, out);
  }

  bool long_way(const char* start, std::string_view& out) {
    std::string& scratch = state_.scratch;
    scratch.clear();
    const char* copied = start;
    bool has_escape = false;
    while (at_ != end_) {
      const auto byte = static_cast<unsigned char>(*at_);
      if (byte == '"') {
        if (!has_escape) {
          out = {start, static_cast<std::size_t>(at_ - start)};
        } else {
          scratch.append(copied, at_);
          out = scratch;
        }
        ++at_;
        return true;
      }
      if (byte == '\\') {
        has_escape = true;
        scratch.append(copied, at_);
        const char* escape = at_++;
        if (const char* why = append_escape(at_, end_, scratch)) return fail_at(escape, why);
        copied = at_;
      } else if (byte < 0x20) {
        return fail_at(
            at_, fmt::format("a string cannot hold the byte {:#04x} as it is; write \\u{:04x}",
                             byte, byte));
      } else {
        const std::size_t length = valid_utf8_length(at_, end_);
        if (length == 0) return fail_at(at_, "not UTF-8");
        at_ += length;
      }
      at_ = skip_plain(at_, end_);
    }
    return fail_at(start - 1, "this string has no closing quote");
  }

  bool array(Node* site, Value& out) {
    if (!enter()) return false;
    ++at_;
    std::vector<Value> items;
    skip_space();
    if (at_ != end_ && *at_ == ']') {
      ++at_;
    } else {
      for (;;) {
        if (!value(site, items.emplace_back())) return false;
        skip_space();
        if (at_ != end_ && *at_ == ',') {
          ++at_;
          skip_space();
          continue;
        }
        if (at_ == end_ || *at_ != ']') return unexpected("`,` or `]`");
        ++at_;
        break;
      }
    }
    --depth_;
    out = Value::vector(std::move(items));
    return true;
  }

  bool enter() {
    if (++depth_ <= kDepthMax) return true;
    return fail_at(at_, fmt::format("nested deeper than {}", kDepthMax));
  }

  // Follows the trie while it can; `entries` takes over when it cannot.
  bool object(Node* site, Value& out) {
    if (!enter()) return false;
    ++at_;
    Node* node = site == nullptr ? nullptr : state_.trie.nested(site);
    const std::size_t base = state_.values.size();
    std::vector<std::pair<Value, Value>> entries;
    skip_space();
    if (at_ != end_ && *at_ == '}') {
      ++at_;
      --depth_;
      out = Value::map();
      return true;
    }
    for (;;) {
      if (at_ == end_ || *at_ != '"') return unexpected("a key in double quotes");
      ++at_;
      Value key;
      if (node != nullptr) {
        Node* next = nullptr;
        if (!step(node, next, key)) return false;
        if (next == nullptr) spill(node, base, entries);
        node = next;
      } else if (!read_key(key)) {
        return false;
      }
      skip_space();
      if (at_ == end_ || *at_ != ':') return unexpected("`:`");
      ++at_;
      skip_space();
      Value item;
      if (!value(node, item)) return false;
      if (node != nullptr) {
        state_.values.push_back(std::move(item));
      } else {
        entries.emplace_back(std::move(key), std::move(item));
      }
      skip_space();
      if (at_ != end_ && *at_ == ',') {
        ++at_;
        skip_space();
        continue;
      }
      if (at_ == end_ || *at_ != '}') return unexpected("`,` or `}`");
      ++at_;
      break;
    }
    --depth_;
    if (node != nullptr) {
      if (const edn::Shape* shape = KeyTrie::shape_of(node)) {
        out = Value::record(shape, std::span(state_.values).subspan(base));
        state_.values.resize(base);
        return true;
      }
      spill(node, base, entries);
    }
    return close(std::move(entries), out);
  }

  // at_ is behind the opening quote of a key. `next` stays nullptr, and `key` is set, when the trie ends here.
  bool step(Node* node, Node*& next, Value& key) {
    if (!node->next.empty()) {
      const std::string& likely = node->next.front()->raw;
      if (static_cast<std::size_t>(end_ - at_) > likely.size() && at_[likely.size()] == '"' &&
          std::memcmp(at_, likely.data(), likely.size()) == 0) {
        at_ += likely.size() + 1;
        next = node->next.front();
        return true;
      }
    }
    const char* start = at_;
    std::string_view text;
    if (!string(text)) return false;
    const std::string_view raw(start, static_cast<std::size_t>(at_ - 1 - start));
    next = KeyTrie::step(node, raw);
    if (next != nullptr) return true;
    if (!make_key(start, text, key)) return false;
    if (KeyTrie::holds(node, key)) return twice(start, text);
    if (node->keys < edn::kShapeKeysMax) next = state_.trie.add(node, raw, key);
    return true;
  }

  bool read_key(Value& key) {
    const char* start = at_;
    std::string_view text;
    return string(text) && make_key(start, text, key);
  }

  bool make_key(const char* start, std::string_view text, Value& key) {
    if (state_.keys == Keys::string) {
      key = Value::string(text);
      return true;
    }
    const edn::Name* name = edn::intern(text);
    if (name == nullptr) {
      return fail_at(start,
                     "too many different keys for keywords; read this source with string keys");
    }
    key = Value::keyword(name);
    return true;
  }

  bool twice(const char* start, std::string_view text) {
    return fail_at(start - 1, fmt::format("the key \"{}\" occurs twice in one object", text));
  }

  // What the trie and the stack hold of this object becomes entries.
  void spill(Node* node, std::size_t base, std::vector<std::pair<Value, Value>>& entries) {
    const std::vector<Value> keys = KeyTrie::path(node);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      entries.emplace_back(keys[i], std::move(state_.values[base + i]));
    }
    state_.values.resize(base);
  }

  bool close(std::vector<std::pair<Value, Value>> entries, Value& out) {
    const std::size_t written = entries.size();
    std::vector<Value> keys;
    keys.reserve(written);
    for (const auto& entry : entries) keys.push_back(entry.first);
    out = Value::map(std::move(entries));
    if (out.count() == written) return true;
    std::sort(keys.begin(), keys.end(), edn::ValueLess{});
    const auto same = std::adjacent_find(keys.begin(), keys.end());
    return fail_at(at_ - 1,
                   fmt::format("the key \"{}\" occurs twice in the object that ends here",
                               same->is_string() ? same->as_string() : same->name()->text));
  }

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  bool number(Value& out) {
    const char* start = at_;
    const bool is_negative = *at_ == '-';
    if (is_negative) ++at_;
    const char* digits = at_;
    std::uint64_t magnitude = 0;
    while (at_ != end_ && is_digit(*at_)) {
      magnitude = magnitude * 10 + static_cast<std::uint64_t>(*at_ - '0');  // wraps; see below
      ++at_;
    }
    const auto length = at_ - digits;
    if (length == 0) {
      if (!is_negative) at_ = start;
      return unexpected(is_negative ? "a digit" : "a value");
    }
    if (*digits == '0' && length > 1) return fail_at(start, "a number cannot start with a zero");
    if (at_ != end_ && (*at_ == '.' || *at_ == 'e' || *at_ == 'E')) return real(start, out);
    if (length <= 18) {
      const auto signed_magnitude = static_cast<std::int64_t>(magnitude);
      out = Value::integer(is_negative ? -signed_magnitude : signed_magnitude);
      return true;
    }
    std::int64_t exact = 0;
    const auto [end, code] = std::from_chars(start, at_, exact);
    if (code != std::errc{}) {
      return fail_at(start,
                     fmt::format("the integer {} does not fit 64 bits; write it as a string or "
                                 "with a fraction",
                                 shortened(start)));
    }
    out = Value::integer(exact);
    return true;
  }

  bool real(const char* start, Value& out) {
    if (*at_ == '.') {
      ++at_;
      if (at_ == end_ || !is_digit(*at_)) return unexpected("a digit");
      while (at_ != end_ && is_digit(*at_)) ++at_;
    }
    if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
      ++at_;
      if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
      if (at_ == end_ || !is_digit(*at_)) return unexpected("a digit");
      while (at_ != end_ && is_digit(*at_)) ++at_;
    }
    double result = 0;
    const auto [end, code] = std::from_chars(start, at_, result);
    if (code == std::errc::result_out_of_range) {
      // Overflow and underflow alike; strtod tells which, and rounds the latter.
      result = std::strtod(std::string(start, at_).c_str(), nullptr);
      if (std::isinf(result)) {
        return fail_at(start,
                       fmt::format("the number {} is too large for a double", shortened(start)));
      }
    }
    out = Value::real(result);
    return true;
  }

  std::string shortened(const char* start) const {
    constexpr std::size_t kShown = 40;
    const std::string_view text(start, static_cast<std::size_t>(at_ - start));
    return text.size() <= kShown ? std::string(text) : std::string(text.substr(0, kShown)) + "…";
  }

  State& state_;
  const char* begin_;
  const char* at_;
  const char* end_;
  int depth_ = 0;
  Fault fault_;
};

Parser::Parser(Keys keys) : state_(std::make_unique<State>()) { state_->keys = keys; }
Parser::~Parser() = default;
Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;

tl::expected<Value, Fault> Parser::parse(std::string_view text) { return Run(*state_, text).run(); }

tl::expected<Value, Fault> parse(std::string_view text, Keys keys) {
  return Parser(keys).parse(text);
}

}  // namespace onyx::json
