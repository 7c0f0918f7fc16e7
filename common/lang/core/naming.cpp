#include <fmt/format.h>

#include "common/base/utf8.h"
#include "common/lang/core/areas.h"
#include "common/lang/core/arguments.h"
#include "common/lang/core/text.h"

namespace onyx::lang::core {

namespace {

bool is_named(const Value& value) { return value.is_keyword() || value.is_symbol(); }

Value name(Call&, Args args) {
  if (args[0].is_string()) return std::move(args[0]);
  if (!is_named(args[0])) raise_wrong_type("name", "a keyword, a symbol or a string", args[0]);
  return Value::string(args[0].name()->name());
}

Value namespace_fn(Call&, Args args) {
  if (!is_named(args[0])) raise_wrong_type("namespace", "a keyword or a symbol", args[0]);
  const edn::Name* name = args[0].name();
  return name->ns_length == 0 ? Value() : Value::string(name->ns());
}

const edn::Name* interned(std::string_view text) {
  const edn::Name* name = edn::intern(text);
  if (name == nullptr) {
    raise(
        ErrorClass::illegal_state,
        fmt::format("no further keyword or symbol can be made ({} exist); keep \"{}\" as a string",
                    edn::kNamesMax, text));
  }
  return name;
}

// The name that two arguments give: namespace, which may be nil, and name.
const edn::Name* qualified(std::string_view function, Args args) {
  const std::string_view own = text_of(function, args[1]);
  if (args[0].is_nil()) return interned(own);
  return interned(fmt::format("{}/{}", text_of(function, args[0]), own));
}

Value keyword(Call&, Args args) {
  if (args.size() == 2) return Value::keyword(qualified("keyword", args));
  if (args[0].is_keyword()) return std::move(args[0]);
  if (args[0].is_symbol()) return Value::keyword(args[0].name());
  if (args[0].is_string()) return Value::keyword(interned(args[0].as_string()));
  return {};
}

Value symbol(Call&, Args args) {
  if (args.size() == 2) return Value::symbol(qualified("symbol", args));
  if (args[0].is_symbol()) return std::move(args[0]);
  if (args[0].is_keyword()) return Value::symbol(args[0].name());
  if (args[0].is_string()) return Value::symbol(interned(args[0].as_string()));
  raise_wrong_type("symbol", "a string, a keyword or a symbol", args[0]);
}

Value str_fn(Call& call, Args args) {
  if (args.size() == 1 && args[0].is_string()) return std::move(args[0]);
  std::string out;
  for (const Value& value : args) {
    call.step();
    append_str(call, value, out);
  }
  return Value::string(out);
}

Value subs(Call& call, Args args) {
  const std::string_view text = text_of("subs", args[0]);
  const std::int64_t start = whole_of("subs", args[1]);
  call.charge(text.size());
  const auto out_of_bounds = [&](std::int64_t end) {
    raise(ErrorClass::index_out_of_bounds,
          fmt::format("subs: {} to {} is not within a string of {} characters", start, end,
                      count_characters(text)));
  };
  const std::int64_t wanted_end = args.size() == 3 ? whole_of("subs", args[2]) : -1;
  if (start < 0 || (args.size() == 3 && wanted_end < start)) out_of_bounds(wanted_end);
  const auto from = offset_of(text, static_cast<std::size_t>(start));
  if (!from)
    out_of_bounds(args.size() == 3 ? wanted_end
                                   : static_cast<std::int64_t>(count_characters(text)));
  if (args.size() == 2) return Value::string(text.substr(*from));
  const std::string_view tail = text.substr(*from);
  const auto length = offset_of(tail, static_cast<std::size_t>(wanted_end - start));
  if (!length) out_of_bounds(wanted_end);
  return Value::string(tail.substr(0, *length));
}

// A character from its code.
Value char_fn(Call&, Args args) {
  if (args[0].is(edn::Kind::character)) return std::move(args[0]);
  const std::int64_t code = integer_of("char", args[0]);
  if (code < 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
    raise(ErrorClass::illegal_argument, fmt::format("Value out of range for char: {}", code));
  }
  return Value::character(static_cast<char32_t>(code));
}

constexpr Native kNamingTable[] = {
    {kCore, "name", 1, 1, name, "The name of a keyword, symbol or string, without its namespace."},
    {kCore, "namespace", 1, 1, namespace_fn, "The namespace of a keyword or symbol, or nil."},
    {kCore, "keyword", 1, 2, keyword,
     "The keyword with the name, or with the namespace and the name."},
    {kCore, "symbol", 1, 2, symbol,
     "The symbol with the name, or with the namespace and the name."},
    {kCore, "str", 0, kVariadic, str_fn, "The values as one string; nil is empty."},
    {kCore, "subs", 2, 3, subs, "The string's characters from start to before end."},
    {kCore, "char", 1, 1, char_fn, "The character with the code."},
};

}  // namespace

std::span<const Native> naming_table() { return kNamingTable; }

}  // namespace onyx::lang::core
