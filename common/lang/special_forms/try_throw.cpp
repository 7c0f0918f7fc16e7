#include "common/lang/nodes/try_node.h"
#include "common/lang/special_forms/special_forms.h"

namespace onyx::lang {

namespace {

// Marks the loops around a try as out of reach for as long as it lives.
class TryGuard {
 public:
  explicit TryGuard(Tail tail) : tail_(tail), before_(tail != nullptr && tail->is_outside_of_try) {
    if (tail_ != nullptr) tail_->is_outside_of_try = true;
  }
  ~TryGuard() {
    if (tail_ != nullptr) tail_->is_outside_of_try = before_;
  }
  TryGuard(const TryGuard&) = delete;
  TryGuard& operator=(const TryGuard&) = delete;

 private:
  Tail tail_;
  bool before_;
};

}  // namespace

NodePtr analyze_try(Analyzer& analyzer, const Form& form, FunctionScope& scope, Tail tail) {
  const TryGuard guard(tail);
  Forms body;
  std::vector<TryNode::Catch> catches;
  NodePtr finally;
  std::vector<Form> handlers;
  for (std::size_t i = 1; i < form->size(); ++i) {
    const Form& part = form->children[i];
    const std::string_view head = part->head();
    if (head == "catch" || head == "finally") {
      if (finally != nullptr) {
        analyzer.malformed(part, "finally must be the last part of try", "after finally");
        continue;
      }
      if (head == "finally") {
        finally = analyzer.analyze_body(part, part->children, 1, scope, nullptr);
      } else {
        handlers.push_back(part);
      }
      continue;
    }
    if (!handlers.empty() || finally != nullptr) {
      analyzer.malformed(part, "the body of try comes before catch and finally", "after catch");
      continue;
    }
    body.push_back(part);
  }
  for (const Form& handler : handlers) {
    if (handler->size() < 3 || !handler->children[1]->is_symbol() ||
        !handler->children[2]->is_symbol()) {
      analyzer.malformed(handler, "catch needs a class and a name", "incomplete").help =
          "for example (catch Exception e (ex-message e))";
      continue;
    }
    const std::string& type = handler->children[1]->text();
    const LocalsGuard locals(scope);
    const std::uint32_t slot = scope.add_local(handler->children[2]->atom.name());
    const bool only_info = type == "clojure.lang.ExceptionInfo" || type == "ExceptionInfo";
    catches.push_back(
        {only_info, slot, analyzer.analyze_body(handler, handler->children, 3, scope, tail)});
  }
  NodePtr guarded = analyzer.analyze_body(form, body, 0, scope, tail);
  if (catches.empty() && finally == nullptr) return guarded;
  return std::make_unique<TryNode>(std::move(guarded), std::move(catches), std::move(finally));
}

NodePtr analyze_throw(Analyzer& analyzer, const Form& form, FunctionScope& scope, Tail) {
  if (form->size() != 2) {
    analyzer
        .malformed(form, "throw takes one exception", form->size() < 2 ? "none here" : "too many")
        .help = "for example (throw (ex-info \"no amount\" {:id 7}))";
    return analyzer.nil();
  }
  return std::make_unique<ThrowNode>(analyzer.analyze(form->children[1], scope, nullptr),
                                     analyzer.position(form));
}

}  // namespace onyx::lang
