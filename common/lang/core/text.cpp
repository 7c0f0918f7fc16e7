#include "common/lang/core/text.h"

#include <cmath>

#include "common/base/utf8.h"
#include "common/edn/printer.h"
#include "common/json/number.h"
#include "common/lang/core/arguments.h"
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

// A plain value without sequences in it.
void append_display(Call& call, const Value& value, std::string& out) {
  call.step();
  call.check_stack();
  const auto items = [&](const char* open, const char* close) {
    out += open;
    bool is_first = true;
    for (const Value& item : value.items()) {
      if (!is_first) out += ' ';
      is_first = false;
      append_display(call, item, out);
    }
    out += close;
  };
  switch (value.kind()) {
    case Kind::string:
      append(call, value.as_string(), out);
      break;
    case Kind::character:
      append_utf8(value.as_character(), out);
      break;
    case Kind::list:
      items("(", ")");
      break;
    case Kind::vector:
      items("[", "]");
      break;
    case Kind::set:
      items("#{", "}");
      break;
    case Kind::map: {
      out += '{';
      bool is_first = true;
      for (const edn::Entry entry : value.entries()) {
        if (!is_first) out += ", ";
        is_first = false;
        append_display(call, entry.key, out);
        out += ' ';
        append_display(call, entry.value, out);
      }
      out += '}';
      break;
    }
    default:
      edn::print(value, out);
  }
}

}  // namespace

void append(Call& call, std::string_view text, std::string& out) {
  if (out.size() + text.size() > out.capacity()) call.charge(2 * (out.size() + text.size()));
  out += text;
}

void append_readable(Call& call, Value value, std::string& out) {
  const std::size_t before = out.size();
  edn::print(realise(call, std::move(value)), out);
  call.charge(out.size() - before);
}

void append_plain(Call& call, Value value, std::string& out) {
  append_display(call, realise(call, std::move(value)), out);
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
