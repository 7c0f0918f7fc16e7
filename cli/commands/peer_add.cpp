#include <fmt/format.h>

#include <cstdint>
#include <memory>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/output/words.h"

namespace onyx::cli {
namespace {

constexpr std::int64_t kPeersAddedMax = 1'000;

ExitCode add(Context& context, std::int64_t count) {
  if (count < 1 || count > kPeersAddedMax) {
    context.complain(Error(
        ErrorCode::invalid_argument,
        fmt::format("found {} peers to add, wanted 1 to {}", count, kPeersAddedMax), "CLI-03"));
    return ExitCode::usage;
  }
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  const auto view = (*client)->add_peers(static_cast<std::int32_t>(count));
  if (!view) return context.complain(view.error());
  Report report;
  report.kind = "PeersAdded";
  std::vector<edn::Value> ids;
  for (const PeerId& id : view->ids) {
    ids.push_back(edn::Value::string(id.text()));
    report.names.push_back(id.text());
  }
  report.fields = fields_of({{"ids", edn::Value::vector(std::move(ids))},
                             {"peers_total", edn::Value::integer(view->peers_total)}});
  report.text =
      fmt::format("{} added · the group has {} now\n", count_of(count, "peer"), view->peers_total);
  return context.emit(report);
}

}  // namespace

Command peer_add_command(Context& context) {
  auto count = std::make_shared<std::int64_t>(1);
  Command command;
  command.name = "add";
  command.summary = "Start virtual peers on the daemon";
  command.examples = {"onyxctl peer add 2"};
  command.arguments = {{"N", "", "How many; 1", count.get()}};
  command.run = [&context, count] { return add(context, *count); };
  return command;
}

}  // namespace onyx::cli
