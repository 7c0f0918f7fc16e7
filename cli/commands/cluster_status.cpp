#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/output/cluster_report.h"
#include "cli/output/words.h"

namespace onyx::cli {
namespace {

using edn::Value;

std::string log_words(const api::ClusterView& view) {
  std::string text = fmt::format("entry {} applied", view.daemon.position);
  if (view.newest < 0) {
    text += " · the newest is not known: ZooKeeper does not answer";
  } else if (view.newest > view.daemon.position) {
    text += fmt::format(" · the newest is {}", view.newest);
  }
  return text + fmt::format(" · begins at {}", view.origin);
}

std::string text_of(const Context& context, const api::ClusterView& view) {
  const bool is_terminal = context.terminal.is_out_terminal;
  const bool is_wide = context.options.format == Format::wide;
  const Paint paint = context.out_paint();
  std::string text = paint.bold("tenancy " + view.daemon.tenancy) + "   " + view.job_scheduler +
                     " job scheduler   log version " + view.daemon.log_version + "\n";
  text += fmt::format(
      "  peers      {}   {} busy · {} idle{}\n", view.peers, view.busy, view.peers - view.busy,
      view.not_joined == 0 ? ""
                           : fmt::format(" · {} of groups that have not joined", view.not_joined));
  text += fmt::format("  jobs       {} running · {} waiting · {} completed · {} killed\n",
                      view.jobs_running, view.jobs_waiting, view.jobs_completed, view.jobs_killed);
  text += "  log        " + log_words(view) + "\n";
  text += fmt::format("  asked      onyxd {} on {}, group {}{}\n", view.daemon.version,
                      view.daemon.host,
                      is_terminal ? short_id(view.daemon.group.text()) : view.daemon.group.text(),
                      view.daemon.dev ? " (dev)" : "");
  text += "  zookeeper  " + view.daemon.zookeeper + "\n\n";
  const Table table = group_table(view.groups, is_terminal);
  return text + (is_terminal ? table.aligned(is_wide, paint) : table.tab_separated(is_wide));
}

ExitCode show_cluster(Context& context) {
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  const auto view = (*client)->cluster();
  if (!view) return context.complain(view.error());
  Report report;
  report.kind = "Cluster";
  std::vector<Value> groups;
  for (const api::GroupView& group : view->groups) {
    groups.push_back(value_of(group));
    report.names.push_back(group.id.text());
  }
  const auto number = [](std::int64_t n) { return Value::integer(n); };
  report.fields = fields_of({
      {"tenancy", text_value(view->daemon.tenancy)},
      {"job_scheduler", text_value(view->job_scheduler)},
      {"log_version", text_value(view->daemon.log_version)},
      {"zookeeper", text_value(view->daemon.zookeeper)},
      {"daemon", fields_of({{"version", text_value(view->daemon.version)},
                            {"host", text_value(view->daemon.host)},
                            {"group", text_value(view->daemon.group.text())},
                            {"dev", Value::boolean(view->daemon.dev)},
                            {"started", time_value(view->daemon.started_ms)}})},
      {"peers", fields_of({{"total", number(view->peers)},
                           {"busy", number(view->busy)},
                           {"idle", number(view->peers - view->busy)},
                           {"not_joined", number(view->not_joined)}})},
      {"jobs", fields_of({{"running", number(view->jobs_running)},
                          {"waiting", number(view->jobs_waiting)},
                          {"completed", number(view->jobs_completed)},
                          {"killed", number(view->jobs_killed)}})},
      {"log", fields_of({{"origin", number(view->origin)},
                         {"position", number(view->daemon.position)},
                         {"newest", view->newest < 0 ? Value() : number(view->newest)}})},
      {"groups", Value::vector(std::move(groups))},
  });
  report.text = text_of(context, *view);
  return context.emit(report);
}

}  // namespace

Command cluster_status_command(Context& context) {
  Command command;
  command.name = "status";
  command.summary = "The cluster at a glance: groups, peers, jobs, log, versions";
  command.examples = {"onyxctl cluster status", "onyxctl cluster status -o json"};
  command.run = [&context] { return show_cluster(context); };
  return command;
}

}  // namespace onyx::cli
