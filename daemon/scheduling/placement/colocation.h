// Colocated jobs: whole chunks, one peer per task, each chunk on one machine.
//
// Shape:   chunks that stand are kept first, then machines in the order of their names. Peers chosen here are taken before
//          any other job of the round; a peer of a pinned or fenced task elsewhere is never taken.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "common/base/ids.h"
#include "daemon/scheduling/problem.h"

namespace onyx::scheduling {

struct Colocation {
  std::set<PeerId> taken;
  std::map<std::size_t, std::vector<PeerId>> peers;  // per task of the problem, by id
};

bool has_colocated(const Problem& problem);
Colocation colocate(const Problem& problem);

// The schedulable peers, machine by machine; a machine may have several daemons. By name, and by id within.
struct Machine {
  std::string_view name;
  std::vector<const replica::Peer*> peers;
};
using Machines = std::vector<Machine>;
Machines machines_of(const replica::Replica& replica);

// Chunks of the job that the machines can hold at most, as the peers' hosts and qualifications are.
std::int64_t chunks_possible(const Problem& problem, const Machines& machines, const JobView& job);

}  // namespace onyx::scheduling
