#include "common/lang/specialise.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "common/lang/exception.h"
#include "common/lang/nodes/arithmetic.h"
#include "common/lang/nodes/basic.h"
#include "common/lang/nodes/control.h"
#include "common/lang/nodes/record.h"

namespace onyx::lang {

namespace {

using Nodes = std::vector<NodePtr>;

struct Site {
  Analyzer& analyzer;
  const Native& native;
  const Form& form;
  PositionPtr position;
};

// Each takes the operands if it can make a node of them, else leaves them and gives nullptr.
using Rule = NodePtr (*)(const Site& site, Nodes& args);

bool is_keyword(const Node& node) {
  return node.constant() != nullptr && node.constant()->is_keyword();
}

CachedKey cached(const Site& site, const Node& key) {
  return CachedKey(*key.constant(), site.analyzer.new_cache());
}

// (+ a b c) is (+ (+ a b) c).
template <class Op>
NodePtr arithmetic(const Site& site, Nodes& args) {
  if (args.size() < 2) return nullptr;
  NodePtr left = std::move(args[0]);
  for (std::size_t i = 1; i < args.size(); ++i) {
    left = std::make_unique<ArithmeticNode<Op>>(std::move(left), std::move(args[i]), site.position);
  }
  return left;
}

template <class Op>
NodePtr comparison(const Site& site, Nodes& args) {
  if (args.size() != 2) return nullptr;
  return std::make_unique<CompareNode<Op>>(std::move(args[0]), std::move(args[1]), site.position);
}

template <bool kExpected>
NodePtr equality(const Site& site, Nodes& args) {
  if (args.size() != 2) return nullptr;
  return std::make_unique<EqualNode>(std::move(args[0]), std::move(args[1]), kExpected,
                                     site.position);
}

template <std::int64_t kDelta>
NodePtr step(const Site& site, Nodes& args) {
  return std::make_unique<StepNode>(std::move(args[0]), kDelta, site.position);
}

template <bool kExpected>
NodePtr nil_test(const Site&, Nodes& args) {
  return std::make_unique<IsNilNode>(std::move(args[0]), kExpected);
}

NodePtr negation(const Site&, Nodes& args) { return std::make_unique<NotNode>(std::move(args[0])); }

NodePtr get(const Site& site, Nodes& args) {
  if (!is_keyword(*args[1])) return nullptr;
  return std::make_unique<GetKeyNode>(*args[1]->constant(), site.analyzer.new_cache(),
                                      std::move(args[0]),
                                      args.size() == 3 ? std::move(args[2]) : nullptr);
}

NodePtr assoc(const Site& site, Nodes& args) {
  if (args.size() % 2 == 0) return nullptr;
  for (std::size_t i = 1; i < args.size(); i += 2) {
    if (!is_keyword(*args[i])) return nullptr;
  }
  std::vector<CachedKey> keys;
  Nodes values;
  for (std::size_t i = 1; i < args.size(); i += 2) {
    keys.push_back(cached(site, *args[i]));
    values.push_back(std::move(args[i + 1]));
  }
  return std::make_unique<AssocNode>(std::move(args[0]), std::move(keys), std::move(values),
                                     site.position);
}

// What (update m k f extra…) adds to an integer, if that is all that it does.
std::optional<std::int64_t> delta_of(const Nodes& args) {
  const Value* function = args[2]->constant();
  const Function* callee = function != nullptr ? as_function(*function) : nullptr;
  if (callee == nullptr) return std::nullopt;
  if (args.size() == 3) {
    if (callee->name() == "clojure.core/inc") return 1;
    if (callee->name() == "clojure.core/dec") return -1;
    return std::nullopt;
  }
  const Value* constant = args.size() == 4 ? args[3]->constant() : nullptr;
  if (constant == nullptr || !constant->is_integer()) return std::nullopt;
  const std::int64_t amount = constant->as_integer();
  if (callee->name() == "clojure.core/+") return amount;
  std::int64_t negated;
  if (callee->name() == "clojure.core/-" && !__builtin_sub_overflow(0, amount, &negated)) {
    return negated;
  }
  return std::nullopt;
}

NodePtr update(const Site& site, Nodes& args) {
  if (!is_keyword(*args[1])) return nullptr;
  CachedKey key = cached(site, *args[1]);
  if (const auto delta = delta_of(args)) {
    std::vector<Value> extra;
    if (args.size() == 4) extra.push_back(*args[3]->constant());
    return std::make_unique<UpdateByNode>(std::move(args[0]), std::move(key), *delta,
                                          *args[2]->constant(), std::move(extra), site.position);
  }
  Nodes rest;
  for (std::size_t i = 2; i < args.size(); ++i) rest.push_back(std::move(args[i]));
  return std::make_unique<UpdateNode>(std::move(args[0]), std::move(key), std::move(rest),
                                      site.position);
}

const std::unordered_map<std::string_view, Rule>& rules() {
  static const std::unordered_map<std::string_view, Rule> table = {
      {"+", arithmetic<Add>},
      {"-", arithmetic<Subtract>},
      {"*", arithmetic<Multiply>},
      {"<", comparison<Less>},
      {">", comparison<Greater>},
      {"<=", comparison<LessOrEqual>},
      {">=", comparison<GreaterOrEqual>},
      {"=", equality<true>},
      {"not=", equality<false>},
      {"inc", step<1>},
      {"dec", step<-1>},
      {"nil?", nil_test<true>},
      {"some?", nil_test<false>},
      {"not", negation},
      {"get", get},
      {"assoc", assoc},
      {"update", update},
  };
  return table;
}

// Functions whose call with constants is worth a constant: small results, no laziness.
bool is_foldable(std::string_view name) {
  static constexpr std::string_view kNames[] = {"+",       "-",      "*",         "/",   "inc",
                                                "dec",     "quot",   "rem",       "mod", "str",
                                                "keyword", "symbol", "re-pattern"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

NodePtr fold(const Site& site, const Nodes& args) {
  if (site.native.ns != "clojure.core" || !is_foldable(site.native.name)) return nullptr;
  std::vector<Value> values;
  for (const NodePtr& arg : args) {
    if (arg->constant() == nullptr) return nullptr;
    values.push_back(*arg->constant());
  }
  std::string why;
  try {
    Call call;
    return std::make_unique<ConstantNode>(site.native.fn(call, values));
  } catch (const Thrown& thrown) {
    why = as_exception(thrown.exception)->message();
  } catch (const BudgetExceeded&) {
    return nullptr;
  }
  // Other failures are left to the run, where a try may be waiting for them.
  if (site.native.name == "re-pattern") {
    site.analyzer.malformed(site.form, why, "not a regular expression");
    return site.analyzer.nil();
  }
  return nullptr;
}

}  // namespace

NodePtr specialise(Analyzer& analyzer, const Native& native, std::vector<NodePtr> args,
                   const Form& form) {
  const Site site{analyzer, native, form, analyzer.position(form)};
  if (NodePtr folded = fold(site, args)) return folded;
  if (native.ns == "clojure.core") {
    if (const auto rule = rules().find(native.name); rule != rules().end()) {
      if (NodePtr node = rule->second(site, args)) return node;
    }
  }
  return std::make_unique<NativeCallNode>(native, std::move(args), site.position);
}

}  // namespace onyx::lang
