#include "common/edn/reader.h"

#include <fmt/format.h>

#include "common/edn/inst.h"
#include "common/edn/lexer.h"
#include "common/edn/objects.h"
#include "common/edn/printer.h"

namespace onyx::edn {

namespace {

constexpr std::size_t kDepthLimit = 512;

// Lines and columns of offsets that only grow: the text is counted once.
class LineCounter {
 public:
  explicit LineCounter(std::string_view text) : text_(text) {}

  struct At {
    std::uint32_t line = 1, column = 1;
    std::size_t offset = 0;
  };
  At at(std::size_t offset) {
    for (; now_.offset < offset; ++now_.offset) {
      const char c = text_[now_.offset];
      if (c == '\n') {
        ++now_.line;
        now_.column = 1;
      } else if ((c & 0xc0) != 0x80) {
        ++now_.column;
      }
    }
    return now_;
  }

 private:
  std::string_view text_;
  At now_;
};

// A form that has begun and not ended.
struct Frame {
  enum class Kind : std::uint8_t { list, vector, map, set, tagged, discard };
  Kind kind;
  std::size_t offset;
  LineCounter::At start;
  std::size_t first;    // of its elements on the value stack
  const Name* tag;      // tagged
  std::string_view ns;  // of a namespaced map; empty when there is none
};

struct Extent {
  std::uint32_t offset, end;
};

std::string_view opener_of(Frame::Kind kind) {
  switch (kind) {
    case Frame::Kind::list:
      return "(";
    case Frame::Kind::vector:
      return "[";
    case Frame::Kind::map:
      return "{";
    case Frame::Kind::set:
      return "#{";
    case Frame::Kind::discard:
      return "#_";
    case Frame::Kind::tagged:
      return "#";
  }
  return {};
}

std::string_view closer_of(Frame::Kind kind) {
  switch (kind) {
    case Frame::Kind::list:
      return ")";
    case Frame::Kind::vector:
      return "]";
    default:
      return "}";
  }
}

bool is_collection(Frame::Kind kind) {
  return kind != Frame::Kind::tagged && kind != Frame::Kind::discard;
}

std::string_view noun_of(Frame::Kind kind) {
  switch (kind) {
    case Frame::Kind::list:
      return "list";
    case Frame::Kind::vector:
      return "vector";
    case Frame::Kind::map:
      return "map";
    case Frame::Kind::set:
      return "set";
    case Frame::Kind::discard:
      return "#_";
    case Frame::Kind::tagged:
      return "tag";
  }
  return {};
}

std::string shown(const Value& value) { return shortened(value.depth() < 8 ? print(value) : "…"); }

// Reads with a stack of frames and one of values; with places, one of those beside it.
class Reader {
 public:
  Reader(std::string_view text, std::string_view file, bool with_places)
      : text_(text), file_(file), with_places_(with_places), lines_(text) {}

  // The next top-level value: true when there is one, false at the end of the text.
  tl::expected<bool, Diagnostic> next(Document& document) {
    while (true) {
      at_ = skip_blank(text_, at_);
      if (at_ == text_.size()) {
        if (frames_.empty()) return false;
        return failed(unclosed());
      }
      if (std::optional<Fault> fault = read_form()) return failed(*std::move(fault));
      if (frames_.empty() && !values_.empty()) {
        document.value = std::move(values_.back());
        values_.clear();
        extents_.clear();
        if (with_places_) {
          document.place = std::move(places_.back());
          places_.clear();
        }
        return true;
      }
    }
  }

  std::optional<Fault> check() const { return check_text(text_); }
  std::size_t position() const { return at_; }

  tl::unexpected<Diagnostic> failed(const Fault& fault) const {
    Diagnostic diagnostic = diagnose(fault, text_, file_);
    for (const auto& [extent, label] : related_) {
      diagnostic.related.push_back({span_at(text_, extent.offset, extent.end), label});
    }
    return tl::unexpected(std::move(diagnostic));
  }

 private:
  using Failure = std::optional<Fault>;

