// Form to node: names become slots, captures and definitions; what is wrong becomes diagnostics, all at once.
//
// Shape:   analyze() dispatches to special_forms/ and macros/, one file each; the rest is calls. After an error it goes on
//          with nil in the place of the form.
// Errors:  LANG-02 unresolved name, LANG-03 number of arguments, LANG-04 malformed form, LANG-05 refused form,
//          LANG-06 recur, LANG-07 cannot be called, LANG-08 namespaces, LANG-10 too deep.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/edn/diagnostic.h"
#include "common/lang/namespaces.h"
#include "common/lang/node.h"
#include "common/lang/scope.h"
#include "common/lang/syntax.h"

namespace onyx::lang {

// What is known about where a form stands: non-null when its value is that of the loop or function body.
using Tail = RecurTarget*;

class Analyzer {
 public:
  explicit Analyzer(Namespaces& namespaces) : namespaces_(namespaces) {}

  // --- a file or an inline form at a time ---
  void set_file(std::string file) { file_ = std::make_shared<const std::string>(std::move(file)); }
  // ns, def, defn, declare …; anything else is an error.
  void analyze_top(const Form& form);
  // A definition whose value is that of the form.
  Definition& analyze_inline(const Form& form, const std::string& name);

  // --- for special forms ---
  NodePtr analyze(const Form& form, FunctionScope& scope, Tail tail);
  // The value of the last of several forms; nil when there are none.
  NodePtr analyze_body(const Form& at, const Forms& forms, std::size_t first, FunctionScope& scope,
                       Tail tail);
  std::vector<NodePtr> analyze_all(const Forms& forms, std::size_t first, FunctionScope& scope);
  NodePtr analyze_symbol(const Form& form, FunctionScope& scope);
  // (fn name? [params] body…) and (fn name? ([params] body…)…) from `first` on; `name` is what traces show.
  NodePtr analyze_function(const Form& form, std::size_t first, const std::string& name,
                           FunctionScope* scope);
  // The arities into `code`; the scope's captures are those of `captures`.
  void analyze_arities(const Form& form, std::size_t first, Code& code, const edn::Name* self,
                       const std::vector<FunctionScope::Sibling>& siblings,
                       const std::shared_ptr<CaptureList>& captures, FunctionScope* outer);
  // What these captures are in the scope around.
  std::vector<NodePtr> capture_nodes(const Form& at, const CaptureList& captures,
                                     FunctionScope& scope);
  NodePtr call_of(const Form& form, NodePtr callee, FunctionScope& scope);

  NodePtr nil() const;
  // What a body analysed in this scope may need of the native stack.
  static std::uint32_t stack_bytes(const FunctionScope& scope);
  std::uint32_t new_cache() { return caches_++; }
  std::string new_name(std::string_view stem);  // for macros: a symbol that no text can have
  Code* new_code(std::string name);
  PositionPtr position(const Form& form) const;
  Namespaces& namespaces() { return namespaces_; }
  std::string function_name(FunctionScope* scope) const;
  bool is_special_or_macro(std::string_view name) const;
  void define(const Form& form, const Form& name, const Form& value, bool is_private);

  // --- errors ---
  edn::Diagnostic& error(std::string code, const Form& at, std::string message,
                         std::string label = {});
  edn::Diagnostic& malformed(const Form& at, std::string message, std::string label = {});
  std::vector<edn::Diagnostic>& diagnostics() { return diagnostics_; }

  std::uint32_t caches() const { return caches_; }
  std::vector<std::unique_ptr<Code>> take_codes() { return std::move(codes_); }

 private:
  NodePtr analyze_atom(const Form& form, FunctionScope& scope);
  NodePtr analyze_list(const Form& form, FunctionScope& scope, Tail tail);
  NodePtr analyze_map(const Form& form, FunctionScope& scope);
  NodePtr analyze_elements(const Form& form, FunctionScope& scope);
  NodePtr analyze_known_call(const Form& form, const Namespaces::Meaning& meaning,
                             FunctionScope& scope);
  NodePtr unresolved(const Form& form, FunctionScope& scope, const Namespaces::Meaning& meaning);

  Namespaces& namespaces_;
  std::shared_ptr<const std::string> file_ = std::make_shared<const std::string>();
  std::vector<edn::Diagnostic> diagnostics_;
  std::vector<std::unique_ptr<Code>> codes_;
  std::uint32_t caches_ = 0;
  std::uint32_t names_ = 0;
  Definition* function_being_defined_ = nullptr;  // (def name (fn …)) is about to be analysed
};

}  // namespace onyx::lang
