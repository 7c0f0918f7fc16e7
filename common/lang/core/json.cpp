#include "common/json/parser.h"
#include "common/json/writer.h"
#include "common/lang/core/areas.h"
#include "common/lang/core/arguments.h"
#include "common/lang/core/search.h"

namespace onyx::lang::core {

namespace {

constexpr std::string_view kJson = "onyx.json";

// (parse text) gives keyword keys, (parse text {:keys :string}) string keys.
json::Keys keys_of(Args args) {
  if (args.size() == 1) return json::Keys::keyword;
  if (args[1].is_map()) {
    const Value& keys = args[1].get("keys");
    if (keys.is_nil() || keys.is_keyword("keyword")) return json::Keys::keyword;
    if (keys.is_keyword("string")) return json::Keys::string;
  }
  raise(ErrorClass::illegal_argument,
        "onyx.json/parse takes {:keys :keyword} or {:keys :string} as its options, got " +
            describe(args[1]));
}

Value parse_json(Call& call, Args args) {
  const std::string_view text = text_of("onyx.json/parse", args[0]);
  constexpr std::size_t kGrowth = 8;  // the densest text, [1,1,…], takes 16 bytes a value
  call.charge(text.size() * kGrowth);
  call.check_bytes();
  count_search(call, text.size());
  auto value = json::parse(text, keys_of(args));
  if (!value) raise(ErrorClass::illegal_argument, "onyx.json/parse: " + value.error().text());
  return *std::move(value);
}

Value write(Call& call, Args args) {
  auto text = json::write(realise(call, std::move(args[0])));
  if (!text) raise(ErrorClass::illegal_argument, "onyx.json/write: " + text.error().message());
  count_search(call, text->size());
  call.charge(text->size());
  return Value::string(*text);
}

constexpr Native kJsonTable[] = {
    {kJson, "parse", 1, 2, parse_json,
     "The value that the JSON text says; keys of objects as keywords, or {:keys :string}."},
    {kJson, "write", 1, 1, write, "The value as JSON text."},
};

}  // namespace

std::span<const Native> json_table() { return kJsonTable; }

}  // namespace onyx::lang::core
