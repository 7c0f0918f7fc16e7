// What becomes of a group's tasks and coordinators after any entry, derived from the diff alone.
//
// Shape:   stops before starts; a peer that keeps its task in a changed allocation recovers. Adds to the effects.
#pragma once

#include <vector>

#include "daemon/coordination/diff.h"
#include "daemon/coordination/effect.h"
#include "daemon/coordination/self.h"
#include "daemon/replica/replica.h"

namespace onyx::coordination {

void switch_tasks(const replica::Replica& now, const Diff& diff, const Self& self,
                  std::vector<Effect>& effects);

}  // namespace onyx::coordination
