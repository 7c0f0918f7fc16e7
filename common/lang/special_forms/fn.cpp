#include <fmt/format.h>

#include "common/lang/nodes/basic.h"
#include "common/lang/nodes/function_node.h"
#include "common/lang/special_forms/special_forms.h"

namespace onyx::lang {

NodePtr analyze_fn(Analyzer& analyzer, const Form& form, FunctionScope& scope, Tail) {
  return analyzer.analyze_function(form, 1, "", &scope);
}

NodePtr analyze_letfn(Analyzer& analyzer, const Form& form, FunctionScope& scope, Tail tail) {
  if (form->size() < 2 || !form->children[1]->is_vector()) {
    analyzer.malformed(form, "letfn needs a vector of functions", "no functions").help =
        "for example (letfn [(twice [x] (* 2 x))] (twice 4))";
    return analyzer.nil();
  }
  const LocalsGuard locals(scope);
  std::vector<FunctionScope::Sibling> siblings;
  for (const Form& function : form->children[1]->children) {
    if (function->head().empty()) {
      analyzer.malformed(function, "letfn needs (name [parameters] body) here", "not a function");
      return analyzer.nil();
    }
    const Form& name = function->children[0];
    siblings.push_back(
        {name->atom.name(),
         analyzer.new_code(fmt::format("{}/{}", analyzer.function_name(&scope), name->text()))});
  }
  const auto captures = std::make_shared<CaptureList>();
  for (std::size_t i = 0; i < siblings.size(); ++i) {
    analyzer.analyze_arities(form->children[1]->children[i], 1, *siblings[i].code, nullptr,
                             siblings, captures, &scope);
  }
  std::vector<NodePtr> captured = analyzer.capture_nodes(form, *captures, scope);
  std::vector<SiblingsNode::Sibling> slots;
  for (const auto& sibling : siblings) {
    sibling.code->captures = static_cast<std::uint32_t>(captures->size());
    slots.push_back({scope.add_local(sibling.name), sibling.code});
  }
  NodePtr body = analyzer.analyze_body(form, form->children, 2, scope, tail);
  return std::make_unique<SiblingsNode>(std::move(slots), std::move(captured), std::move(body));
}

NodePtr analyze_lazy_seq(Analyzer& analyzer, const Form& form, FunctionScope& scope, Tail) {
  Forms function{make_symbol(form, "fn*"), make_vector(form, {})};
  function.insert(function.end(), form->children.begin() + 1, form->children.end());
  return std::make_unique<LazyNode>(
      analyzer.analyze(make_list(form, std::move(function)), scope, nullptr));
}

NodePtr analyze_quote(Analyzer& analyzer, const Form& form, FunctionScope&, Tail) {
  if (form->size() != 2) {
    analyzer.malformed(form, "quote takes one form", form->size() < 2 ? "none here" : "too many");
    return analyzer.nil();
  }
  return std::make_unique<ConstantNode>(to_value(form->children[1]));
}

}  // namespace onyx::lang