  // One token: a leaf, the beginning of a form, or its end.
  Failure read_form() {
    const char c = text_[at_];
    switch (c) {
      case '(':
        return open(Frame::Kind::list, 1);
      case '[':
        return open(Frame::Kind::vector, 1);
      case '{':
        return open(Frame::Kind::map, 1);
      case ')':
      case ']':
      case '}':
        return close(c);
      case '"':
        return leaf([&](std::size_t& at) { return read_string(text_, at); });
      case '\\':
        return leaf([&](std::size_t& at) { return read_character(text_, at); });
      case '#':
        return dispatch();
      case '^':
        return not_edn(1, "metadata");
      case '@':
        return not_edn(1, "a deref");
      case '`':
        return not_edn(1, "a syntax quote");
      case '~':
        return not_edn(1, "an unquote");
      default:
        break;
    }
    if (starts_number(text_, at_)) {
      return leaf([&](std::size_t& at) {
        const std::size_t from = at;
        at = number_end(text_, from);
        return read_number(text_, from, at);
      });
    }
    return leaf([&](std::size_t& at) {
      const std::size_t from = at;
      at = token_end(text_, from);
      return read_name(text_, from, at);
    });
  }

  template <class Read>
  Failure leaf(Read read) {
    const std::size_t from = at_;
    const LineCounter::At start = mark(from);
    Lexed<Value> value = read(at_);
    if (!value) return std::move(value).error();
    return deliver(std::move(*value), from, start, {});
  }

  LineCounter::At mark(std::size_t offset) {
    return with_places_ ? lines_.at(offset) : LineCounter::At{};
  }

  Failure open(Frame::Kind kind, std::size_t length, const Name* tag = nullptr,
               std::string_view ns = {}) {
    return open_from(at_, kind, at_ + length, tag, ns);
  }

  Failure open_from(std::size_t from, Frame::Kind kind, std::size_t to, const Name* tag = nullptr,
                    std::string_view ns = {}) {
    if (frames_.size() >= kDepthLimit) {
      return Fault{ReadRule::too_deep,
                   from,
                   from + opener_of(kind).size(),
                   fmt::format("forms are nested more than {} deep", kDepthLimit),
                   "one level too many",
                   {}};
    }
    frames_.push_back({kind, from, mark(from), values_.size(), tag, ns});
    at_ = to;
    return std::nullopt;
  }

  Failure not_edn(std::size_t length, std::string_view what) {
    return Fault{ReadRule::not_edn,
                 at_,
                 at_ + length,
                 fmt::format("{} is {} in Clojure, and not EDN", text_.substr(at_, length), what),
                 "not EDN",
                 "EDN is plain data; write the value itself"};
  }

  Failure dispatch() {
    const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    switch (c) {
      case '{':
        return open(Frame::Kind::set, 2);
      case '_':
        return open(Frame::Kind::discard, 2);
      case ':':
        return namespaced_map();
      case '#':
        return leaf([&](std::size_t& at) { return read_symbolic(at); });
      case '(':
        return not_edn(2, "a function literal");
      case '\'':
        return not_edn(2, "a var");
      case '"':
        return not_edn(2, "a regular expression");
      case '^':
        return not_edn(2, "metadata");
      case '?':
        return not_edn(2, "a reader conditional");
      case '=':
        return not_edn(2, "an evaluation");
      case '<':
        return not_edn(2, "an object that cannot be read");
      default:
        break;
    }
    const bool is_letter =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
    const std::size_t end = token_end(text_, at_ + 1);
    if (!is_letter) {
      return Fault{ReadRule::not_edn,
                   at_,
                   std::max(end, at_ + 1),
                   fmt::format("{} is not EDN", shortened(text_.substr(at_, end - at_))),
                   "a tag starts with a letter",
                   "sets are #{…}, tags #name, discarded forms #_"};
    }
    const std::string_view tag = text_.substr(at_ + 1, end - at_ - 1);
    if (!is_valid_name(tag)) {
      return Fault{ReadRule::invalid_name,
                   at_,
                   end,
                   fmt::format("#{} is not a valid tag", shortened(tag)),
                   "expected #name or #namespace/name",
                   {}};
    }
    const Name* name = intern(tag);
    if (name == nullptr) {
      return Fault{ReadRule::too_many_names,
                   at_,
                   end,
                   "the process holds too many different names",
                   "a new name",
                   {}};
    }
    return open(Frame::Kind::tagged, end - at_, name);
  }

  Lexed<Value> read_symbolic(std::size_t& at) {
    const std::size_t from = at, name = skip_blank(text_, at + 2), end = token_end(text_, name);
    const std::string_view token = text_.substr(name, end - name);
    at = end;
    if (token == "Inf") return Value::real(std::numeric_limits<double>::infinity());
    if (token == "-Inf") return Value::real(-std::numeric_limits<double>::infinity());
    if (token == "NaN") return Value::real(std::numeric_limits<double>::quiet_NaN());
    return tl::unexpected(Fault{ReadRule::invalid_symbolic_value,
                                from,
                                std::max(end, from + 2),
                                fmt::format("##{} is not a symbolic value", shortened(token)),
                                "expected ##Inf, ##-Inf or ##NaN",
                                {}});
  }

