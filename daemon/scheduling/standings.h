// Keeps what the scheduler knows of each live job (replica::Standing) true, entry by entry.
//
// Shape:   derived: a replica without standings gets them anew, and behaves the same.
#pragma once

#include "daemon/scheduling/problem.h"

namespace onyx::scheduling {

// After jobs were touched: new ones are added, ended ones go, the others have to be looked at again.
void note_touched(replica::Replica& replica, const Delta& delta);

// After a pass has been carried out: the jobs of the problem have what its plan says.
void note_settled(replica::Replica& replica, const Problem& problem);

}  // namespace onyx::scheduling
