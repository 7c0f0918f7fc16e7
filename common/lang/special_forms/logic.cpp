#include "common/lang/nodes/basic.h"
#include "common/lang/nodes/control.h"
#include "common/lang/special_forms/special_forms.h"

namespace onyx::lang {

namespace {

NodePtr decide(Analyzer& analyzer, const Form& form, FunctionScope& scope, Tail tail,
               bool deciding) {
  if (form->size() == 1) {
    return std::make_unique<ConstantNode>(deciding ? Value() : Value::boolean(true));
  }
  std::vector<NodePtr> parts;
  for (std::size_t i = 1; i < form->size(); ++i) {
    const bool is_last = i + 1 == form->size();
    parts.push_back(analyzer.analyze(form->children[i], scope, is_last ? tail : nullptr));
  }
  if (parts.size() == 1) return std::move(parts[0]);
  return std::make_unique<DecideNode>(std::move(parts), deciding);
}

}  // namespace

NodePtr analyze_and(Analyzer& analyzer, const Form& form, FunctionScope& scope, Tail tail) {
  return decide(analyzer, form, scope, tail, false);
}

NodePtr analyze_or(Analyzer& analyzer, const Form& form, FunctionScope& scope, Tail tail) {
  return decide(analyzer, form, scope, tail, true);
}

}  // namespace onyx::lang
