#include "common/lang/analyzer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/edn/did_you_mean.h"
#include "common/lang/destructure.h"
#include "common/lang/exception.h"
#include "common/lang/macros/macros.h"
#include "common/lang/nodes/basic.h"
#include "common/lang/nodes/call.h"
#include "common/lang/nodes/function_node.h"
#include "common/lang/nodes/literal.h"
#include "common/lang/nodes/record.h"
#include "common/lang/special_forms/special_forms.h"
#include "common/lang/specialise.h"

namespace onyx::lang {

namespace {

constexpr int kHeightMax = 400;
// What one level of nested nodes may need of the native stack, with everything inlined into it.
#ifdef ONYX_SANITIZED
constexpr std::uint32_t kStackBytesPerLevel = 1'600;
#else
constexpr std::uint32_t kStackBytesPerLevel = 320;
#endif

std::string_view without_core(std::string_view name) {
  constexpr std::string_view kPrefix = "clojure.core/";
  if (name.size() > kPrefix.size() && name.substr(0, kPrefix.size()) == kPrefix) {
    name.remove_prefix(kPrefix.size());
  }
  return name;
}

std::string plural(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

// --- errors ---

edn::Diagnostic& Analyzer::error(std::string code, const Form& at, std::string message,
                                 std::string label) {
  edn::Diagnostic diagnostic;
  diagnostic.code = std::move(code);
  diagnostic.message = std::move(message);
  diagnostic.path = to_vector(at->path);
  diagnostic.file = *file_;
  diagnostic.span = at->span;
  diagnostic.label = std::move(label);
  diagnostics_.push_back(std::move(diagnostic));
  return diagnostics_.back();
}

edn::Diagnostic& Analyzer::malformed(const Form& at, std::string message, std::string label) {
  return error("LANG-04", at, std::move(message), std::move(label));
}

// --- small things ---

NodePtr Analyzer::nil() const { return std::make_unique<ConstantNode>(Value()); }

std::uint32_t Analyzer::stack_bytes(const FunctionScope& scope) {
  return static_cast<std::uint32_t>(scope.height_max + 2) * kStackBytesPerLevel;
}

std::string Analyzer::new_name(std::string_view stem) {
  return fmt::format("{} {}", stem, ++names_);  // A space cannot be read into a symbol.
}

Code* Analyzer::new_code(std::string name) {
  codes_.push_back(std::make_unique<Code>());
  codes_.back()->name = std::move(name);
  codes_.back()->file = file_;
  return codes_.back().get();
}

PositionPtr Analyzer::position(const Form& form) const {
  return std::make_shared<const Position>(Position{file_, form->span, shown(form)});
}

std::string Analyzer::function_name(FunctionScope* scope) const {
  return scope != nullptr && scope->code() != nullptr ? scope->code()->name
                                                      : namespaces_.current_name();
}

bool Analyzer::is_special_or_macro(std::string_view name) const {
  return find_special_form(name) != nullptr || find_macro(name) != nullptr;
}

// --- forms ---

NodePtr Analyzer::analyze(const Form& form, FunctionScope& scope, Tail tail) {
  ++scope.height;
  scope.height_max = std::max(scope.height_max, scope.height);
  NodePtr node;
  if (scope.height > kHeightMax) {
    if (scope.height == kHeightMax + 1) {
      error("LANG-10", form, fmt::format("forms are nested more than {} deep here", kHeightMax),
            "too deep")
          .help = "name a part of it with let, or move it to a function of its own";
    }
    node = nil();
  } else {
    switch (form->kind) {
      case Syntax::Kind::atom:
        node = analyze_atom(form, scope);
        break;
      case Syntax::Kind::list:
        node = analyze_list(form, scope, tail);
        break;
      case Syntax::Kind::map:
        node = analyze_map(form, scope);
        break;
      case Syntax::Kind::vector:
      case Syntax::Kind::set:
        node = analyze_elements(form, scope);
        break;
    }
  }
  --scope.height;
  return node;
}

NodePtr Analyzer::analyze_body(const Form& at, const Forms& forms, std::size_t first,
                               FunctionScope& scope, Tail tail) {
  if (first >= forms.size()) return nil();
  if (first + 1 == forms.size()) return analyze(forms[first], scope, tail);
  std::vector<NodePtr> parts;
  for (std::size_t i = first; i < forms.size(); ++i) {
    parts.push_back(analyze(forms[i], scope, i + 1 == forms.size() ? tail : nullptr));
  }
  (void)at;
  return std::make_unique<DoNode>(std::move(parts));
}

std::vector<NodePtr> Analyzer::analyze_all(const Forms& forms, std::size_t first,
                                           FunctionScope& scope) {
  std::vector<NodePtr> nodes;
  for (std::size_t i = first; i < forms.size(); ++i) {
    nodes.push_back(analyze(forms[i], scope, nullptr));
  }
  return nodes;
}

NodePtr Analyzer::analyze_atom(const Form& form, FunctionScope& scope) {
  if (form->is_symbol()) return analyze_symbol(form, scope);
  return std::make_unique<ConstantNode>(form->atom);
}

NodePtr Analyzer::analyze_symbol(const Form& form, FunctionScope& scope) {
  using Kind = FunctionScope::Binding::Kind;
  const auto binding = scope.resolve(form->atom.name());
  switch (binding.kind) {
    case Kind::local:
      return std::make_unique<LocalNode>(binding.index);
    case Kind::capture:
      return std::make_unique<CaptureNode>(binding.index);
    case Kind::self:
      return std::make_unique<SelfNode>();
    case Kind::sibling:
      return std::make_unique<SiblingNode>(binding.code);
    case Kind::none:
      break;
  }
  const auto meaning = namespaces_.resolve(form->text());
  if (meaning.definition != nullptr) {
    return std::make_unique<GlobalNode>(meaning.definition->index);
  }
  if (meaning.native != nullptr) {
    return std::make_unique<ConstantNode>(Value::extension(new NativeFunction(*meaning.native)));
  }
  if (meaning.constant != nullptr) return std::make_unique<ConstantNode>(*meaning.constant);
  return unresolved(form, scope, meaning);
}

NodePtr Analyzer::unresolved(const Form& form, FunctionScope& scope,
                             const Namespaces::Meaning& meaning) {
  const std::string& name = form->text();
  const std::string_view bare = without_core(name);
  if (const std::string_view why = refusal(bare); !why.empty()) {
    error("LANG-05", form, fmt::format("{} is not accepted: {}", name, why), "not accepted");
    return nil();
  }
  if (is_special_or_macro(bare)) {
    error("LANG-02", form, fmt::format("{} is a form of its own and not a value", name),
          "not a value")
        .help = fmt::format("write (fn [x] ({} …)) to pass it on", name);
    return nil();
  }
  if (meaning.is_private_elsewhere) {
    error("LANG-02", form, fmt::format("{} is private to its namespace", name), "private").help =
        "define it with defn instead of defn-";
    return nil();
  }
  if (meaning.is_unknown_namespace) {
    auto& diagnostic = error(
        "LANG-02", form,
        fmt::format("no namespace or alias {} for the symbol {}", meaning.namespace_name, name),
        "not found");
    diagnostic.help = "add it to the :require of the ns form, for example [clojure.string :as str]";
    diagnostic.did_you_mean = edn::did_you_mean(name, namespaces_.candidates(name));
    return nil();
  }
  std::vector<std::string> names = namespaces_.candidates(name);
  scope.collect_names(names);
  collect_macro_names(names);
  auto& diagnostic =
      error("LANG-02", form, fmt::format("unable to resolve the symbol {}", name), "not found");
  diagnostic.did_you_mean = edn::did_you_mean(name, names);
  return nil();
}

NodePtr Analyzer::analyze_list(const Form& form, FunctionScope& scope, Tail tail) {
  if (form->children.empty()) return std::make_unique<ConstantNode>(Value::list());
  const Form& head = form->children[0];
  if (head->is_symbol() && !scope.knows(head->atom.name())) {
    const std::string_view name = without_core(head->text());
    const bool is_own = namespaces_.current().definitions.count(head->text()) != 0;
    if (!is_own) {
      if (const SpecialForm special = find_special_form(name))
        return special(*this, form, scope, tail);
      if (const Macro macro = find_macro(name)) {
        const Form expanded = macro(*this, form);
        return expanded != nullptr ? analyze(expanded, scope, tail) : nil();
      }
      if (const std::string_view why = refusal(name); !why.empty()) {
        error("LANG-05", form, fmt::format("{} is not accepted: {}", name, why), "not accepted");
        return nil();
      }
      if (name.size() > 1 && (name.front() == '.' || name.back() == '.') && name != "..") {
        error("LANG-05", form,
              fmt::format("{} is not accepted: Java methods and constructors cannot be called here",
                          name),
              "not accepted");
        return nil();
      }
    }
    const auto meaning = namespaces_.resolve(head->text());
    if (meaning.is_found()) return analyze_known_call(form, meaning, scope);
    analyze_all(form->children, 1, scope);  // for their own errors
    return unresolved(head, scope, meaning);
  }
  if (head->is_keyword()) {
    if (form->size() != 2 && form->size() != 3) {
      error("LANG-03", form,
            fmt::format("{} is called with {}; a keyword takes a map, and may take a default",
                        shown(head), plural(form->size() - 1, "argument")),
            "wrong number of arguments");
      return nil();
    }
    NodePtr map = analyze(form->children[1], scope, nullptr);
    NodePtr otherwise = form->size() == 3 ? analyze(form->children[2], scope, nullptr) : nullptr;
    return std::make_unique<GetKeyNode>(head->atom, new_cache(), std::move(map),
                                        std::move(otherwise));
  }
  const bool is_datum = head->kind == Syntax::Kind::atom && !head->is_symbol();
  if (is_datum) {
    error("LANG-07", head, fmt::format("{} cannot be called as a function", shown(head)),
          "not a function")
        .help = "a list is a call; write a vector […] or quote it '(…) when it is data";
    return nil();
  }
  NodePtr callee = analyze(head, scope, nullptr);
  return call_of(form, std::move(callee), scope);
}

NodePtr Analyzer::call_of(const Form& form, NodePtr callee, FunctionScope& scope) {
  return std::make_unique<DynamicCallNode>(std::move(callee), analyze_all(form->children, 1, scope),
                                           position(form));
}

NodePtr Analyzer::analyze_known_call(const Form& form, const Namespaces::Meaning& meaning,
                                     FunctionScope& scope) {
  const std::size_t count = form->size() - 1;
  const std::string& name = form->children[0]->text();
  const auto wrong_count = [&](const std::string& accepted) {
    error(
        "LANG-03", form,
        fmt::format("{} is called with {}; it takes {}", name, plural(count, "argument"), accepted),
        "wrong number of arguments");
    return nil();
  };
  if (meaning.native != nullptr) {
    const Native& native = *meaning.native;
    std::vector<NodePtr> args = analyze_all(form->children, 1, scope);
    if (!NativeFunction(native).accepts(count))
      return wrong_count(accepted_text(native.min, native.max));
    return specialise(*this, native, std::move(args), form);
  }
  if (meaning.constant != nullptr) {
    if (is_callable(*meaning.constant)) {
      return call_of(form, std::make_unique<ConstantNode>(*meaning.constant), scope);
    }
    error("LANG-07", form, fmt::format("{} is a value and cannot be called", name),
          "not a function");
    return nil();
  }
  const Definition& definition = *meaning.definition;
  if (const Code* code = definition.function) {
    const Arity* arity = code->find(count);
    if (arity == nullptr) return wrong_count(code->accepted());
    if (!arity->has_rest) {
      return std::make_unique<KnownCallNode>(code, arity, analyze_all(form->children, 1, scope),
                                             position(form));
    }
  }
  return call_of(form, std::make_unique<GlobalNode>(definition.index), scope);
}

// --- collections ---

namespace {

bool all_constant(const std::vector<NodePtr>& nodes) {
  return std::all_of(nodes.begin(), nodes.end(),
                     [](const NodePtr& node) { return node->constant() != nullptr; });
}

std::vector<Value> constants(const std::vector<NodePtr>& nodes) {
  std::vector<Value> values;
  values.reserve(nodes.size());
  for (const NodePtr& node : nodes) values.push_back(*node->constant());
  return values;
}

}  // namespace

NodePtr Analyzer::analyze_elements(const Form& form, FunctionScope& scope) {
  std::vector<NodePtr> nodes = analyze_all(form->children, 0, scope);
  if (form->is_vector()) {
    if (all_constant(nodes)) return std::make_unique<ConstantNode>(Value::vector(constants(nodes)));
    return std::make_unique<VectorNode>(std::move(nodes));
  }
  if (all_constant(nodes)) {
    Value set = Value::set(constants(nodes));
    if (set.count() == nodes.size()) return std::make_unique<ConstantNode>(std::move(set));
  }
  return std::make_unique<SetNode>(std::move(nodes), position(form));
}

NodePtr Analyzer::analyze_map(const Form& form, FunctionScope& scope) {
  std::vector<NodePtr> parts = analyze_all(form->children, 0, scope);
  if (all_constant(parts)) {
    std::vector<std::pair<Value, Value>> entries;
    for (std::size_t i = 0; i < parts.size(); i += 2) {
      entries.emplace_back(*parts[i]->constant(), *parts[i + 1]->constant());
    }
    Value map = Value::map(std::move(entries));
    if (map.count() * 2 == parts.size()) return std::make_unique<ConstantNode>(std::move(map));
  }
  std::vector<Value> keys;
  for (std::size_t i = 0; i < parts.size(); i += 2) {
    const Value* key = parts[i]->constant();
    if (key == nullptr || !(key->is_keyword() || key->is_string())) break;
    keys.push_back(*key);
  }
  if (keys.size() * 2 == parts.size()) {
    std::vector<Value> distinct = keys;
    std::sort(distinct.begin(), distinct.end(), edn::ValueLess());
    const bool is_distinct = std::adjacent_find(distinct.begin(), distinct.end()) == distinct.end();
    if (const edn::Shape* shape = is_distinct ? edn::Shape::of(keys) : nullptr) {
      std::vector<NodePtr> values;
      for (std::size_t i = 1; i < parts.size(); i += 2) values.push_back(std::move(parts[i]));
      return std::make_unique<RecordNode>(shape, std::move(values));
    }
  }
  return std::make_unique<MapNode>(std::move(parts), position(form));
}

// --- functions ---

NodePtr Analyzer::analyze_function(const Form& form, std::size_t first, const std::string& name,
                                   FunctionScope* scope) {
  const edn::Name* self = nullptr;
  std::string full_name = name;
  if (first < form->size() && form->children[first]->is_symbol()) {
    self = form->children[first]->atom.name();
    if (full_name.empty()) full_name = fmt::format("{}/{}", function_name(scope), self->text);
    ++first;
  }
  if (full_name.empty()) full_name = fmt::format("{}/fn", function_name(scope));
  Code* code = new_code(std::move(full_name));
  if (function_being_defined_ != nullptr) {
    std::exchange(function_being_defined_, nullptr)->function = code;
  }
  const auto captures = std::make_shared<CaptureList>();
  analyze_arities(form, first, *code, self, {}, captures, scope);
  code->captures = static_cast<std::uint32_t>(captures->size());
  if (captures->empty()) {
    return std::make_unique<ConstantNode>(Value::extension(new Closure(code, {})));
  }
  return std::make_unique<FunctionNode>(code, capture_nodes(form, *captures, *scope));
}

std::vector<NodePtr> Analyzer::capture_nodes(const Form& at, const CaptureList& captures,
                                             FunctionScope& scope) {
  std::vector<NodePtr> nodes;
  for (const edn::Name* name : captures) {
    nodes.push_back(analyze_symbol(make_atom(at, Value::symbol(name)), scope));
  }
  return nodes;
}

namespace {

struct Signature {
  const Form* parameters = nullptr;  // a vector
  const Forms* forms = nullptr;      // what holds the body
  std::size_t body = 0;              // where in it the body starts
  Arity* arity = nullptr;
};

}  // namespace

void Analyzer::analyze_arities(const Form& form, std::size_t first, Code& code,
                               const edn::Name* self,
                               const std::vector<FunctionScope::Sibling>& siblings,
                               const std::shared_ptr<CaptureList>& captures, FunctionScope* outer) {
  std::vector<Signature> signatures;
  if (first < form->size() && form->children[first]->is_vector()) {
    signatures.push_back({&form->children[first], &form->children, first + 1, nullptr});
  } else {
    for (std::size_t i = first; i < form->size(); ++i) {
      const Form& arity = form->children[i];
      if (!arity->is_list() || arity->children.empty() || !arity->children[0]->is_vector()) {
        malformed(arity, "a function needs a vector of parameters here, then its body",
                  "not a parameter vector");
        return;
      }
      signatures.push_back({&arity->children[0], &arity->children, 1, nullptr});
    }
    if (signatures.empty()) {
      malformed(form, "a function needs a vector of parameters", "no parameters").help =
          "for example (fn [segment] segment)";
      return;
    }
  }
  // All parameter lists first: a body may call the function itself with any of them.
  for (Signature& signature : signatures) {
    const Forms& names = (*signature.parameters)->children;
    auto arity = std::make_unique<Arity>();
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!names[i]->is_symbol("&")) {
        ++arity->parameters;
        continue;
      }
      if (i + 2 != names.size()) {
        malformed(names[i], "& must be followed by exactly one name, at the end", "misplaced &");
        return;
      }
      arity->has_rest = true;
      break;
    }
    for (const auto& other : code.arities) {
      if (other->has_rest && arity->has_rest) {
        malformed(*signature.parameters, "a function can have only one arity with &", "second one");
        return;
      }
      if (other->parameters == arity->parameters && other->has_rest == arity->has_rest) {
        malformed(
            *signature.parameters,
            fmt::format("there are two arities with {}", plural(arity->parameters, "parameter")),
            "again");
        return;
      }
    }
    signature.arity = arity.get();
    code.arities.push_back(std::move(arity));
  }
  // Calls look for an exact arity before the variadic one.
  std::stable_sort(code.arities.begin(), code.arities.end(),
                   [](const auto& a, const auto& b) { return a->has_rest < b->has_rest; });
  for (const auto& arity : code.arities) {
    if (arity->has_rest) continue;
    if (code.arities.back()->has_rest && arity->parameters > code.arities.back()->parameters) {
      malformed(form, "an arity with & must have at least as many parameters as every other one",
                "unreachable arity");
      return;
    }
  }

