#include <fmt/format.h>

#include "common/lang/nodes/control.h"
#include "common/lang/special_forms/special_forms.h"

namespace onyx::lang {

NodePtr analyze_case(Analyzer& analyzer, const Form& form, FunctionScope& scope, Tail tail) {
  if (form->size() < 2) {
    analyzer.malformed(form, "case needs a value to decide on", "nothing here");
    return analyzer.nil();
  }
  NodePtr subject = analyzer.analyze(form->children[1], scope, nullptr);
  CaseNode::Table table;
  std::vector<NodePtr> results;
  const Forms& parts = form->children;
  std::size_t i = 2;
  for (; i + 1 < parts.size(); i += 2) {
    if (parts[i]->head() == "quote") {
      analyzer.malformed(parts[i], "the constants of case are not quoted", "quoted").help =
          "write the constant itself";
      continue;
    }
    const Forms constants = parts[i]->is_list() ? parts[i]->children : Forms{parts[i]};
    for (const Form& constant : constants) {
      Value value = to_value(constant);
      const auto index = static_cast<std::uint32_t>(results.size());
      if (!table.emplace(std::move(value), index).second) {
        analyzer.malformed(constant, fmt::format("case has {} twice", shown(constant)), "again");
      }
    }
    results.push_back(analyzer.analyze(parts[i + 1], scope, tail));
  }
  NodePtr otherwise = i < parts.size() ? analyzer.analyze(parts[i], scope, tail) : nullptr;
  return std::make_unique<CaseNode>(std::move(subject), std::move(table), std::move(results),
                                    std::move(otherwise), analyzer.position(form));
}

}  // namespace onyx::lang
