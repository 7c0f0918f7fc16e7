#include "common/edn/printer.h"

#include <fmt/format.h>

#include <charconv>
#include <iterator>

#include "common/base/utf8.h"
#include "common/edn/inst.h"
#include "common/edn/iteration.h"
#include "common/edn/lexer.h"
#include "common/edn/numbers.h"
#include "common/edn/print_leaf.h"
#include "common/edn/walk.h"

namespace onyx::edn {

namespace {

void print_string(std::string_view text, std::string& out) {
  out += '"';
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f) continue;
    out.append(text, done, i - done);
    done = i + 1;
    switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '"':
      case '\\':
        out += '\\';
        out += static_cast<char>(c);
        break;
      default:
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", c);
    }
  }
  out.append(text, done, text.size() - done);
  out += '"';
}

void print_character(char32_t c, std::string& out) {
  out += '\\';
  switch (c) {
    case '\n':
      out += "newline";
      return;
    case ' ':
      out += "space";
      return;
    case '\t':
      out += "tab";
      return;
    case '\r':
      out += "return";
      return;
    case '\f':
      out += "formfeed";
      return;
    case '\b':
      out += "backspace";
      return;
    default:
      break;
  }
  if (c < 0x20 || c == 0x7f) {
    fmt::format_to(std::back_inserter(out), "u{:04x}", static_cast<std::uint32_t>(c));
  } else {
    append_utf8(c, out);
  }
}

void print_uuid(const Uuid& uuid, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += "#uuid \"";
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += kHex[uuid[i] >> 4];
    out += kHex[uuid[i] & 15];
  }
  out += '"';
}

void print_integer(std::int64_t i, std::string& out) {
  char buffer[24];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, i).ptr);
}

// Values that are not deep, as they iterate.
void print_shallow(const Value& value, std::string& out) {
  if (ValueAccess::is_leaf(value)) return print_leaf(value, out);
  const Kind kind = value.kind();
  print_opening(kind, value, out);
  std::string_view separator;
  if (kind == Kind::map) {
    for (const Entry entry : value.entries()) {
      out += separator;
      print_shallow(entry.key, out);
      out += ' ';
      print_shallow(entry.value, out);
      separator = ", ";
    }
  } else if (kind == Kind::tagged) {
    print_shallow(value.tagged_value(), out);
  } else {
    for (const Value& item : value.items()) {
      out += separator;
      print_shallow(item, out);
      separator = " ";
    }
  }
  out += closing_of(kind);
}

// Walks and writes; `order` is how maps and sets go.
void print_walk(const Value& root, Walk::Order order, std::string& out) {
  struct Open {
    Kind kind;
    std::size_t printed;
  };
  std::vector<Open> open;
  const auto separate = [&] {
    if (open.empty()) return;
    Open& in = open.back();
    if (in.kind != Kind::tagged && in.printed > 0)
      out += in.kind == Kind::map && in.printed % 2 == 0 ? ", " : " ";
    ++in.printed;
  };
  Walk walk(root, order);
  while (true) {
    switch (walk.next()) {
      case Walk::Event::leaf:
        separate();
        // Equal values print alike in the canonical form, so the zeros do.
        if (order == Walk::Order::sorted && walk.value().is_real() && walk.value().as_real() == 0) {
          out += "0.0";
        } else {
          print_leaf(walk.value(), out);
        }
        break;
      case Walk::Event::open: {
        separate();
        Kind kind = walk.value().kind();
        // A list equals the vector with its elements.
        if (order == Walk::Order::sorted && kind == Kind::list) kind = Kind::vector;
        print_opening(kind, walk.value(), out);
        open.push_back({kind, 0});
        break;
      }
      case Walk::Event::close:
        out += closing_of(open.back().kind);
        open.pop_back();
        break;
      case Walk::Event::done:
        return;
    }
  }
}

}  // namespace

void print_leaf(const Value& value, std::string& out) {
  switch (value.kind()) {
    case Kind::nil:
      out += "nil";
      break;
    case Kind::boolean:
      out += value.as_boolean() ? "true" : "false";
      break;
    case Kind::integer:
      print_integer(value.as_integer(), out);
      break;
    case Kind::ratio:
      print_integer(value.numerator(), out);
      out += '/';
      print_integer(value.denominator(), out);
      break;
    case Kind::real:
      print_real(value.as_real(), out);
      break;
    case Kind::character:
      print_character(value.as_character(), out);
      break;
    case Kind::inst:
      out += "#inst \"";
      print_inst(value.as_inst_ms(), out);
      out += '"';
      break;
    case Kind::uuid:
      print_uuid(value.as_uuid(), out);
      break;
    case Kind::keyword:
      out += ':';
      out += value.name()->text;
      break;
    case Kind::symbol:
      out += value.name()->text;
      break;
    case Kind::string:
      print_string(value.as_string(), out);
      break;
    case Kind::extension:
      value.as_extension()->print(out);
      break;
    default:
      break;
  }
}

void print_opening(Kind kind, const Value& collection, std::string& out) {
  switch (kind) {
    case Kind::list:
      out += '(';
      break;
    case Kind::vector:
      out += '[';
      break;
    case Kind::map:
      out += '{';
      break;
    case Kind::set:
      out += "#{";
      break;
    default:
      out += '#';
      out += collection.tag_name()->text;
      out += ' ';
  }
}

std::string_view closing_of(Kind kind) {
  switch (kind) {
    case Kind::list:
      return ")";
    case Kind::vector:
      return "]";
    case Kind::map:
    case Kind::set:
      return "}";
    default:
      return "";
  }
}

void print(const Value& value, std::string& out) {
  if (value.depth() <= kRecursionMax) return print_shallow(value, out);
  print_walk(value, Walk::Order::iteration, out);
}

std::string print(const Value& value) {
  std::string out;
  print(value, out);
  return out;
}

std::string print_canonical(const Value& value) {
  std::string out;
  print_walk(value, Walk::Order::sorted, out);
  return out;
}

}  // namespace onyx::edn
