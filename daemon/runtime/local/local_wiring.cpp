#include "daemon/runtime/local/local_wiring.h"

#include <map>
#include <utility>

#include <fmt/format.h>

#include "common/base/check.h"
#include "daemon/messaging/in_process/channel.h"
#include "daemon/messaging/in_process/ring_publisher.h"
#include "daemon/messaging/in_process/ring_subscriber.h"

namespace onyx::runtime {
namespace {

using ChannelMatrix =
    std::vector<std::vector<std::shared_ptr<messaging::Channel>>>;  // [from slot][to slot]

ChannelMatrix channels(std::int64_t from, std::int64_t to, std::size_t batch_size) {
  ChannelMatrix matrix(static_cast<std::size_t>(from));
  for (auto& row : matrix) {
    for (std::int64_t i = 0; i < to; ++i) {
      row.push_back(std::make_shared<messaging::Channel>(
          batch_size, [] {}, [] {}));
    }
  }
  return matrix;
}

// The same peer ids in each run.
PeerId peer_id(std::size_t number) {
  return PeerId(fmt::format("00000000-0000-8000-8000-{:012x}", number));
}

}  // namespace

void WakeBell::ring() {
  const concurrency::MutexLock lock(mutex_);
  has_rung_ = true;
  rung_.notify_all();
}

bool WakeBell::wait(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  const concurrency::MutexLock lock(mutex_);
  while (!has_rung_) {
    if (!rung_.wait_until(mutex_, deadline)) break;
  }
  return std::exchange(has_rung_, false);
}

std::vector<LocalMachine> wire_locally(const model::Job& job, const model::Plan& plan,
                                       const CompiledTasks& tasks, const plugins::Registry& plugins,
                                       const LocalSettings& settings, ReplicaVersion version,
                                       WakeBell& bell,
                                       const std::function<void(std::string)>& log) {
  std::map<std::pair<TaskId, TaskId>, ChannelMatrix> edges;
  for (const model::PlannedTask& planned : plan.tasks) {
    for (const TaskId& below : planned.egress) {
      const model::PlannedTask* to = plan.task(below);
      ONYX_CHECK(to != nullptr, "the plan has an edge to {}, which it does not have", below.text());
      edges[{planned.name, below}] =
          channels(planned.peers_min, to->peers_min, tasks.at(below)->batch_size);
    }
  }
  std::vector<LocalMachine> machines;
  for (const model::PlannedTask& planned : plan.tasks) {
    for (std::int64_t slot = 0; slot < planned.peers_min; ++slot) {
      const auto at = static_cast<std::size_t>(slot);
      task::TaskEnvironment environment;
      environment.tenancy = "local";
      environment.job = JobId(job.id.empty() ? "00000000-0000-8000-8000-000000000000" : job.id);
      environment.peer = peer_id(machines.size());
      environment.slot = static_cast<SlotId>(slot);
      environment.slots = static_cast<SlotId>(planned.peers_min);
      environment.version = version;
      environment.peer_config = settings.peer_config;
      environment.file_roots = settings.file_roots;
      environment.plugins = &plugins;
      environment.wake = [&bell] { bell.ring(); };
      environment.report = [](const task::TaskStatus&) {};
      environment.log = [log, name = planned.name.text()](const std::string& line) {
        log(name + ": " + line);
      };
      if (!planned.ingress.empty()) {
        std::vector<std::shared_ptr<messaging::Channel>> upstream;
        for (const TaskId& above : planned.ingress) {
          for (const auto& row : edges.at({above, planned.name})) upstream.push_back(row[at]);
        }
        environment.subscriber =
            std::make_unique<messaging::RingSubscriber>(version, std::move(upstream));
      }
      for (const TaskId& below : planned.egress) {
        environment.publishers.push_back(
            std::make_unique<messaging::RingPublisher>(edges.at({planned.name, below})[at]));
      }
      machines.push_back(
          {planned.name, static_cast<SlotId>(slot), planned.ingress.empty(), false,
           std::make_unique<task::TaskMachine>(tasks.at(planned.name), std::move(environment))});
    }
  }
  return machines;
}

}  // namespace onyx::runtime
