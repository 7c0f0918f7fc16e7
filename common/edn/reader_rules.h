// The mistakes that text can hold, each with its stable code: what docs/edn.md and `onyxctl explain` list.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace onyx::edn {

enum class ReadRule : std::uint8_t {
  unclosed = 1,
  unmatched_bracket,
  odd_map,
  duplicate_key,
  duplicate_element,
  invalid_name,
  invalid_number,
  integer_too_large,
  real_too_large,
  big_decimal,
  zero_denominator,
  invalid_character,
  invalid_escape,
  invalid_inst,
  invalid_uuid,
  not_edn,
  nothing_follows,
  invalid_namespaced_map,
  too_deep,
  number_too_long,
  document_too_large,
  invalid_utf8,
  byte_order_mark,
  nul,
  trailing_text,
  empty_document,
  too_many_names,
  invalid_symbolic_value,
};

struct ReadRuleText {
  std::string_view code;         // "EDN-01"
  std::string_view title;        // "something is never closed"
  std::string_view explanation;  // a sentence or two, with what to do
};

const ReadRuleText& text_of(ReadRule rule);
std::span<const ReadRuleText> read_rules();

}  // namespace onyx::edn
