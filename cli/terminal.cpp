#include "cli/terminal.h"

#include <utility>

namespace onyx::cli {

Interrupts::Scope::Scope(Interrupts& interrupts, std::function<void()> deed)
    : interrupts_(interrupts) {
  const std::lock_guard lock(interrupts_.mutex_);
  interrupts_.deed_ = std::move(deed);
}

Interrupts::Scope::~Scope() {
  const std::lock_guard lock(interrupts_.mutex_);
  interrupts_.deed_ = nullptr;
}

bool Interrupts::raise() {
  // Under the lock, so that a Scope does not end while its deed is done.
  const std::lock_guard lock(mutex_);
  was_raised_ = true;
  if (!deed_) return false;
  deed_();
  return true;
}

bool Interrupts::was_raised() const {
  const std::lock_guard lock(mutex_);
  return was_raised_;
}

std::optional<std::string> Terminal::variable(const std::string& name) const {
  std::optional<std::string> value = environment ? environment(name) : std::nullopt;
  return value && value->empty() ? std::nullopt : value;
}

}  // namespace onyx::cli
