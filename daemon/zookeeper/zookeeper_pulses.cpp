#include "daemon/zookeeper/zookeeper_pulses.h"

#include <fmt/format.h>

#include "daemon/cluster/refusals.h"
#include "daemon/concurrency/revocable_callback.h"

namespace onyx::zookeeper {
namespace {

class ZookeeperPulseWatch final : public cluster::PulseWatch {
 public:
  ZookeeperPulseWatch(Watchers& watchers, WatchId id) : watchers_(watchers), id_(id) {}
  ~ZookeeperPulseWatch() override { watchers_.drop(id_); }

 private:
  Watchers& watchers_;
  const WatchId id_;
};

}  // namespace

Result<void> ZookeeperPulses::announce(const GroupId& group) {
  const std::string path = paths_.pulse(group);
  const Reply reply =
      session_.repeat([&] { return session_.handle().create(path, {}, CreateMode::ephemeral); });
  if (reply.ok()) return {};
  if (reply.code != Code::node_exists) return failure_of(reply, "announcing the group's pulse");
  const Reply there = session_.repeat([&] { return session_.handle().exists(path); });
  if (!there.ok()) return failure_of(there, "announcing the group's pulse");
  if (there.stat.ephemeral_owner != session_.handle().session_id()) {
    return cluster::pulse_taken(group);
  }
  return {};
}

Result<bool> ZookeeperPulses::exists(const GroupId& group) {
  const std::string path = paths_.pulse(group);
  const Reply reply = session_.repeat([&] {
    session_.handle().sync(path);
    return session_.handle().exists(path);
  });
  if (reply.ok()) return true;
  if (reply.code == Code::no_node) return false;
  return failure_of(reply, fmt::format("looking for the pulse of group {}", group.text()));
}

Result<std::vector<GroupId>> ZookeeperPulses::groups() {
  const Reply reply = session_.repeat([&] { return session_.handle().children(paths_.pulses()); });
  if (!reply.ok()) return failure_of(reply, "listing the pulses");
  std::vector<GroupId> groups;
  for (const std::string& name : reply.names) groups.emplace_back(unescape_part(name));
  return groups;
}

Result<std::unique_ptr<cluster::PulseWatch>> ZookeeperPulses::watch(const GroupId& group,
                                                                    std::function<void()> on_gone) {
  // A pulse is never written again: whatever happens to one that is there is its end.
  auto gone = std::make_shared<concurrency::RevocableCallback<>>(std::move(on_gone));
  Watchers& watchers = session_.handle().watchers();
  const WatchId id = watchers.add([gone](WatchEvent event) {
    if (event == WatchEvent::changed) gone->run_once();
  });
  auto watch = std::make_unique<ZookeeperPulseWatch>(watchers, id);
  const std::string path = paths_.pulse(group);
  const Reply reply = session_.repeat([&] { return session_.handle().exists(path, id); });
  if (!reply.ok() && reply.code != Code::no_node) {
    return failure_of(reply, fmt::format("watching the pulse of group {}", group.text()));
  }
  if (reply.code == Code::no_node) gone->run_once();
  return watch;
}

}  // namespace onyx::zookeeper
