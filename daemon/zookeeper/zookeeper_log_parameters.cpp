#include "daemon/zookeeper/zookeeper_log_parameters.h"

namespace onyx::zookeeper {

Result<std::string> ZookeeperLogParameters::create_or_read(std::string_view text) {
  const std::string path = paths_.log_parameters();
  const Reply created = session_.repeat([&] { return session_.handle().create(path, text); });
  if (created.ok()) return std::string(text);
  if (created.code != Code::node_exists) return failure_of(created, "writing the log parameters");
  Reply reply = session_.repeat([&] { return session_.handle().get(path); });
  if (!reply.ok()) return failure_of(reply, "reading the log parameters");
  return std::move(reply.text);
}

Result<std::optional<std::string>> ZookeeperLogParameters::read() {
  Reply reply = session_.repeat([&] { return session_.handle().get(paths_.log_parameters()); });
  if (reply.code == Code::no_node) return std::nullopt;
  if (!reply.ok()) return failure_of(reply, "reading the log parameters");
  return std::move(reply.text);
}

}  // namespace onyx::zookeeper
