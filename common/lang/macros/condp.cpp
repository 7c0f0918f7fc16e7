#include "common/lang/macros/macros.h"
#include "common/lang/macros/parts.h"

namespace onyx::lang {

// (condp pred expr test result … default?), where `test :>> f` calls f with what pred returned.
Form expand_condp(Analyzer& analyzer, const Form& form) {
  if (!has_arguments(analyzer, form, 2, "a predicate and a value")) return nullptr;
  const Form predicate = make_symbol(form, analyzer.new_name("pred"));
  const Form subject = make_symbol(form, analyzer.new_name("expr"));
  struct Clause {
    Form test;
    Form result;
    bool is_call;
  };
  std::vector<Clause> clauses;
  Form otherwise;
  for (std::size_t i = 3; i < form->size();) {
    if (i + 1 == form->size()) {
      otherwise = form->children[i];
      break;
    }
    if (form->children[i + 1]->is_keyword(">>")) {
      if (i + 2 == form->size()) {
        analyzer.malformed(form->children[i + 1], ":>> must be followed by a function",
                           "nothing follows");
        return nullptr;
      }
      clauses.push_back({form->children[i], form->children[i + 2], true});
      i += 3;
    } else {
      clauses.push_back({form->children[i], form->children[i + 1], false});
      i += 2;
    }
  }
  if (otherwise == nullptr) {
    otherwise = make_call(
        form, "throw",
        {make_call(form, "clojure.core/ex-info",
                   {make_call(form, "clojure.core/str",
                              {make_atom(form, Value::string("No matching clause: ")), subject}),
                    make_atom(form, Value::map())})});
  }
  Form chain = otherwise;
  for (auto clause = clauses.rbegin(); clause != clauses.rend(); ++clause) {
    const Form test = make_list(form, {predicate, clause->test, subject});
    if (clause->is_call) {
      const Form found = make_symbol(form, analyzer.new_name("found"));
      chain =
          let_one(form, found, test,
                  make_call(form, "if", {found, make_list(form, {clause->result, found}), chain}));
    } else {
      chain = make_call(form, "if", {test, clause->result, chain});
    }
  }
  return let_one(form, predicate, form->children[1],
                 let_one(form, subject, form->children[2], chain));
}

}  // namespace onyx::lang