  Failure namespaced_map() {
    const std::size_t from = at_, name = at_ + 2, end = token_end(text_, name);
    const std::string_view ns = text_.substr(name, end - name);
    const bool is_simple =
        is_valid_name(ns) && ns[0] != ':' && ns.find('/') == std::string_view::npos;
    const std::size_t brace = skip_blank(text_, end);
    if (!is_simple || brace == text_.size() || text_[brace] != '{') {
      return Fault{ReadRule::invalid_namespaced_map,
                   from,
                   std::max(end, from + 2),
                   is_simple ? fmt::format("no map follows #:{}", shortened(ns))
                             : fmt::format("#:{} names no namespace", shortened(ns)),
                   "expected #:name{…}",
                   {}};
    }
    return open_from(from, Frame::Kind::map, brace + 1, nullptr, ns);
  }

  Failure close(char c) {
    const std::string_view found = text_.substr(at_, 1);
    if (frames_.empty()) {
      return Fault{ReadRule::unmatched_bracket,
                   at_,
                   at_ + 1,
                   fmt::format("{} closes nothing", found),
                   "nothing is open here",
                   "remove it, or add the opening bracket"};
    }
    const Frame frame = frames_.back();
    if (!is_collection(frame.kind)) return nothing_follows(frame);
    if (closer_of(frame.kind)[0] != c) {
      relate(frame, fmt::format("this {} is open", noun_of(frame.kind)));
      return Fault{ReadRule::unmatched_bracket,
                   at_,
                   at_ + 1,
                   fmt::format("{} cannot close a {}", found, noun_of(frame.kind)),
                   fmt::format("expected {}", closer_of(frame.kind)),
                   {}};
    }
    const std::size_t end = at_ + 1;
    Value value;
    if (Failure failure = build(frame, value)) return failure;
    at_ = end;
    frames_.pop_back();
    std::vector<Place> children;
    if (with_places_) {
      const auto first = places_.begin() + static_cast<std::ptrdiff_t>(frame.first);
      children.assign(std::make_move_iterator(first), std::make_move_iterator(places_.end()));
      places_.resize(frame.first);
    }
    values_.resize(frame.first);
    extents_.resize(frame.first);
    return deliver(std::move(value), frame.offset, frame.start, std::move(children));
  }

  Failure build(const Frame& frame, Value& value) {
    const std::span<Value> elements = std::span(values_).subspan(frame.first);
    std::optional<Duplicate> duplicate;
    switch (frame.kind) {
      case Frame::Kind::list:
        value = Value::list(
            {std::make_move_iterator(elements.begin()), std::make_move_iterator(elements.end())});
        return std::nullopt;
      case Frame::Kind::vector:
        value = Value::vector(
            {std::make_move_iterator(elements.begin()), std::make_move_iterator(elements.end())});
        return std::nullopt;
      case Frame::Kind::set:
        if (with_places_) keep_hashes(frame, elements, 1);
        value = set_from(elements, &duplicate);
        if (!duplicate) return std::nullopt;
        return repeated(ReadRule::duplicate_element, "set", "element",
                        frame.first + duplicate->first, frame.first + duplicate->second);
      default:
        break;
    }
    if (elements.size() % 2 != 0) {
      const Extent last = extents_.back();
      relate(frame, "the map starts here");
      return Fault{
          ReadRule::odd_map,
          last.offset,
          last.end,
          fmt::format("the map has {} forms, so a key has no value", elements.size()),
          fmt::format("{} has no value, if none before it is missing", shown(elements.back())),
          {}};
    }
    if (!frame.ns.empty()) {
      if (Failure failure = qualify(frame, elements)) return failure;
    }
    if (with_places_) keep_hashes(frame, elements, 2);
    value = map_from(elements, &duplicate);
    if (!duplicate) return std::nullopt;
    return repeated(ReadRule::duplicate_key, "map", "key", frame.first + 2 * duplicate->first,
                    frame.first + 2 * duplicate->second);
  }

  void keep_hashes(const Frame& frame, std::span<const Value> elements, std::size_t stride) {
    for (std::size_t i = 0; i < elements.size(); i += stride) {
      places_[frame.first + i].hash = stable_hash(elements[i]);
    }
  }

  Failure repeated(ReadRule rule, std::string_view collection, std::string_view what,
                   std::size_t first, std::size_t second) {
    const Extent a = extents_[first], b = extents_[second];
    related_.emplace_back(a, "it is here first");
    return Fault{rule,
                 b.offset,
                 b.end,
                 fmt::format("the {} has the {} {} twice", collection, what,
                             shortened(text_.substr(b.offset, b.end - b.offset))),
                 "the second time",
                 {}};
  }

