#include "common/lang/nodes/control.h"

#include <fmt/format.h>

#include "common/lang/equality.h"
#include "common/lang/exception.h"
#include "common/lang/nodes/call.h"
#include "common/lang/sequence.h"

namespace onyx::lang {

Value ChoiceNode::eval(Frame& frame) const {
  for (const Choice& choice : choices_) {
    if (choice.test->test(frame)) return choice.result->eval(frame);
  }
  return otherwise_->eval(frame);
}

bool ChoiceNode::test(Frame& frame) const {
  for (const Choice& choice : choices_) {
    if (choice.test->test(frame)) return choice.result->test(frame);
  }
  return otherwise_->test(frame);
}

void ChoiceNode::mark(Liveness& live) {
  const Liveness after = live;
  otherwise_->mark(live);
  for (auto choice = choices_.rbegin(); choice != choices_.rend(); ++choice) {
    Liveness chosen = after;
    choice->result->mark(chosen);
    live.merge(chosen);
    choice->test->mark(live);
  }
}

// As long as one result takes it, no test can have.
bool ChoiceNode::takes_last(std::uint32_t slot) const {
  bool some = false;
  const auto leaves_or_takes = [&](const Node& result) {
    const bool takes = result.takes_last(slot);
    some = some || takes;
    return takes || result.constant() != nullptr;
  };
  for (const Choice& choice : choices_) {
    if (!leaves_or_takes(*choice.result)) return false;
  }
  return leaves_or_takes(*otherwise_) && some;
}

Value DecideNode::eval(Frame& frame) const {
  for (std::size_t i = 0; i + 1 < parts_.size(); ++i) {
    Value value = parts_[i]->eval(frame);
    if (value.is_truthy() == deciding_) return value;
  }
  return parts_.back()->eval(frame);
}

bool DecideNode::test(Frame& frame) const {
  for (const NodePtr& part : parts_) {
    if (part->test(frame) == deciding_) return deciding_;
  }
  return !deciding_;
}

void DecideNode::mark(Liveness& live) {
  for (auto part = parts_.rbegin(); part != parts_.rend(); ++part) (*part)->mark(live);
}

Value DoNode::eval(Frame& frame) const {
  for (std::size_t i = 0; i + 1 < parts_.size(); ++i) parts_[i]->eval(frame);
  return parts_.back()->eval(frame);
}

void DoNode::mark(Liveness& live) {
  for (auto part = parts_.rbegin(); part != parts_.rend(); ++part) (*part)->mark(live);
}

Value LetNode::eval(Frame& frame) const {
  for (const Binding& binding : bindings_) {
    frame.slots[binding.slot] = binding.init->eval(frame);
  }
  return body_->eval(frame);
}

void LetNode::mark(Liveness& live) {
  body_->mark(live);
  for (auto binding = bindings_.rbegin(); binding != bindings_.rend(); ++binding) {
    binding->init->mark(live);
  }
}

Value LoopNode::eval(Frame& frame) const {
  for (;;) {
    Value value = body_->eval(frame);
    if (!frame.is_recurring) return value;
    frame.is_recurring = false;
    frame.call.step();
  }
}

void LoopNode::mark(Liveness& live) {
  for (const std::uint32_t slot : outer_) live.use(slot);
  body_->mark(live);
}

Value RecurNode::eval(Frame& frame) const {
  if (slots_.size() == 1) {
    frame.slots[slots_[0]] = values_[0].eval(frame);
  } else {
    Slots values(frame.call, slots_.size());
    values_.eval(frame, values.data());
    for (std::size_t i = 0; i < slots_.size(); ++i) frame.slots[slots_[i]] = std::move(values[i]);
  }
  frame.is_recurring = true;
  return {};
}

CaseNode::CaseNode(NodePtr subject, Table table, std::vector<NodePtr> results, NodePtr otherwise,
                   PositionPtr position)
    : subject_(std::move(subject)),
      table_(std::move(table)),
      results_(std::move(results)),
      otherwise_(std::move(otherwise)),
      position_(std::move(position)) {
  constexpr std::size_t kFew = 8;
  if (table_.size() <= kFew) few_.assign(table_.begin(), table_.end());
}

const Node* CaseNode::choose(Frame& frame) const {
  Value scratch;
  const Value* subject = &subject_.read(frame, scratch);
  Value key;
  if (!is_plain(*subject)) {
    key = as_key(frame.call, *subject);
    subject = &key;
  }
  if (!few_.empty()) {
    for (const auto& [value, index] : few_) {
      if (value == *subject) return results_[index].get();
    }
  } else if (const auto found = table_.find(*subject); found != table_.end()) {
    return results_[found->second].get();
  }
  if (otherwise_ != nullptr) return otherwise_.get();
  with_note(frame, position_, [&]() -> Value {
    raise(ErrorClass::illegal_argument, fmt::format("No matching clause: {}", describe(*subject)));
  });
  return nullptr;
}

Value CaseNode::eval(Frame& frame) const { return choose(frame)->eval(frame); }

void CaseNode::mark(Liveness& live) {
  const Liveness after = live;
  if (otherwise_ != nullptr) otherwise_->mark(live);
  for (const NodePtr& result : results_) {
    Liveness chosen = after;
    result->mark(chosen);
    live.merge(chosen);
  }
  subject_.mark(live);
}

}  // namespace onyx::lang
