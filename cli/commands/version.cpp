#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/output/words.h"
#include "cli/version.h"

namespace onyx::cli {
namespace {

ExitCode show_version(Context& context) {
  Report report;
  report.kind = "Version";
  report.names = {kVersion};
  report.text = fmt::format("onyxctl {}\n", kVersion);
  edn::Value daemon;
  // A daemon is welcome, not needed.
  if (const auto client = context.connect()) {
    if (const auto view = (*client)->version()) {
      daemon = fields_of({
          {"version", text_value(view->version)},
          {"log_version", text_value(view->log_version)},
          {"tenancy", text_value(view->tenancy)},
          {"group", text_value(view->group.text())},
          {"host", text_value(view->host)},
          {"zookeeper", text_value(view->zookeeper)},
          {"dev", edn::Value::boolean(view->dev)},
          {"started", time_value(view->started_ms)},
          {"position", edn::Value::integer(view->position)},
      });
      report.text += fmt::format(
          "onyxd   {} on {}{} · log version {} · log entry {} · tenancy {}\n", view->version,
          view->host, view->dev ? " (dev)" : "", view->log_version, view->position, view->tenancy);
    }
  } else if (!context.options.addresses.empty() || !context.options.tenancy.empty()) {
    return context.complain(client.error());
  } else {
    report.text += "onyxd   none running here\n";
  }
  report.fields = fields_of({{"client", edn::Value::string(kVersion)}, {"daemon", daemon}});
  return context.emit(report);
}

}  // namespace

Command version_command(Context& context) {
  Command command;
  command.name = "version";
  command.summary = "Versions of onyxctl, the daemon and the log";
  command.examples = {"onyxctl version"};
  command.run = [&context] { return show_version(context); };
  return command;
}

}  // namespace onyx::cli
