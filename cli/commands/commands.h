// One function per command; each is in the file named as the command is spoken.
#pragma once

#include "cli/command.h"

namespace onyx::cli {

class Context;

Command submit_command(Context& context);
Command await_command(Context& context);
Command kill_command(Context& context);
Command gc_command(Context& context);
Command validate_command(Context& context);
Command test_command(Context& context);
Command doc_command(Context& context);
Command explain_command(Context& context);
Command completion_command(Context& context);
Command version_command(Context& context);
Command job_ls_command(Context& context);
Command job_status_command(Context& context);
Command job_why_command(Context& context);
Command job_output_command(Context& context);
Command cluster_status_command(Context& context);
Command cluster_simulate_command(Context& context);
Command group_ls_command(Context& context);
Command group_show_command(Context& context);
Command group_drain_command(Context& context);
Command group_undrain_command(Context& context);
Command peer_ls_command(Context& context);
Command peer_add_command(Context& context);
Command peer_rm_command(Context& context);
Command log_tail_command(Context& context);
Command log_show_command(Context& context);
Command replica_show_command(Context& context);
Command replica_diff_command(Context& context);

}  // namespace onyx::cli
