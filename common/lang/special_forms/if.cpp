#include "common/lang/nodes/control.h"
#include "common/lang/special_forms/special_forms.h"

namespace onyx::lang {

NodePtr analyze_if(Analyzer& analyzer, const Form& form, FunctionScope& scope, Tail tail) {
  if (form->size() != 3 && form->size() != 4) {
    analyzer.malformed(form, "if needs a test, a value, and perhaps another value",
                       form->size() < 3 ? "too few" : "too many");
    return analyzer.nil();
  }
  std::vector<ChoiceNode::Choice> choices(1);
  choices[0].test = analyzer.analyze(form->children[1], scope, nullptr);
  choices[0].result = analyzer.analyze(form->children[2], scope, tail);
  NodePtr otherwise =
      form->size() == 4 ? analyzer.analyze(form->children[3], scope, tail) : analyzer.nil();
  return std::make_unique<ChoiceNode>(std::move(choices), std::move(otherwise));
}

NodePtr analyze_cond(Analyzer& analyzer, const Form& form, FunctionScope& scope, Tail tail) {
  if (form->size() % 2 == 0) {
    analyzer.malformed(form->children.back(), "cond needs pairs of a test and a value",
                       "no value for this test");
    return analyzer.nil();
  }
  std::vector<ChoiceNode::Choice> choices;
  for (std::size_t i = 1; i < form->size(); i += 2) {
    choices.emplace_back();
    choices.back().test = analyzer.analyze(form->children[i], scope, nullptr);
    choices.back().result = analyzer.analyze(form->children[i + 1], scope, tail);
  }
  return std::make_unique<ChoiceNode>(std::move(choices), analyzer.nil());
}

NodePtr analyze_do(Analyzer& analyzer, const Form& form, FunctionScope& scope, Tail tail) {
  return analyzer.analyze_body(form, form->children, 1, scope, tail);
}

}  // namespace onyx::lang
