#include "common/lang/scope.h"

#include <algorithm>

namespace onyx::lang {

FunctionScope::Binding FunctionScope::resolve(const edn::Name* name) {
  for (auto local = locals_.rbegin(); local != locals_.rend(); ++local) {
    if (local->name == name) {
      references_.push_back(local->slot);
      return {Binding::Kind::local, local->slot, nullptr};
    }
  }
  if (self_ == name && name != nullptr) return {Binding::Kind::self, 0, nullptr};
  for (const Sibling& sibling : siblings_) {
    if (sibling.name == name) return {Binding::Kind::sibling, 0, sibling.code};
  }
  const auto known = std::find(captures_->begin(), captures_->end(), name);
  if (known != captures_->end()) {
    return {Binding::Kind::capture, static_cast<std::uint32_t>(known - captures_->begin()),
            nullptr};
  }
  if (outer_ == nullptr || !outer_->knows(name)) return {};
  captures_->push_back(name);
  return {Binding::Kind::capture, static_cast<std::uint32_t>(captures_->size() - 1), nullptr};
}

bool FunctionScope::knows(const edn::Name* name) const {
  for (const FunctionScope* scope = this; scope != nullptr; scope = scope->outer_) {
    if (scope->self_ == name) return true;
    for (const Local& local : scope->locals_) {
      if (local.name == name) return true;
    }
    for (const Sibling& sibling : scope->siblings_) {
      if (sibling.name == name) return true;
    }
  }
  return false;
}

void FunctionScope::collect_names(std::vector<std::string>& names) const {
  for (const FunctionScope* scope = this; scope != nullptr; scope = scope->outer_) {
    for (const Local& local : scope->locals_) {
      if (local.name != nullptr) names.push_back(local.name->text);  // a pattern has none
    }
  }
}

std::vector<std::uint32_t> FunctionScope::references_since(std::size_t mark,
                                                           std::uint32_t slot_limit) const {
  std::vector<std::uint32_t> slots;
  for (std::size_t i = mark; i < references_.size(); ++i) {
    if (references_[i] < slot_limit) slots.push_back(references_[i]);
  }
  std::sort(slots.begin(), slots.end());
  slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
  return slots;
}

}  // namespace onyx::lang
