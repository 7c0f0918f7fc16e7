// Diffs, effects and reactions → EDN: what `log show` prints and cases expect.
//
// Shape:   an effect is a vector, [:start-task {:peer … :job …}]; a diff a map with the change under its name, the moves
//          and the jobs; a reaction is an entry without position.
#pragma once

#include "common/edn/value.h"
#include "daemon/coordination/diff.h"
#include "daemon/coordination/effect.h"

namespace onyx::coordination {

edn::Value to_edn(const Draft& draft);
edn::Value to_edn(const Effect& effect);
edn::Value to_edn(const Diff& diff);

}  // namespace onyx::coordination
