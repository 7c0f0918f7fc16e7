// Which names mean what inside one function while it is analysed: its locals, what it captures, itself.
//
// Shape:   one FunctionScope per parameter list being analysed; they form a chain outwards. A local has a slot of its own
//          for the whole function, so that a slot is set before each use on every path.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "common/edn/name.h"
#include "common/lang/closure.h"

namespace onyx::lang {

// The names that the arities of one function, or the functions of one letfn, capture, in the order of their captures.
using CaptureList = std::vector<const edn::Name*>;

// Where recur goes.
struct RecurTarget {
  std::vector<std::uint32_t> slots;
  bool is_used = false;
  bool is_outside_of_try = false;  // we are inside a try within it
};

class FunctionScope {
 public:
  struct Sibling {
    const edn::Name* name;
    Code* code;
  };
  struct Binding {
    enum class Kind : std::uint8_t { none, local, capture, self, sibling };
    Kind kind = Kind::none;
    std::uint32_t index = 0;  // slot, or place among the captures
    const Code* code = nullptr;
  };

  FunctionScope(FunctionScope* outer, Code* code, std::shared_ptr<CaptureList> captures)
      : outer_(outer), code_(code), captures_(std::move(captures)) {}

  void name_self(const edn::Name* name) { self_ = name; }
  void set_siblings(std::vector<Sibling> siblings) { siblings_ = std::move(siblings); }

  std::uint32_t add_local(const edn::Name* name) {
    locals_.push_back({name, slots_});
    return slots_++;
  }
  // Finds the name here or further out, which makes it a capture.
  Binding resolve(const edn::Name* name);
  bool knows(const edn::Name* name) const;
  void collect_names(std::vector<std::string>& names) const;

  std::uint32_t slots() const { return slots_; }
  Code* code() const { return code_; }
  FunctionScope* outer() const { return outer_; }
  const std::shared_ptr<CaptureList>& captures() const { return captures_; }

  // Locals are visible from their binding to the end of the form that made it.
  std::size_t mark_locals() const { return locals_.size(); }
  void forget_locals(std::size_t mark) { locals_.resize(mark); }

  // The slots referred to since `mark_references`, below `slot_limit`, each once.
  std::size_t mark_references() const { return references_.size(); }
  std::vector<std::uint32_t> references_since(std::size_t mark, std::uint32_t slot_limit) const;

  int height = 0;      // of the nodes from the function's body to the form being analysed
  int height_max = 0;  // the largest so far

 private:
  struct Local {
    const edn::Name* name;
    std::uint32_t slot;
  };

  FunctionScope* outer_;
  Code* code_;
  std::shared_ptr<CaptureList> captures_;
  const edn::Name* self_ = nullptr;
  std::vector<Sibling> siblings_;
  std::vector<Local> locals_;
  std::uint32_t slots_ = 0;
  std::vector<std::uint32_t> references_;
};

// Ends the visibility of what was bound since it was made.
class LocalsGuard {
 public:
  explicit LocalsGuard(FunctionScope& scope) : scope_(scope), mark_(scope.mark_locals()) {}
  ~LocalsGuard() { scope_.forget_locals(mark_); }
  LocalsGuard(const LocalsGuard&) = delete;
  LocalsGuard& operator=(const LocalsGuard&) = delete;

 private:
  FunctionScope& scope_;
  std::size_t mark_;
};

}  // namespace onyx::lang
