#include "unit/common/lang_core/expression.h"

#include <catch2/catch.hpp>

#include <map>
#include <regex>
#include <string>

#include "common/edn/printer.h"
#include "common/edn/reader.h"
#include "common/lang/core/core.h"
#include "common/lang/exception.h"
#include "common/lang/function.h"
#include "common/lang/sequence.h"

namespace onyx::lang {

namespace {

using Locals = std::map<std::string, Value, std::less<>>;

Value core_value(std::string_view symbol) {
  std::string_view ns = "clojure.core";
  std::string_view name = symbol;
  if (const auto slash = symbol.find('/'); slash != std::string_view::npos && symbol.size() > 1) {
    ns = symbol.substr(0, slash);
    name = symbol.substr(slash + 1);
  }
  if (ns == "str") ns = "clojure.string";
  if (ns == "set") ns = "clojure.set";
  if (ns == "walk") ns = "clojure.walk";
  for (const Native& native : core_table()) {
    if (native.ns == ns && native.name == name) return Value::extension(new NativeFunction(native));
  }
  for (const Constant& constant : core_constants()) {
    if (constant.ns == ns && constant.name == name) return constant.value;
  }
  raise(ErrorClass::illegal_argument, "no function " + std::string(symbol));
}

Value evaluate_form(Call& call, const Value& form, const Locals& locals);

class Closure final : public Function {
 public:
  Closure(Value parameters, Value body, Locals locals)
      : parameters_(std::move(parameters)), body_(std::move(body)), locals_(std::move(locals)) {}

  Value call(Call& call, std::span<Value> args) const override {
    call.step();
    call.check_stack();
    Locals locals = locals_;
    for (std::size_t i = 0; i < parameters_.count(); ++i) {
      if (parameters_.at(i).name()->text == "&") {
        std::vector<Value> more(args.begin() + static_cast<std::ptrdiff_t>(i), args.end());
        locals[parameters_.at(i + 1).name()->text] =
            more.empty() ? Value() : Value::list(std::move(more));
        break;
      }
      if (i >= args.size()) raise_arity("fn", args.size(), "more");
      locals[parameters_.at(i).name()->text] = args[i];
    }
    return evaluate_form(call, body_, locals);
  }
  std::string_view name() const override { return "test/fn"; }
  bool accepts(std::size_t n) const override { return n == parameters_.count(); }

 private:
  Value parameters_;
  Value body_;
  Locals locals_;
};

Value evaluate_list(Call& call, const Value& form, const Locals& locals) {
  if (form.count() == 0) return form;
  const Value& head = form.at(0);
  if (head.is_symbol()) {
    const std::string& word = head.name()->text;
    if (word == "quote") return form.at(1);
    if (word == "fn") return Value::extension(new Closure(form.at(1), form.at(2), locals));
    if (word == "if") {
      if (evaluate_form(call, form.at(1), locals).is_truthy())
        return evaluate_form(call, form.at(2), locals);
      return form.count() > 3 ? evaluate_form(call, form.at(3), locals) : Value();
    }
  }
  const Value callee = evaluate_form(call, head, locals);
  std::vector<Value> args;
  for (std::size_t i = 1; i < form.count(); ++i)
    args.push_back(evaluate_form(call, form.at(i), locals));
  return invoke(call, callee, std::span<Value>(args));
}

Value evaluate_form(Call& call, const Value& form, const Locals& locals) {
  switch (form.kind()) {
    case edn::Kind::symbol: {
      const auto local = locals.find(form.name()->text);
      return local != locals.end() ? local->second : core_value(form.name()->text);
    }
    case edn::Kind::list:
      return evaluate_list(call, form, locals);
    case edn::Kind::vector: {
      std::vector<Value> items;
      for (const Value& item : form.items()) items.push_back(evaluate_form(call, item, locals));
      return Value::vector(std::move(items));
    }
    case edn::Kind::set: {
      std::vector<Value> items;
      for (const Value& item : form.items()) items.push_back(evaluate_form(call, item, locals));
      return Value::set(std::move(items));
    }
    case edn::Kind::map: {
      std::vector<std::pair<Value, Value>> entries;
      for (const edn::Entry entry : form.entries()) {
        Value key = evaluate_form(call, entry.key, locals);
        entries.emplace_back(std::move(key), evaluate_form(call, entry.value, locals));
      }
      return Value::map(std::move(entries));
    }
    default:
      return form;
  }
}

}  // namespace

Value evaluate(Call& call, std::string_view expression) {
  const auto form = edn::read(expression);
  if (!form) FAIL("cannot read " << expression << ": " << form.error().message);
  return realise(call, evaluate_form(call, *form, {}));
}

std::string run(std::string_view expression, const Limits& limits) {
  Call call(limits);
  call.begin();
  try {
    return edn::print(evaluate(call, expression));
  } catch (const Thrown& thrown) {
    return "! " + as_exception(thrown.exception)->message();
  } catch (const BudgetExceeded& exceeded) {
    return "!! " + exceeded.message;
  }
}

void check(std::span<const Row> rows) {
  for (const Row& row : rows) {
    const std::string found = run(row.expression);
    INFO(row.expression << " => " << found);
    if (row.expected.starts_with('~')) {
      CHECK(std::regex_search(found, std::regex(std::string(row.expected.substr(1)))));
    } else {
      CHECK(found == row.expected);
    }
  }
}

}  // namespace onyx::lang