  for (const Signature& signature : signatures) {
    FunctionScope scope(outer, &code, captures);
    scope.name_self(self);
    scope.set_siblings(siblings);
    const Forms& names = (*signature.parameters)->children;
    RecurTarget target;
    std::vector<std::pair<Form, std::uint32_t>> patterns;
    for (const Form& name : names) {
      if (name->is_symbol("&")) continue;
      const bool is_plain_name = name->is_symbol();
      const std::uint32_t slot = scope.add_local(is_plain_name ? name->atom.name() : nullptr);
      target.slots.push_back(slot);
      if (!is_plain_name) patterns.emplace_back(name, slot);
      if (is_plain_name && name->atom.name()->ns_length != 0) {
        malformed(name, fmt::format("a parameter cannot have a namespace: {}", name->text()),
                  "qualified name");
      }
    }
    std::vector<LetNode::Binding> bindings;
    for (const auto& [pattern, slot] : patterns) {
      const bool is_rest = signature.arity->has_rest && slot == signature.arity->parameters;
      destructure_slot(*this, pattern, slot, scope, bindings, is_rest);
    }
    const Forms& body_forms = *signature.forms;
    if (signature.body + 1 < body_forms.size() && body_forms[signature.body]->is_map()) {
      for (const Form& key : body_forms[signature.body]->children) {
        if (key->is_keyword("pre") || key->is_keyword("post")) {
          error("LANG-05", key, ":pre and :post conditions are not accepted", "not accepted").help =
              "test with when-not and throw an ex-info";
        }
      }
    }
    NodePtr body = analyze_body(form, body_forms, signature.body, scope, &target);
    if (!bindings.empty()) body = std::make_unique<LetNode>(std::move(bindings), std::move(body));
    if (target.is_used)
      body = std::make_unique<LoopNode>(std::move(body), std::vector<std::uint32_t>());
    Liveness live(scope.slots());
    body->mark(live);
    const Arity& arity = *signature.arity;
    signature.arity->spares_last =
        arity.parameters > 0 && !arity.has_rest && body->takes_last(arity.parameters - 1);
    signature.arity->slots = scope.slots();
    signature.arity->stack_bytes = stack_bytes(scope);
    signature.arity->body = std::move(body);
  }
}

}  // namespace onyx::lang
