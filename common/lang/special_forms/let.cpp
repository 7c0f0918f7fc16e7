#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "common/lang/destructure.h"
#include "common/lang/nodes/basic.h"
#include "common/lang/nodes/control.h"
#include "common/lang/special_forms/bindings.h"
#include "common/lang/special_forms/special_forms.h"

namespace onyx::lang {

bool check_bindings(Analyzer& analyzer, const Form& form, std::string_view name) {
  if (form->size() < 2 || !form->children[1]->is_vector()) {
    analyzer.malformed(form, fmt::format("{} needs a vector of bindings", name), "no bindings")
        .help = fmt::format("for example ({} [a 1 b 2] …)", name);
    return false;
  }
  if (form->children[1]->size() % 2 != 0) {
    analyzer.malformed(form->children[1]->children.back(),
                       fmt::format("the bindings of {} come in pairs of a name and a value", name),
                       "no value for this one");
    return false;
  }
  return true;
}

NodePtr analyze_let(Analyzer& analyzer, const Form& form, FunctionScope& scope, Tail tail) {
  if (!check_bindings(analyzer, form, "let")) return analyzer.nil();
  const LocalsGuard locals(scope);
  const Forms& pairs = form->children[1]->children;
  std::vector<LetNode::Binding> bindings;
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    NodePtr value = analyzer.analyze(pairs[i + 1], scope, nullptr);
    destructure(analyzer, pairs[i], std::move(value), scope, bindings);
  }
  NodePtr body = analyzer.analyze_body(form, form->children, 2, scope, tail);
  if (bindings.empty()) return body;
  return std::make_unique<LetNode>(std::move(bindings), std::move(body));
}

// A pattern is taken apart once for the initial values of the bindings after it, and again in every turn.
NodePtr analyze_loop(Analyzer& analyzer, const Form& form, FunctionScope& scope, Tail) {
  if (!check_bindings(analyzer, form, "loop")) return analyzer.nil();
  const LocalsGuard locals(scope);
  const Forms& pairs = form->children[1]->children;
  std::vector<LetNode::Binding> initial;
  std::vector<std::pair<Form, std::uint32_t>> patterns;
  RecurTarget target;
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    const bool is_name = pairs[i]->is_symbol();
    NodePtr value = analyzer.analyze(pairs[i + 1], scope, nullptr);
    const std::uint32_t slot = scope.add_local(is_name ? pairs[i]->atom.name() : nullptr);
    initial.push_back({slot, std::move(value)});
    target.slots.push_back(slot);
    if (is_name) continue;
    patterns.emplace_back(pairs[i], slot);
    if (i + 2 < pairs.size()) destructure_slot(analyzer, pairs[i], slot, scope, initial);
  }
  const std::size_t references = scope.mark_references();
  const std::uint32_t outer_limit = scope.slots();
  std::vector<LetNode::Binding> each_turn;
  for (const auto& [pattern, slot] : patterns) {
    destructure_slot(analyzer, pattern, slot, scope, each_turn);
  }
  NodePtr body = analyzer.analyze_body(form, form->children, 2, scope, &target);
  if (!each_turn.empty()) body = std::make_unique<LetNode>(std::move(each_turn), std::move(body));
  if (target.is_used) {
    std::vector<std::uint32_t> outer = scope.references_since(references, outer_limit);
    // The loop's own slots are set anew before each turn.
    std::erase_if(outer, [&](std::uint32_t slot) {
      return std::find(target.slots.begin(), target.slots.end(), slot) != target.slots.end();
    });
    body = std::make_unique<LoopNode>(std::move(body), std::move(outer));
  }
  if (initial.empty()) return body;
  return std::make_unique<LetNode>(std::move(initial), std::move(body));
}

NodePtr analyze_recur(Analyzer& analyzer, const Form& form, FunctionScope& scope, Tail tail) {
  std::vector<NodePtr> values = analyzer.analyze_all(form->children, 1, scope);
  if (tail == nullptr) {
    analyzer
        .error("LANG-06", form, "recur must be the last thing that its loop or function does",
               "something follows")
        .help = "wrap what follows into the loop, or call the function by its name";
    return analyzer.nil();
  }
  if (tail->is_outside_of_try) {
    analyzer.error("LANG-06", form, "recur cannot leave a try", "inside of try").help =
        "put the loop inside the try, or return a value and recur outside";
    return analyzer.nil();
  }
  if (tail->slots.size() != values.size()) {
    analyzer.error("LANG-06", form,
                   fmt::format("recur gives {} value{}, but its loop or function has {} name{}",
                               values.size(), values.size() == 1 ? "" : "s", tail->slots.size(),
                               tail->slots.size() == 1 ? "" : "s"),
                   "wrong number of values");
    return analyzer.nil();
  }
  tail->is_used = true;
  return std::make_unique<RecurNode>(tail->slots, std::move(values));
}

}  // namespace onyx::lang
