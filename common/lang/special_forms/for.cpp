#include <fmt/format.h>

#include "common/lang/nodes/basic.h"
#include "common/lang/nodes/control.h"
#include "common/lang/nodes/function_node.h"
#include "common/lang/special_forms/bindings.h"
#include "common/lang/special_forms/special_forms.h"

namespace onyx::lang {

namespace {

// The clauses from `at` on, over the element that the binding before them is called with. What :when and :while reject
// becomes a signal, which only a ForNode understands, so these forms carry it as a constant.
Form step_body(Analyzer& analyzer, const Form& form, const Forms& clauses, std::size_t at) {
  if (at == clauses.size()) {
    Forms body(form->children.begin() + 2, form->children.end());
    return make_call(form, "do", std::move(body));
  }
  const Form& key = clauses[at];
  const Form& value = clauses[at + 1];
  if (key->is_keyword("let")) {
    return make_call(key, "let*", {value, step_body(analyzer, form, clauses, at + 2)});
  }
  if (key->is_keyword("when") || key->is_keyword("while")) {
    const Value& signal = key->is_keyword("when") ? ForNode::skip() : ForNode::stop();
    return make_call(key, "if",
                     {value, step_body(analyzer, form, clauses, at + 2), make_atom(key, signal)});
  }
  // A binding further in: (for [key value …rest] body).
  Forms rest(clauses.begin() + static_cast<std::ptrdiff_t>(at), clauses.end());
  Forms inner{make_symbol(key, "for"), make_vector(key, std::move(rest))};
  inner.insert(inner.end(), form->children.begin() + 2, form->children.end());
  return make_list(key, std::move(inner));
}

}  // namespace

NodePtr analyze_for(Analyzer& analyzer, const Form& form, FunctionScope& scope, Tail) {
  if (!check_bindings(analyzer, form, "for")) return analyzer.nil();
  const Forms& clauses = form->children[1]->children;
  if (clauses.empty() || clauses[0]->is_keyword()) {
    analyzer.malformed(form->children[1], "for needs a name and a collection first", "no binding");
    return analyzer.nil();
  }
  if (form->size() != 3) {
    analyzer.malformed(form, "for needs exactly one form after its bindings",
                       form->size() < 3 ? "none here" : "more than one");
    return analyzer.nil();
  }
  bool is_innermost = true;
  for (std::size_t i = 2; i < clauses.size(); i += 2) {
    if (!clauses[i]->is_keyword()) {
      is_innermost = false;
      continue;
    }
    if (!clauses[i]->is_keyword("let") && !clauses[i]->is_keyword("when") &&
        !clauses[i]->is_keyword("while")) {
      analyzer.malformed(clauses[i], fmt::format("for knows no {}", shown(clauses[i])), "not known")
          .help = "its modifiers are :let, :when and :while";
      return analyzer.nil();
    }
  }
  NodePtr collection = analyzer.analyze(clauses[1], scope, nullptr);
  const Form step =
      make_call(clauses[0], "fn*",
                {make_vector(clauses[0], {clauses[0]}), step_body(analyzer, form, clauses, 2)});
  NodePtr function = analyzer.analyze(step, scope, nullptr);
  return std::make_unique<ForNode>(std::move(collection), std::move(function), is_innermost,
                                   analyzer.position(form));
}

}  // namespace onyx::lang
