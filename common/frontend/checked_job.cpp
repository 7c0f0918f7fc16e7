#include "common/frontend/checked_job.h"

#include <algorithm>

#include "common/frontend/function_names.h"
#include "common/frontend/inline_forms.h"
#include "common/lang/reader.h"

namespace onyx::frontend {

namespace {

using edn::Value;

const edn::Place* functions_place(const Value& job, const edn::Place& place) {
  std::size_t index = 0;
  for (const edn::Entry entry : job.entries()) {
    if (entry.key.is_keyword("functions") && 2 * index + 1 < place.children.size()) {
      return &place.children[2 * index + 1];
    }
    ++index;
  }
  return nullptr;
}

lang::SourceFile own_functions(const Value& job, const edn::Place& place, const std::string& file) {
  lang::SourceFile out;
  out.file = file;
  out.path = {Value::keyword("functions")};
  const Value& forms = job.get("functions");
  if (!forms.is_vector()) return out;
  const edn::Place* forms_place = functions_place(job, place);
  for (std::size_t i = 0; i < forms.count(); ++i) {
    const bool has_place = forms_place != nullptr && i < forms_place->children.size();
    out.forms.push_back({forms.at(i), has_place ? &forms_place->children[i] : nullptr});
  }
  return out;
}

// Findings of the job's own text in its order, then those of each function file.
void put_in_order(std::vector<edn::Diagnostic>& found, const JobText& text) {
  const auto rank = [&](const edn::Diagnostic& d) -> std::size_t {
    for (std::size_t i = 0; i < text.functions.size(); ++i) {
      if (d.file == text.functions[i].name) return i + 1;
    }
    return 0;
  };
  std::stable_sort(found.begin(), found.end(), [&](const auto& a, const auto& b) {
    const auto rank_a = rank(a);
    const auto rank_b = rank(b);
    if (rank_a != rank_b) return rank_a < rank_b;
    // Those without a place come last.
    if (!a.span.is_known() || !b.span.is_known()) return a.span.is_known() && !b.span.is_known();
    return a.span.offset < b.span.offset;
  });
}

}  // namespace

CheckedJob check(const JobText& text, model::Context context) {
  CheckedJob out;
  auto document = edn::read_document(text.job.text, text.job.name);
  if (!document.has_value()) {
    out.diagnostics.push_back(std::move(document.error()));
    return out;
  }
  out.value = document->value;
  lang::Source source;
  std::vector<std::vector<edn::Document>> files;  // keeps places alive until everything is compiled
  if (out.value.is_map()) {
    source.files.push_back(own_functions(out.value, document->place, text.job.name));
    Value all =
        out.value.get("functions").is_vector() ? out.value.get("functions") : Value::vector();
    bool has_unread_file = false;
    for (const SourceText& file : text.functions) {
      auto forms = lang::read_source(file.text, file.name);
      if (!forms.has_value()) {
        out.diagnostics.push_back(std::move(forms.error()));
        has_unread_file = true;
        continue;
      }
      files.push_back(std::move(*forms));
      lang::SourceFile one;
      one.file = file.name;
      one.path = {Value::keyword("functions")};
      one.first_index = static_cast<std::int64_t>(all.count());
      for (const edn::Document& form : files.back()) {
        one.forms.push_back({form.value, &form.place});
        all = std::move(all).conj(form.value);
      }
      source.files.push_back(std::move(one));
    }
    if (!text.functions.empty()) {
      out.value = std::move(out.value).assoc(Value::keyword("functions"), std::move(all));
    }
    if (!text.id.empty()) {
      Value metadata =
          out.value.get("metadata").is_map() ? out.value.get("metadata") : Value::map();
      metadata = std::move(metadata).assoc(Value::keyword("job-id"), Value::string(text.id));
      out.value = std::move(out.value).assoc(Value::keyword("metadata"), std::move(metadata));
    }
    source.inline_forms = inline_forms(out.value, &document->place, text.job.name);
    auto compiled = lang::compile(source);
    if (!has_unread_file) out.program = std::move(compiled.program);
    for (auto& diagnostic : compiled.diagnostics) out.diagnostics.push_back(std::move(diagnostic));
  }
  // Without a program no name can be looked up: its own errors are shown first, and names when they are gone.
  std::optional<ProgramNames> names;
  if (out.program != nullptr) {
    names.emplace(*out.program);
    context.functions = &*names;
  }
  for (auto& diagnostic : model::validate({out.value, &document->place, text.job.name}, context)) {
    out.diagnostics.push_back(std::move(diagnostic));
  }
  put_in_order(out.diagnostics, text);
  return out;
}

}  // namespace onyx::frontend
