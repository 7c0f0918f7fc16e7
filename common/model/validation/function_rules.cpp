#include <fmt/format.h>

#include <algorithm>

#include "common/model/validation/rules.h"

namespace onyx::model {
namespace {

std::vector<Definition::Arity> arities_of_inline(const edn::Value& form) {
  const auto arity_of = [](const edn::Value& parameters) {
    Definition::Arity arity;
    for (const edn::Value& parameter : parameters.items()) {
      if (parameter.is_symbol() && parameter.name()->text == "&") {
        arity.takes_more = true;
        break;
      }
      ++arity.parameters;
    }
    return arity;
  };
  std::vector<Definition::Arity> arities;
  for (std::size_t i = 1; i < form.count() && i < 3; ++i) {
    if (form.at(i).is_vector()) return {arity_of(form.at(i))};
    if (!form.at(i).is_symbol()) break;
  }
  for (const edn::Value& part : form.items()) {
    if (part.is_list() && part.count() > 0 && part.at(0).is_vector()) {
      arities.push_back(arity_of(part.at(0)));
    }
  }
  return arities;
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string shown_arities(const std::vector<Definition::Arity>& arities) {
  std::string text;
  for (std::size_t i = 0; i < arities.size(); ++i) {
    if (i > 0) text += i + 1 == arities.size() ? " or " : ", ";
    text += fmt::format("{}{}", arities[i].parameters, arities[i].takes_more ? " or more" : "");
  }
  return text;
}

void check_arity(JobParts& parts, const FunctionUse& use,
                 const std::vector<Definition::Arity>& arities, const edn::Value& value,
                 const Path& path) {
  if (!use.arguments || arities.empty()) return;
  const bool fits = std::any_of(arities.begin(), arities.end(), [&](const Definition::Arity& a) {
    return a.parameters == *use.arguments || (a.takes_more && a.parameters <= *use.arguments);
  });
  if (fits) return;
  auto& finding =
      parts.report.error("LANG-90", path,
                         fmt::format(":{} calls {} with {}, but it takes {}", use.key,
                                     is_inline_function(value) ? "this function" : shown(value),
                                     counted(*use.arguments, "argument"), shown_arities(arities)));
  finding.label = fmt::format("called with {}", counted(*use.arguments, "argument"));
  finding.help = fmt::format("onyxctl doc :{}", use.key);
}

}  // namespace

std::optional<Definition> check_function(JobParts& parts, const FunctionUse& use,
                                         const edn::Value& value, const Path& path) {
  if (is_inline_function(value)) {
    check_arity(parts, use, arities_of_inline(value), value, path);
    return std::nullopt;
  }
  const FunctionNames* functions = parts.context.functions;
  if (functions == nullptr || !value.is_keyword()) return std::nullopt;
  const std::string_view name = value.name()->text;
  std::optional<Definition> found = functions->find(name);
  if (!found) {
    auto& finding = parts.report.error(
        use.unknown_code, path, fmt::format(":{} names :{}, which is not defined", use.key, name));
    finding.label = "not defined";
    finding.help = fmt::format("define {} under :functions in (ns {})", value.name()->name(),
                               value.name()->ns());
    const std::vector<std::string> names = functions->names();
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    parts.report.suggest(name, candidates);
    return std::nullopt;
  }
  const bool is_right = use.expect == Expect::map ? found->kind == Definition::Kind::map
                                                  : found->kind != Definition::Kind::other;
  if (!is_right) {
    auto& finding = parts.report.error(
        "LANG-91", path,
        fmt::format(":{} needs a {}, but :{} is {}", use.key,
                    use.expect == Expect::map ? "map of functions" : "function", name,
                    found->kind == Definition::Kind::function ? "a function" : "a plain value"));
    finding.label = use.expect == Expect::map ? "not a map" : "not a function";
    finding.help = fmt::format("onyxctl doc :{}", use.key);
    return std::nullopt;
  }
  check_arity(parts, use, found->arities, value, path);
  return found;
}

bool check_task(JobParts& parts, std::string_view code, std::string_view key, std::string_view task,
                const Path& path, std::span<const std::string_view> known,
                std::string_view known_as) {
  if (std::find(known.begin(), known.end(), task) != known.end()) return true;
  auto& finding = parts.report.error(
      code, path, fmt::format(":{} names :{}, which is not a task of the {}", key, task, known_as));
  finding.label = "no such task";
  if (!known.empty()) {
    finding.notes.push_back(
        fmt::format("the tasks of the {} are {}", known_as, shown_keywords(known)));
  }
  parts.report.suggest(task, known);
  return false;
}

}  // namespace onyx::model