  // Whether a keyword or symbol of this name reads back as itself.
  static bool can_be_written(const std::string& name, bool is_keyword) {
    if (is_keyword) return is_valid_name(":" + name);
    return is_valid_name(name) && name[0] != ':' && name != "nil" && name != "true" &&
           name != "false";
  }

  // #:ns{:a 1} is {:ns/a 1}; :_/a there is :a.
  Failure qualify(const Frame& frame, std::span<Value> elements) {
    for (std::size_t i = 0; i < elements.size(); i += 2) {
      Value& key = elements[i];
      if (!key.is_keyword() && !key.is_symbol()) continue;
      std::string name;
      if (key.name()->ns_length == 0) {
        name = fmt::format("{}/{}", frame.ns, key.name()->text);
      } else if (key.name()->ns() == "_") {
        name = key.name()->name();
      } else {
        continue;
      }
      // A long namespace times many keys must not become more text than a document may have.
      qualified_bytes_ += name.size();
      if (qualified_bytes_ > kDocumentMax) {
        return Fault{ReadRule::document_too_large,
                     frame.offset,
                     frame.offset + 2 + frame.ns.size(),
                     "the names of the document's namespaced maps, written out, exceed 16 MiB",
                     "this namespace is repeated for each key",
                     "shorten the namespace"};
      }
      if (!can_be_written(name, key.is_keyword())) {
        return Fault{ReadRule::invalid_name,
                     frame.offset,
                     frame.offset + 2 + frame.ns.size(),
                     fmt::format("in this map {} is {}{}, which is not a valid name", print(key),
                                 key.is_keyword() ? ":" : "", shortened(name)),
                     "of this namespace",
                     {}};
      }
      const Name* interned = intern(name);
      if (interned == nullptr) {
        return Fault{ReadRule::too_many_names,
                     frame.offset,
                     frame.offset + 2,
                     "the process holds too many different names",
                     "new names",
                     {}};
      }
      key = key.is_keyword() ? Value::keyword(interned) : Value::symbol(interned);
    }
    return std::nullopt;
  }

  // A value is complete, ending at at_: it may complete the tags and discards before it.
  Failure deliver(Value value, std::size_t from, LineCounter::At start,
                  std::vector<Place> children) {
    Place place;
    if (with_places_) place = {span_to_here(start), std::move(children)};
    while (!frames_.empty() && !is_collection(frames_.back().kind)) {
      const Frame frame = frames_.back();
      frames_.pop_back();
      if (frame.kind == Frame::Kind::discard) return std::nullopt;
      const bool is_read = frame.tag->text == "inst" || frame.tag->text == "uuid";
      Lexed<Value> tagged = apply_tag(frame.tag, std::move(value), from);
      if (!tagged) return std::move(tagged).error();
      value = std::move(*tagged);
      from = frame.offset;
      if (with_places_) {
        std::vector<Place> inner;
        if (!is_read) inner.push_back(std::move(place));
        place = {span_to_here(frame.start), std::move(inner)};
      }
    }
    values_.push_back(std::move(value));
    extents_.push_back({static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(at_)});
    if (with_places_) places_.push_back(std::move(place));
    return std::nullopt;
  }

  Span span_to_here(LineCounter::At start) {
    const LineCounter::At end = lines_.at(at_);
    return {start.line, start.column, end.line, end.column, start.offset, end.offset};
  }

  Lexed<Value> apply_tag(const Name* tag, Value value, std::size_t from) {
    if (tag->text == "inst") {
      if (!value.is_string())
        return bad_literal(ReadRule::invalid_inst, from, "#inst needs a string");
      const auto ms = parse_inst(value.as_string());
      if (ms) return Value::inst(*ms);
      return bad_literal(
          ReadRule::invalid_inst, from,
          fmt::format("{} is not an instant: {}", shortened(print(value)), ms.error()));
    }
    if (tag->text == "uuid") {
      if (!value.is_string())
        return bad_literal(ReadRule::invalid_uuid, from, "#uuid needs a string");
      if (const std::optional<Uuid> uuid = parse_uuid(value.as_string())) return Value::uuid(*uuid);
      return bad_literal(ReadRule::invalid_uuid, from,
                         fmt::format("{} is not a UUID", shortened(print(value))));
    }
    return Value::tagged(tag, std::move(value));
  }

