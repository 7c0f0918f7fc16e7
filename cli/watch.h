// Waits for jobs to end, with progress, and says how it went; what `await` and `submit --wait` share.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/context.h"

namespace onyx::cli {

enum class Until : std::uint8_t { ended, running };  // a job that has ended runs no more

// Done, job_ended_badly, not_found, timed_out or interrupted; the worst of several. Ctrl-C detaches.
ExitCode watch_jobs(Context& context, Client& client, const std::vector<std::string>& jobs,
                    Until until = Until::ended);

}  // namespace onyx::cli
