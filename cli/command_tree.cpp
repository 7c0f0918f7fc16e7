#include "cli/command_tree.h"

#include <utility>

#include "cli/commands/commands.h"

namespace onyx::cli {
namespace {

Command in_group(std::string group, Command command) {
  command.group = std::move(group);
  return command;
}

Command noun(std::string name, std::string summary, std::vector<Command> verbs) {
  Command command;
  command.name = std::move(name);
  command.summary = std::move(summary);
  command.group = "Things";
  command.children = std::move(verbs);
  return command;
}

}  // namespace

Command command_tree(Context& context) {
  Command root;
  root.name = "onyxctl";
  root.summary = "Talks to a cluster of onyxd: submits jobs, watches them, explains them.";
  root.examples = {"onyxctl validate job.edn", "onyxctl submit job.edn --wait",
                   "onyxctl job why clicks", "onyxctl log tail -f"};
  const std::string everyday = "Everyday";
  root.children.push_back(in_group(everyday, submit_command(context)));
  root.children.push_back(in_group(everyday, await_command(context)));
  root.children.push_back(in_group(everyday, kill_command(context)));
  root.children.push_back(in_group(everyday, validate_command(context)));
  root.children.push_back(in_group(everyday, test_command(context)));
  root.children.push_back(
      noun("job", "Jobs: submit, watch, explain, end",
           {submit_command(context), job_ls_command(context), job_status_command(context),
            job_why_command(context), job_output_command(context), await_command(context),
            kill_command(context)}));
  root.children.push_back(
      noun("cluster", "The cluster as a whole",
           {cluster_status_command(context), cluster_simulate_command(context)}));
  root.children.push_back(noun("group", "Peer groups: the daemons of the cluster",
                               {group_ls_command(context), group_show_command(context),
                                group_drain_command(context), group_undrain_command(context)}));
  root.children.push_back(
      noun("peer", "Virtual peers",
           {peer_ls_command(context), peer_add_command(context), peer_rm_command(context)}));
  root.children.push_back(
      noun("log", "The coordination log",
           {log_tail_command(context), log_show_command(context), gc_command(context)}));
  root.children.push_back(noun("replica",
                               "The replica: the cluster as a value, now or after any entry",
                               {replica_show_command(context), replica_diff_command(context)}));
  root.children.push_back(in_group("Things", gc_command(context)));
  root.children.push_back(in_group("Reference", doc_command(context)));
  root.children.push_back(in_group("Reference", explain_command(context)));
  root.children.push_back(in_group("Reference", completion_command(context)));
  root.children.push_back(in_group("Reference", version_command(context)));
  return root;
}

}  // namespace onyx::cli
