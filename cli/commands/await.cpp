#include <memory>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/watch.h"

namespace onyx::cli {

Command await_command(Context& context) {
  auto jobs = std::make_shared<std::vector<std::string>>();
  Command command;
  command.name = "await";
  command.summary = "Wait until jobs have ended";
  command.examples = {"onyxctl await clicks", "onyxctl await 6f1c --timeout 10m"};
  command.arguments = {{"JOB", "", "Id, prefix or name", jobs.get(), true}};
  command.run = [&context, jobs] {
    const auto client = context.connect();
    return client ? watch_jobs(context, **client, *jobs) : context.complain(client.error());
  };
  return command;
}

}  // namespace onyx::cli