  tl::unexpected<Fault> bad_literal(ReadRule rule, std::size_t from, std::string message) {
    const bool is_inst = rule == ReadRule::invalid_inst;
    return tl::unexpected(Fault{
        rule, from, at_, std::move(message), is_inst ? "expected an instant" : "expected a UUID",
        is_inst ? "write it as #inst \"2024-05-31T12:30:00.000-00:00\""
                : "write it as #uuid \"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\""});
  }

  Fault unclosed() {
    const Frame frame = frames_.back();
    if (!is_collection(frame.kind)) return nothing_follows(frame);
    relate(frame, "it starts here");
    return Fault{ReadRule::unclosed,
                 at_,
                 at_,
                 fmt::format("the {} is never closed", noun_of(frame.kind)),
                 "the text ends here",
                 fmt::format("add the closing {}", closer_of(frame.kind))};
  }

  Fault nothing_follows(const Frame& frame) {
    const std::size_t end = frame.kind == Frame::Kind::discard
                                ? frame.offset + 2
                                : frame.offset + 1 + frame.tag->text.size();
    return Fault{ReadRule::nothing_follows,
                 frame.offset,
                 end,
                 fmt::format("nothing follows {}",
                             shortened(text_.substr(frame.offset, end - frame.offset))),
                 "a form must come after this",
                 {}};
  }

  void relate(const Frame& frame, std::string label) {
    const std::size_t length =
        frame.ns.empty() ? opener_of(frame.kind).size() : frame.ns.size() + 2;
    related_.emplace_back(Extent{static_cast<std::uint32_t>(frame.offset),
                                 static_cast<std::uint32_t>(frame.offset + length)},
                          std::move(label));
  }

  std::string_view text_, file_;
  bool with_places_;
  LineCounter lines_;
  std::size_t at_ = 0;
  std::size_t qualified_bytes_ = 0;  // of the names that namespaced maps made
  std::vector<Frame> frames_;
  std::vector<Value> values_;
  std::vector<Extent> extents_;  // of values_
  std::vector<Place> places_;    // of values_, when asked for
  std::vector<std::pair<Extent, std::string>> related_;
};

tl::expected<Document, Diagnostic> read_one(std::string_view text, std::string_view file,
                                            bool with_places) {
  Reader reader(text, file, with_places);
  if (const std::optional<Fault> fault = reader.check()) return reader.failed(*fault);
  Document document, more;
  tl::expected<bool, Diagnostic> found = reader.next(document);
  if (!found) return tl::unexpected(std::move(found).error());
  if (!*found) {
    return reader.failed({ReadRule::empty_document,
                          text.size(),
                          text.size(),
                          "the document holds no value",
                          "the text ends here",
                          {}});
  }
  const std::size_t rest = skip_blank(text, reader.position());
  tl::expected<bool, Diagnostic> second = reader.next(more);
  if (!second) return tl::unexpected(std::move(second).error());
  if (*second) {
    return reader.failed({ReadRule::trailing_text,
                          rest,
                          std::max(token_end(text, rest), rest + 1),
                          "something follows the value",
                          "the document holds one value",
                          {}});
  }
  return document;
}

}  // namespace

std::optional<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid uuid{};
  std::size_t digit = 0;
  for (std::size_t i = 0; i < 36; ++i) {
    const char c = text[i];
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (c != '-') return std::nullopt;
      continue;
    }
    int value = 0;
    if (c >= '0' && c <= '9') {
      value = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      value = c - 'a' + 10;
    } else if (c >= 'A' && c <= 'F') {
      value = c - 'A' + 10;
    } else {
      return std::nullopt;
    }
    uuid[digit / 2] = static_cast<std::uint8_t>(uuid[digit / 2] << 4 | value);
    ++digit;
  }
  return uuid;
}

tl::expected<Document, Diagnostic> read_document(std::string_view text, std::string_view file) {
  return read_one(text, file, true);
}

tl::expected<std::vector<Document>, Diagnostic> read_all(std::string_view text,
                                                         std::string_view file) {
  Reader reader(text, file, true);
  if (const std::optional<Fault> fault = reader.check()) return reader.failed(*fault);
  std::vector<Document> documents;
  while (true) {
    Document document;
    tl::expected<bool, Diagnostic> found = reader.next(document);
    if (!found) return tl::unexpected(std::move(found).error());
    if (!*found) return documents;
    documents.push_back(std::move(document));
  }
}

tl::expected<Value, Diagnostic> read(std::string_view text) {
  tl::expected<Document, Diagnostic> document = read_one(text, {}, false);
  if (!document) return tl::unexpected(std::move(document).error());
  return std::move(document->value);
}

}  // namespace onyx::edn
