#include "common/lang/core/text.h"

#include <cmath>

#include "common/base/utf8.h"
#include "common/edn/printer.h"
#include "common/json/number.h"
#include "common/lang/core/maps.h"
#include "common/lang/core/pattern.h"

namespace onyx::lang::core {

using edn::Kind;

namespace {

void append_exception(Call& call, const ExceptionInfo& exception, std::string& out) {
  out += name_of(exception.error_class());
  out += ": ";
  out += exception.message();
  if (!exception.data().is_nil()) {
    out += ' ';
    append_readable(call, exception.data(), out);
  }
}

enum class Form : std::uint8_t { readable, display };

void append_value(Call& call, const Value& value, Form form, std::string& out);

void append_items(Call& call, const Value& value, Form form, std::string& out) {
  SeqCursor cursor(value, "print");
  Value item;
  bool is_first = true;
  while (cursor.next(call, item)) {
    if (!is_first) out += ' ';
    is_first = false;
    append_value(call, item, form, out);
  }
}

void append_entries(Call& call, const Value& map, Form form, std::string& out) {
  bool is_first = true;
  visit_entries(call, map, [&](const Value& key, const Value& value) {
    if (!is_first) out += ", ";
    is_first = false;
    append_value(call, key, form, out);
    out += ' ';
    append_value(call, value, form, out);
    return true;
  });
}

// Anything, with sequences as lists and what is sorted in its order.
void append_value(Call& call, const Value& value, Form form, std::string& out) {
  call.step();
  call.check_stack();
  if (is_plain(value) && form == Form::readable) return edn::print(value, out);
  switch (value.kind()) {
    case Kind::string:
      return append(call, value.as_string(), out);
    case Kind::character:
      return append_utf8(value.as_character(), out);
    default:
      break;
  }
  using Content = void (*)(Call&, const Value&, Form, std::string&);
  const auto put = [&](std::string_view open, Content content, std::string_view close) {
    out += open;
    content(call, value, form, out);
    out += close;
  };
  if (is_any_map(value)) return put("{", append_entries, "}");
  if (is_any_set(value)) return put("#{", append_items, "}");
  if (value.is_vector()) return put("[", append_items, "]");
  if (value.is_list() || as_sequence(value) != nullptr) return put("(", append_items, ")");
  edn::print(value, out);
}

}  // namespace

void append(Call& call, std::string_view text, std::string& out) {
  if (out.size() + text.size() > out.capacity()) call.charge(2 * (out.size() + text.size()));
  out += text;
}

void append_readable(Call& call, const Value& value, std::string& out) {
  const std::size_t before = out.size();
  append_value(call, value, Form::readable, out);
  call.charge(out.size() - before);
}

void append_plain(Call& call, const Value& value, std::string& out) {
  append_value(call, value, Form::display, out);
}

void append_str(Call& call, const Value& value, std::string& out) {
  switch (value.kind()) {
    case Kind::nil:
      return;
    case Kind::string:
      append(call, value.as_string(), out);
      return;
    case Kind::character:
      append_utf8(value.as_character(), out);
      return;
    case Kind::inst:
      json::append_inst(value.as_inst_ms(), out);
      return;
    case Kind::real:
      if (std::isnan(value.as_real())) {
        out += "NaN";
      } else if (std::isinf(value.as_real())) {
        out += value.as_real() < 0 ? "-Infinity" : "Infinity";
      } else {
        edn::print(value, out);
      }
      return;
    case Kind::uuid: {
      const std::string text = edn::print(value);  // #uuid "…"
      out.append(text, 7, text.size() - 8);
      return;
    }
    case Kind::extension:
      if (const Pattern* pattern = as_pattern(value)) {
        append(call, pattern->source(), out);
        return;
      }
      if (const ExceptionInfo* exception = as_exception(value)) {
        append_exception(call, *exception, out);
        return;
      }
      break;
    default:
      break;
  }
  append_readable(call, value, out);
}

std::string str(Call& call, const Value& value) {
  std::string out;
  append_str(call, value, out);
  return out;
}

}  // namespace onyx::lang::core
