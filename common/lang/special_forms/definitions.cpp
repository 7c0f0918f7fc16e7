// def, defn, defn-, declare, ns: what stands at the top of a file, and only there.
#include <fmt/format.h>

#include "common/edn/did_you_mean.h"
#include "common/lang/special_forms/special_forms.h"

namespace onyx::lang {

namespace {

bool is_definition_name(Analyzer& analyzer, const Form& form) {
  if (form->size() < 2 || !form->children[1]->is_symbol()) {
    analyzer.malformed(form, fmt::format("{} needs a name", form->head()), "no name");
    return false;
  }
  const Form& name = form->children[1];
  if (name->atom.name()->ns_length != 0) {
    analyzer
        .malformed(name, fmt::format("a definition has no namespace of its own: {}", name->text()),
                   "qualified name")
        .help = "its namespace is that of the ns form";
    return false;
  }
  return true;
}

// (def name), (def name value), (def name "doc" value)
void define_value(Analyzer& analyzer, const Form& form) {
  if (!is_definition_name(analyzer, form)) return;
  const Form& name = form->children[1];
  if (form->size() == 2) {
    analyzer.namespaces().define(name->text());
    return;
  }
  const bool has_doc = form->size() == 4 && form->children[2]->kind == Syntax::Kind::atom &&
                       form->children[2]->atom.is_string();
  if (form->size() > 4 || (form->size() == 4 && !has_doc)) {
    analyzer.malformed(form, "def takes a name and one value", "too many");
    return;
  }
  analyzer.define(form, name, form->children.back(), false);
}

// (defn name "doc"? {attributes}? [parameters] body…), or arities in lists.
void define_function(Analyzer& analyzer, const Form& form, bool is_private) {
  if (!is_definition_name(analyzer, form)) return;
  std::size_t first = 2;
  const auto is_string = [](const Form& part) {
    return part->kind == Syntax::Kind::atom && part->atom.is_string();
  };
  if (first < form->size() && is_string(form->children[first])) ++first;
  if (first < form->size() && form->children[first]->is_map()) ++first;
  Forms function{make_symbol(form, "fn*")};
  function.insert(function.end(), form->children.begin() + static_cast<std::ptrdiff_t>(first),
                  form->children.end());
  if (function.size() == 1) {
    analyzer
        .malformed(form, fmt::format("{} needs a vector of parameters", form->head()),
                   "no parameters")
        .help = "for example (defn keep-all [segment] true)";
    return;
  }
  if (function.back()->is_map() && function.size() > 2 && function[1]->is_list())
    function.pop_back();
  analyzer.define(form, form->children[1], make_list(form, std::move(function)), is_private);
}

void require(Analyzer& analyzer, const Form& clause) {
  Namespace& here = analyzer.namespaces().current();
  for (std::size_t i = 1; i < clause->size(); ++i) {
    const Form& spec = clause->children[i];
    if (spec->is_keyword()) continue;  // :reload and the like
    const bool is_plain = spec->is_symbol();
    if (!is_plain &&
        (!spec->is_vector() || spec->children.empty() || !spec->children[0]->is_symbol())) {
      analyzer.error("LANG-08", spec, ":require needs a namespace or [namespace :as name]",
                     "not understood");
      continue;
    }
    const Form& name = is_plain ? spec : spec->children[0];
    const std::string& ns = name->text();
    if (!analyzer.namespaces().exists(ns)) {
      auto& diagnostic = analyzer.error(
          "LANG-08", name, fmt::format("there is no namespace {} in this job", ns), "not found");
      diagnostic.did_you_mean = edn::did_you_mean(ns, analyzer.namespaces().names());
      diagnostic.help =
          "clojure.string, clojure.set, clojure.walk, onyx.* and the job's own namespaces can be "
          "required";
      continue;
    }
    if (is_plain) continue;
    for (std::size_t k = 1; k + 1 < spec->size(); k += 2) {
      const Form& option = spec->children[k];
      const Form& value = spec->children[k + 1];
      if (option->is_keyword("as") && value->is_symbol()) {
        here.aliases[value->text()] = ns;
      } else if (option->is_keyword("refer") && (value->is_vector() || value->is_list())) {
        for (const Form& referred : value->children) {
          if (!referred->is_symbol()) continue;
          const std::string full = ns + "/" + referred->text();
          if (!analyzer.namespaces().resolve(full).is_found()) {
            analyzer.error("LANG-08", referred, fmt::format("{} has no {}", ns, referred->text()),
                           "not found");
            continue;
          }
          here.refers[referred->text()] = full;
        }
      } else {
        analyzer
            .error("LANG-08", option,
                   fmt::format("{} is not understood in :require", shown(option)), "not understood")
            .help = "write [namespace :as name] or [namespace :refer [names]]";
      }
    }
  }
}

void enter_namespace(Analyzer& analyzer, const Form& form) {
  if (form->size() < 2 || !form->children[1]->is_symbol()) {
    analyzer.error("LANG-08", form, "ns needs a name", "no name");
    return;
  }
  Namespace& here = analyzer.namespaces().enter(form->children[1]->text());
  for (std::size_t i = 2; i < form->size(); ++i) {
    const Form& clause = form->children[i];
    if (clause->kind == Syntax::Kind::atom || clause->is_map()) continue;  // doc and attributes
    if (!clause->is_list() || clause->children.empty() || !clause->children[0]->is_keyword()) {
      analyzer.error("LANG-08", clause, "ns has clauses like (:require …) here", "not understood");
      continue;
    }
    const Form& kind = clause->children[0];
    if (kind->is_keyword("require")) {
      require(analyzer, clause);
    } else if (kind->is_keyword("refer-clojure")) {
      for (std::size_t k = 1; k + 1 < clause->size(); k += 2) {
        if (!clause->children[k]->is_keyword("exclude")) continue;
        for (const Form& name : clause->children[k + 1]->children) {
          if (name->is_symbol()) here.excluded.insert(name->text());
        }
      }
    } else if (kind->is_keyword("gen-class") || kind->is_keyword("import")) {
      analyzer.error("LANG-05", clause,
                     fmt::format("{} is not accepted: there are no Java classes here", shown(kind)),
                     "not accepted");
    } else {
      analyzer
          .error("LANG-08", clause, fmt::format("{} is not accepted in ns", shown(kind)),
                 "not accepted")
          .help = "use (:require [namespace :as name])";
    }
  }
}

}  // namespace

void Analyzer::analyze_top(const Form& form) {
  std::string_view head = form->head();
  if (head.substr(0, 13) == "clojure.core/") head.remove_prefix(13);
  if (head == "ns") {
    enter_namespace(*this, form);
  } else if (head == "def") {
    define_value(*this, form);
  } else if (head == "defn" || head == "defn-") {
    define_function(*this, form, head == "defn-");
  } else if (head == "declare") {
    for (std::size_t i = 1; i < form->size(); ++i) {
      if (form->children[i]->is_symbol()) {
        Definition& definition = namespaces_.define(form->children[i]->text());
        definition.form = form->children[i];
        definition.file = file_;
      } else {
        malformed(form->children[i], "declare takes names", "not a name");
      }
    }
  } else if (head == "do") {
    for (std::size_t i = 1; i < form->size(); ++i) analyze_top(form->children[i]);
  } else if (head != "comment") {
    if (const std::string_view why = refusal(head); !why.empty()) {
      error("LANG-05", form, fmt::format("{} is not accepted: {}", head, why), "not accepted");
      return;
    }
    malformed(form, "only definitions stand at the top: ns, def, defn, defn-, declare, comment",
              "not a definition")
        .help = "put it into a function, or give it a name with def";
  }
}

void Analyzer::define(const Form& form, const Form& name, const Form& value, bool is_private) {
  Definition& definition = namespaces_.define(name->text());
  definition.is_private = is_private;
  definition.form = form;
  definition.file = file_;
  definition.is_declared_only = false;
  definition.init = std::make_unique<Code>();
  definition.init->name = definition.name;
  definition.init->file = file_;
  auto arity = std::make_unique<Arity>();
  FunctionScope scope(nullptr, definition.init.get(), std::make_shared<CaptureList>());
  const std::string_view head = value->head();
  if (head == "fn" || head == "fn*") {
    function_being_defined_ = &definition;
    arity->body = analyze_function(value, 1, definition.name, &scope);
    function_being_defined_ = nullptr;
  } else {
    arity->body = analyze(value, scope, nullptr);
  }
  Liveness live(scope.slots());
  arity->body->mark(live);
  arity->slots = scope.slots();
  arity->stack_bytes = stack_bytes(scope);
  definition.init->arities.push_back(std::move(arity));
}

Definition& Analyzer::analyze_inline(const Form& form, const std::string& name) {
  const Form symbol = make_symbol(form, name);
  define(form, symbol, form, true);
  return *namespaces_.definitions().back();
}

NodePtr analyze_def(Analyzer& analyzer, const Form& form, FunctionScope&, Tail) {
  analyzer
      .malformed(form,
                 fmt::format("{} stands only at the top, not inside of another form", form->head()),
                 "not at the top")
      .help = "use let for a local name";
  return analyzer.nil();
}

}  // namespace onyx::lang
