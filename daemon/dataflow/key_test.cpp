#include "daemon/dataflow/key_test.h"

#include <algorithm>

#include "daemon/dataflow/written_function.h"

namespace onyx::dataflow {
namespace {

constexpr std::size_t kPredicateParameters = 4;  // event old new all-new
constexpr std::size_t kNewParameter = 2;

bool is_constant(const edn::Value& form) {
  switch (form.kind()) {
    case edn::Kind::nil:
    case edn::Kind::boolean:
    case edn::Kind::integer:
    case edn::Kind::string:
    case edn::Kind::character:
    case edn::Kind::keyword:
      return true;
    default:
      return false;
  }
}

// (:key symbol)
bool is_look_up(const edn::Value& form, const edn::Value& symbol) {
  return form.is_list() && form.count() == 2 && form.at(0).is_keyword() && form.at(1) == symbol;
}

bool is_name(const std::vector<edn::Value>& parameters, std::string_view text) {
  return std::any_of(parameters.begin(), parameters.end(),
                     [text](const edn::Value& p) { return !p.is_symbol() || is_symbol(p, text); });
}

}  // namespace

std::optional<KeyTest> key_test_of(const model::FunctionRef& function,
                                   const std::vector<edn::Value>& definitions) {
  const std::optional<WrittenFunction> written = written_function(function, definitions);
  if (!written.has_value() || written->parameters.size() != kPredicateParameters ||
      written->body.size() != 1) {
    return std::nullopt;
  }
  const edn::Value& body = written->body[0];
  if (!body.is_list() || body.count() != 3) return std::nullopt;
  const bool is_negated = is_symbol(body.at(0), "not=");
  if (!is_negated && !is_symbol(body.at(0), "=")) return std::nullopt;
  const std::string_view operation = is_negated ? "not=" : "=";
  if (is_redefined(operation, definitions) || is_name(written->parameters, operation)) {
    return std::nullopt;
  }
  const edn::Value& segment = written->parameters[kNewParameter];
  if (written->parameters[kNewParameter + 1] == segment)
    return std::nullopt;  // the later one of that name
  for (const std::size_t at : {1u, 2u}) {
    const edn::Value& look_up = body.at(at);
    const edn::Value& constant = body.at(3 - at);
    if (is_look_up(look_up, segment) && is_constant(constant)) {
      return KeyTest{look_up.at(0), constant, is_negated};
    }
  }
  return std::nullopt;
}

}  // namespace onyx::dataflow
