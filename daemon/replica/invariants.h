// What holds for every replica after every entry, each claim with a name for its failure message.
//
// Shape:   violations() looks at everything and is meant for tests, simulation and `replica check`: its cost is that of
//          the whole replica. Nothing in an entry may make it return anything.
// Source:  Onyx log/replica_invariants.clj, and I3–I11 of the robustness rules.
#pragma once

#include <string>
#include <vector>

#include "daemon/replica/replica.h"

namespace onyx::replica {

struct Violation {
  std::string rule;       // "I3": its number in the robustness rules
  std::string invariant;  // "ring: pairs are one cycle over the joined groups"
  std::string found;      // ids and values
};

std::vector<Violation> violations(const Replica& replica);

// What must hold between two replicas, the second after the first: versions grow, what has ended stays ended.
std::vector<Violation> violations_between(const Replica& before, const Replica& after);

// One line each, for a failure message.
std::string to_text(const std::vector<Violation>& violations);

}  // namespace onyx::replica
