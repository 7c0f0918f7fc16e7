// A drained group may have peers again; it brings back as many as it had.
#include <fmt/format.h>

#include "daemon/coordination/commands/commands.h"

namespace onyx::coordination {

Change apply(const UndrainGroup& command, Applying& a) {
  const replica::Group* known = a.replica.groups.find(command.group);
  if (known == nullptr) {
    return Rejected{Refusal::unknown, fmt::format("no group {}", command.group.text())};
  }
  if (!known->drained) {
    return Rejected{Refusal::known, fmt::format("group {} is not drained", command.group.text())};
  }
  const GroupUndrained undrained{command.group, known->drained->peers};
  a.replica.groups.edit(command.group)->drained.reset();
  return undrained;
}

void respond(const UndrainGroup& command, const Responding& r) {
  const auto* undrained = std::get_if<GroupUndrained>(&r.diff.change);
  if (undrained != nullptr && command.group == r.self.group) {
    r.perform(BringPeersBack{undrained->peers});
  }
}

}  // namespace onyx::coordination
