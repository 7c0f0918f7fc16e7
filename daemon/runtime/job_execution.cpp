#include "daemon/runtime/job_execution.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <set>

#include "common/base/check.h"
#include "daemon/messaging/in_process/channel.h"
#include "daemon/messaging/in_process/direct_edge.h"
#include "daemon/messaging/in_process/ring_publisher.h"
#include "daemon/messaging/in_process/ring_subscriber.h"

namespace onyx::runtime {

namespace {

// What one task's peers are connected with, while the graph is built.
struct TaskWiring {
  const model::PlannedTask* plan = nullptr;
  std::vector<Seat> seats;                           // by slot
  bool is_fused = false;                             // to its only upstream task
  std::vector<std::shared_ptr<TaskStrand>> strands;  // by slot; null: the peer is elsewhere
};
using Wiring = std::map<TaskId, TaskWiring>;

Wiring wire(const model::Plan& plan, const std::vector<Seat>& seats) {
  Wiring tasks;
  for (const auto& planned : plan.tasks) tasks[planned.name].plan = &planned;
  for (const Seat& seat : seats) tasks[seat.task].seats.push_back(seat);
  for (auto& [name, wiring] : tasks) {
    if (wiring.plan->ingress.size() != 1 || wiring.seats.size() != 1) continue;
    const TaskWiring& above = tasks[wiring.plan->ingress.front()];
    wiring.is_fused =
        above.seats.size() == 1 && above.seats.front().site == wiring.seats.front().site;
  }
  return tasks;
}

std::set<std::string_view> machines_of(const TaskWiring& task) {
  std::set<std::string_view> machines;
  for (const Seat& seat : task.seats) machines.insert(seat.machine);
  return machines;
}

// Whoever sends must have somebody to send to on its machine, and the other way round: so it is with whole chunks.
bool stays_on_machine(const CompiledJob& job, const TaskWiring& from, const TaskWiring& to) {
  return job.job.task_scheduler == model::TaskScheduler::colocated &&
         !job.job.task(to.plan->name)->is_grouped() && machines_of(from) == machines_of(to);
}

// Between the tasks: a queue where fused, else a ring from every peer to every peer.
using Edge = std::pair<TaskId, TaskId>;
struct Edges {
  std::map<Edge, std::shared_ptr<messaging::DirectQueue>> queues;
  std::map<Edge, std::vector<std::vector<std::shared_ptr<messaging::Channel>>>>
      rings;  // [from][to]; null where neither is here, and where nothing is sent
};

messaging::Wake wake_of(const std::shared_ptr<TaskStrand>& strand) {
  // The strands outlive the channels: both belong to one execution.
  return [raw = strand.get()] {
    if (raw != nullptr) raw->wake();
  };
}

Edges connect(const CompiledJob& job, Wiring& tasks, JobLinks& links) {
  Edges edges;
  for (const auto& planned : job.plan.tasks) {
    for (const TaskId& below : planned.egress) {
      const TaskWiring& from = tasks[planned.name];
      const TaskWiring& to = tasks[below];
      const auto batch_size = static_cast<std::size_t>(job.job.task(below)->batch_size);
      if (to.is_fused) {
        auto queue = std::make_shared<messaging::DirectQueue>();
        queue->receiver_batch_size = batch_size;
        edges.queues[{planned.name, below}] = std::move(queue);
        continue;
      }
      auto& matrix = edges.rings[{planned.name, below}];
      const bool is_local = stays_on_machine(job, from, to);
      matrix.resize(from.seats.size());
      for (std::size_t i = 0; i < from.seats.size(); ++i) {
        for (std::size_t k = 0; k < to.seats.size(); ++k) {
          if (is_local && from.seats[i].machine != to.seats[k].machine) {
            matrix[i].push_back(nullptr);
            continue;
          }
          matrix[i].push_back(links.channel(from.seats[i], to.seats[k], batch_size,
                                            wake_of(from.strands[i]), wake_of(to.strands[k])));
        }
      }
    }
  }
  return edges;
}

}  // namespace

JobExecution::JobExecution(std::shared_ptr<const CompiledJob> job, JobId id, ReplicaVersion version,
                           JobPlacement placement, const ExecutionSettings& settings,
                           const plugins::Registry& plugins, Workers& workers,
                           messaging::Transport* transport, ExecutionCallbacks callbacks)
    : job_(std::move(job)),
      id_(std::move(id)),
      version_(version),
      placement_(std::move(placement)),
      workers_(workers),
      callbacks_(std::move(callbacks)) {
  build(settings, plugins, transport);
}

JobExecution::~JobExecution() {
  ONYX_CHECK(to_stop_.load() == 0, "job {} version {} is destroyed while it runs", id_.text(),
             version_);
}

void JobExecution::fail(const TaskId& task, const PeerId& peer, const task::Failure& what) {
  if (stopping_.load() || has_failed_.exchange(true)) return;
  callbacks_.failed({id_, version_, task, peer, what});
}

void JobExecution::build(const ExecutionSettings& settings, const plugins::Registry& plugins,
                         messaging::Transport* transport) {
  const model::Plan& plan = job_->plan;
  Wiring tasks = wire(plan, placement_.seats);

  edn::Value peer_config = settings.peer_config;
  for (const edn::Entry entry : job_->peer_config.entries()) {
    peer_config = std::move(peer_config).assoc(entry.key, entry.value);
  }

  // Strands first: channels wake them.
  for (const auto& planned : plan.tasks) {
    TaskWiring& wiring = tasks[planned.name];
    for (const Seat& seat : wiring.seats) {
      if (!seat.is_here()) {
        wiring.strands.push_back(nullptr);
      } else if (wiring.is_fused) {
        wiring.strands.push_back(tasks[planned.ingress.front()].strands.front());
      } else {
        strands_.push_back(std::make_shared<TaskStrand>(
            [this](const TaskMember& member, const task::Failure& what) {
              fail(member.task, member.peer, what);
            },
            [this] { one_stopped(); }, settings.fence));
        wiring.strands.push_back(strands_.back());
      }
    }
  }
  // Members, inputs first, as the coordinator numbers them.
  for (const bool of_inputs : {true, false}) {
    for (const auto& planned : plan.tasks) {
      if (planned.ingress.empty() != of_inputs) continue;
      for (const Seat& seat : tasks[planned.name].seats) {
        const std::size_t number = numbers_.size();
        numbers_[{seat.task, seat.slot}] = number;
        if (of_inputs) ++inputs_;
      }
    }
  }
  link(transport);
  if (links_->coordinates()) build_coordinator(settings);
  const Edges edges = connect(*job_, tasks, *links_);

  for (const auto& planned : plan.tasks) {
    TaskWiring& wiring = tasks[planned.name];
    for (std::size_t i = 0; i < wiring.seats.size(); ++i) {
      const Seat& seat = wiring.seats[i];
      if (!seat.is_here()) continue;
      auto strand = wiring.strands[i];
      task::TaskEnvironment environment;
      environment.tenancy = settings.tenancy;
      environment.job = id_;
      environment.peer = seat.peer;
      environment.slot = seat.slot;
      environment.slots = static_cast<SlotId>(wiring.seats.size());
      environment.version = version_;
      environment.peer_config = peer_config;
      environment.file_roots = settings.file_roots;
      if (settings.fence != nullptr)
        environment.may_act = [fence = settings.fence] { return fence->is_open(); };
      environment.plugins = &plugins;
      environment.yield = &Workers::yield();
      environment.wake = [raw = strand.get()] { raw->wake(); };
      environment.report = [this, seat](const task::TaskStatus& status) { report(seat, status); };
      environment.log = [this, name = planned.name.text()](std::string line) {
        callbacks_.log(name, std::move(line));
      };
      if (wiring.is_fused) {
        environment.subscriber = std::make_unique<messaging::DirectSubscriber>(
            edges.queues.at({planned.ingress.front(), planned.name}));
      } else if (!planned.ingress.empty()) {
        std::vector<std::shared_ptr<messaging::Channel>> upstream;
        for (const TaskId& above : planned.ingress) {
          for (const auto& row : edges.rings.at({above, planned.name})) {
            if (row[i] != nullptr) upstream.push_back(row[i]);
          }
        }
        environment.subscriber =
            std::make_unique<messaging::RingSubscriber>(version_, std::move(upstream));
      }
      for (const TaskId& below : planned.egress) {
        if (auto queue = edges.queues.find({planned.name, below}); queue != edges.queues.end()) {
          environment.publishers.push_back(
              std::make_unique<messaging::DirectPublisher>(queue->second));
        } else {
          auto row = edges.rings.at({planned.name, below})[i];
          std::erase(row, nullptr);
          environment.publishers.push_back(
              std::make_unique<messaging::RingPublisher>(std::move(row)));
        }
      }
      TaskMember member;
      member.task = planned.name;
      member.peer = seat.peer;
      member.slot = seat.slot;
      member.is_input = planned.ingress.empty();
      member.machine =
          std::make_unique<task::TaskMachine>(job_->tasks.at(planned.name), std::move(environment));
      strand->add_member(std::move(member));
    }
  }
}

void JobExecution::link(messaging::Transport* transport) {
  std::set<TaskId> inputs;
  for (const auto& planned : job_->plan.tasks) {
    if (planned.ingress.empty()) inputs.insert(planned.name);
  }
  JobLinks::Hooks hooks;
  hooks.status = [this](const messaging::PeerStatus& status) {
    const auto number = numbers_.find({status.task, status.slot});
    if (number == numbers_.end() || coordinator_ == nullptr) return;
    task::TaskStatus reported;
    reported.epoch = status.epoch;
    reported.drained = status.drained;
    reported.sealed = status.sealed;
    reported.published = status.published;
    coordinator_->report(number->second, reported);
  };
  hooks.inject = [this](const barrier::Barrier& barrier) {
    for (auto& strand : strands_) strand->post_barrier(barrier);
  };
  hooks.publish = [this](Epoch epoch) {
    for (auto& strand : strands_) strand->post_publish(epoch);
  };
  hooks.lost = [this](const GroupId& group, const Error& why) {
    task::Failure what;
    what.action = task::FailureAction::restart;
    what.phase = "lifecycle/messaging";
    what.message = "peer group " + group.text() + " cannot be reached";
    what.data = edn::Value::map();
    what.text = what.message + ": " + why.text();
    fail({}, {}, what);
  };
  hooks.unsendable = [this](const TaskId& task, SlotId slot, const Error& why) {
    task::Failure what;
    what.phase = "lifecycle/write-batch";
    what.message = why.message();
    what.data = edn::Value::map();
    what.text = why.text();
    const auto seat =
        std::find_if(placement_.seats.begin(), placement_.seats.end(),
                     [&](const Seat& one) { return one.task == task && one.slot == slot; });
    fail(task, seat == placement_.seats.end() ? PeerId() : seat->peer, what);
  };
  links_ = std::make_unique<JobLinks>(transport, messaging::JobKey{id_, version_},
                                      placement_.coordinator, placement_.seats, inputs,
                                      std::move(hooks));
}

void JobExecution::build_coordinator(const ExecutionSettings& settings) {
  barrier::CoordinatorSettings coordinator_settings;
  coordinator_settings.period = job_->job.barrier_period_ms.has_value()
                                    ? std::chrono::milliseconds(*job_->job.barrier_period_ms)
                                    : settings.barrier_period;
  coordinator_ = std::make_shared<CoordinatorStrand>(
      version_, numbers_.size(), inputs_, coordinator_settings,
      CoordinatorStrand::Hooks{[this](const barrier::Barrier& barrier) {
                                 for (auto& strand : strands_) strand->post_barrier(barrier);
                                 links_->inject(barrier);
                               },
                               [this](Epoch epoch) {
                                 spdlog::info(
                                     "job is sealed, its outputs publish job={} version={} "
                                     "epoch={}",
                                     id_.text(), version_, epoch);
                                 for (auto& strand : strands_) strand->post_publish(epoch);
                                 links_->publish(epoch);
                               },
                               [this](Epoch epoch) { callbacks_.completed(epoch); },
                               [this] { one_stopped(); }},
      settings.fence);
}

void JobExecution::report(const Seat& seat, const task::TaskStatus& status) {
  if (coordinator_ != nullptr) {
    coordinator_->report(numbers_.at({seat.task, seat.slot}), status);
    return;
  }
  messaging::PeerStatus told;
  told.task = seat.task;
  told.slot = seat.slot;
  told.epoch = status.epoch;
  told.drained = status.drained;
  told.sealed = status.sealed;
  told.published = status.published;
  links_->report(told);
}

void JobExecution::start() {
  std::vector<std::shared_ptr<Strand>> all(strands_.begin(), strands_.end());
  if (coordinator_ != nullptr) all.push_back(coordinator_);
  to_stop_.store(all.size());
  workers_.add(all);
  links_->begin();
}

void JobExecution::stop(const std::string& scheduler_event) {
  if (stopping_.exchange(true)) return;
  for (auto& strand : strands_) strand->post_stop(scheduler_event);
  if (coordinator_ != nullptr) coordinator_->post_stop();
}

void JobExecution::one_stopped() {
  // A copy: whoever is told may destroy this object before the call returns.
  const auto stopped = callbacks_.stopped;
  if (to_stop_.fetch_sub(1) == 1) stopped();
}

std::vector<TaskProgress> JobExecution::tasks() const {
  std::map<TaskId, TaskProgress> sums;
  for (const auto& strand : strands_) {
    for (const TaskMember& member : strand->members()) {
      TaskProgress& sum = sums[member.task];
      const task::TaskCounters& counters = member.machine->counters();
      const plugins::Progress plugin = member.machine->progress();
      ++sum.peers;
      if (const auto phase = member.machine->starting_in(); !phase.empty()) {
        ++sum.starting;
        sum.starting_in = phase;
      }
      sum.segments_in += counters.segments_in.load(std::memory_order_relaxed);
      sum.segments_out += counters.segments_out.load(std::memory_order_relaxed);
      sum.dropped += counters.dropped_no_match.load(std::memory_order_relaxed) +
                     counters.dropped_none.load(std::memory_order_relaxed) +
                     counters.dropped_exceptions.load(std::memory_order_relaxed);
      sum.busy_ns += strand->busy_ns();
      sum.plugin.records += plugin.records;
      sum.plugin.bytes += plugin.bytes;
      sum.plugin.bytes_total += plugin.bytes_total;
      sum.plugin.bad_records += plugin.bad_records;
    }
  }
  std::vector<TaskProgress> out;
  for (const auto& planned : job_->plan.tasks) {
    TaskProgress& sum = sums[planned.name];
    sum.task = planned.name;
    out.push_back(std::move(sum));
  }
  return out;
}

}  // namespace onyx::runtime
