// compile(): forms in, program out. Namespaces are taken in the order of what they require.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "common/lang/analyzer.h"
#include "common/lang/program_parts.h"
#include "common/lang/sequence.h"

namespace onyx::lang {

namespace {

struct TopForm {
  Form form;
  std::string file;
};

// The forms from one ns to the next.
struct Section {
  std::string name;
  std::set<std::string> requires_;
  std::vector<TopForm> forms;
};

Path to_path(const std::vector<Value>& keys) {
  Path path;
  for (const Value& key : keys) path = std::make_shared<const PathStep>(PathStep{path, key});
  return path;
}

std::set<std::string> required(const Form& ns) {
  std::set<std::string> names;
  for (const Form& clause : ns->children) {
    if (!clause->is_list() || clause->children.empty() ||
        !clause->children[0]->is_keyword("require")) {
      continue;
    }
    for (const Form& spec : clause->children) {
      if (spec->is_symbol()) names.insert(spec->text());
      if (spec->is_vector() && !spec->children.empty() && spec->children[0]->is_symbol()) {
        names.insert(spec->children[0]->text());
      }
    }
  }
  return names;
}

std::vector<Section> sections_of(const Source& source) {
  std::vector<Section> sections;
  for (const SourceFile& file : source.files) {
    const Path base = to_path(file.path);
    std::int64_t index = file.first_index;
    bool is_first = true;
    for (const SourceForm& part : file.forms) {
      const Path path = std::make_shared<const PathStep>(PathStep{base, Value::integer(index++)});
      TopForm top{to_syntax(part.form, part.place, path), file.file};
      const bool is_ns =
          top.form->head() == "ns" && top.form->size() > 1 && top.form->children[1]->is_symbol();
      if (is_ns) {
        sections.push_back({top.form->children[1]->text(), required(top.form), {}});
      } else if (is_first) {
        sections.push_back({"user", {}, {}});
      }
      is_first = false;
      sections.back().forms.push_back(std::move(top));
    }
  }
  return sections;
}

// A section comes after those that it requires, else the order of the text stays.
std::vector<const Section*> in_order(const std::vector<Section>& sections) {
  std::vector<const Section*> order;
  std::set<const Section*> done;
  std::set<const Section*> under_way;
  const auto visit = [&](const auto& self, const Section& section) -> void {
    if (done.count(&section) != 0 || !under_way.insert(&section).second) return;
    for (const Section& other : sections) {
      if (&other != &section && section.requires_.count(other.name) != 0) self(self, other);
    }
    done.insert(&section);
    order.push_back(&section);
  };
  for (const Section& section : sections) visit(visit, section);
  return order;
}

// Plain data, so that one copy serves all Instances.
bool holds_extension(const Value& value) {
  switch (value.kind()) {
    case edn::Kind::extension:
      return true;
    case edn::Kind::list:
    case edn::Kind::vector:
    case edn::Kind::set:
      for (const Value& element : value.items()) {
        if (holds_extension(element)) return true;
      }
      return false;
    case edn::Kind::map:
      for (const edn::Entry entry : value.entries()) {
        if (holds_extension(entry.key) || holds_extension(entry.value)) return true;
      }
      return false;
    default:
      return false;
  }
}

}  // namespace

class Compiler {
 public:
  explicit Compiler(const Limits& limits) : limits_(limits), analyzer_(namespaces_) {}

  Compiled run(const Source& source) {
    const std::vector<Section> sections = sections_of(source);
    for (const Section* section : in_order(sections)) {
      namespaces_.enter(section->name);
      for (const TopForm& top : section->forms) {
        analyzer_.set_file(top.file);
        analyzer_.analyze_top(top.form);
      }
    }
    refuse_empty_declarations();
    std::vector<std::pair<Value, const Definition*>> inline_definitions;
    // Inline forms see the names of the first namespace.
    if (!sections.empty()) namespaces_.enter(sections.front().name);
    for (const InlineForm& form : source.inline_forms) {
      analyzer_.set_file(form.file);
      const Form syntax = to_syntax(form.source.form, form.source.place, to_path(form.path));
      inline_definitions.emplace_back(
          form.source.form,
          &analyzer_.analyze_inline(syntax, fmt::format("inline {}", ++inline_count_)));
    }
    auto program = std::shared_ptr<Program>(new Program);
    Program::Parts& parts = *program->parts_;
    parts.definitions = std::move(namespaces_.definitions());
    parts.codes = analyzer_.take_codes();
    parts.caches = analyzer_.caches();
    parts.limits = limits_;
    for (const auto& definition : parts.definitions) {
      if (definition->name.find("/inline ") == std::string::npos) {
        parts.by_name[definition->name] = definition.get();
      }
    }
    for (auto& [form, definition] : inline_definitions) {
      parts.by_form.emplace(std::move(form), definition);
      parts.definitions[definition->index]->name = "inline function";
    }
    if (analyzer_.diagnostics().empty()) evaluate_all(parts);
    Compiled compiled;
    compiled.diagnostics = std::move(analyzer_.diagnostics());
    if (compiled.diagnostics.empty()) compiled.program = std::move(program);
    return compiled;
  }

 private:
  void refuse_empty_declarations() {
    for (const auto& definition : namespaces_.definitions()) {
      if (!definition->is_declared_only) continue;
      if (definition->form != nullptr) {
        if (definition->file != nullptr) analyzer_.set_file(*definition->file);
        analyzer_.error("LANG-02", definition->form,
                        fmt::format("{} is declared but never defined", definition->name),
                        "never defined");
      }
    }
  }

  // Every definition once, for its kind and content. A definition whose value is data holds it; others are evaluated
  // again by every Instance.
  void evaluate_all(Program::Parts& parts) {
    std::vector<InlineCache> caches(parts.caches);
    std::vector<Value> globals(parts.definitions.size());
    Call call(limits_);
    call.bindings = {globals.data(), caches.data()};
    for (const auto& definition : parts.definitions) {
      call.begin();
      Outcome outcome = evaluate(call, *definition);
      if (!outcome.is_value()) {
        report(*definition, outcome.exception());
        continue;
      }
      globals[definition->index] = outcome.value;
      definition->is_shareable = !holds_extension(outcome.value);
      definition->sample = std::move(outcome.value);
    }
  }

  void report(const Definition& definition, const ExceptionInfo& exception) {
    if (definition.file != nullptr) analyzer_.set_file(*definition.file);
    edn::Diagnostic& diagnostic = analyzer_.error(
        "LANG-09", definition.form,
        fmt::format("the value of {} cannot be computed: {}", definition.name, exception.message()),
        exception.message());
    if (!exception.trace().empty() && exception.trace().front().span.is_known()) {
      diagnostic.span = exception.trace().front().span;
      diagnostic.file = exception.trace().front().file;
    }
  }

  Limits limits_;
  Namespaces namespaces_;
  Analyzer analyzer_;
  int inline_count_ = 0;
};

Compiled compile(const Source& source, const Limits& limits) {
  return Compiler(limits).run(source);
}

}  // namespace onyx::lang
