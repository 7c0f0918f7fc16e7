#include "daemon/runtime/job_execution.h"

#include <algorithm>
#include <map>

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
  std::vector<Seat> seats;       // by slot
  bool is_fused = false;         // to its only upstream task
  std::size_t first_strand = 0;  // of slot 0; the others follow, unless fused
};

// Of some hundred bytes each: together smaller than a first-level cache. See docs/performance.md, W1.
constexpr std::size_t kSegmentsOfChain = 256;

std::map<TaskId, TaskWiring> wire(const model::Plan& plan, const std::vector<Seat>& seats) {
  std::map<TaskId, TaskWiring> tasks;
  for (const auto& planned : plan.tasks) tasks[planned.name].plan = &planned;
  for (const Seat& seat : seats) tasks[seat.task].seats.push_back(seat);
  for (auto& [name, wiring] : tasks) {
    if (wiring.plan->ingress.size() != 1 || wiring.seats.size() != 1) continue;
    wiring.is_fused = tasks[wiring.plan->ingress.front()].seats.size() == 1;
  }
  return tasks;
}

}  // namespace

JobExecution::JobExecution(std::shared_ptr<const CompiledJob> job, JobId id, ReplicaVersion version,
                           std::vector<Seat> seats, const ExecutionSettings& settings,
                           const plugins::Registry& plugins, Workers& workers,
                           ExecutionCallbacks callbacks)
    : job_(std::move(job)),
      id_(std::move(id)),
      version_(version),
      seats_(std::move(seats)),
      workers_(workers),
      callbacks_(std::move(callbacks)) {
  build(settings, plugins);
}

JobExecution::~JobExecution() {
  ONYX_CHECK(to_stop_.load() == 0, "job {} version {} is destroyed while it runs", id_.text(),
             version_);
}

void JobExecution::build(const ExecutionSettings& settings, const plugins::Registry& plugins) {
  const model::Plan& plan = job_->plan;
  auto tasks = wire(plan, seats_);

  edn::Value peer_config = settings.peer_config;
  for (const edn::Entry entry : job_->peer_config.entries()) {
    peer_config = std::move(peer_config).assoc(entry.key, entry.value);
  }

  // Strands first: channels wake them.
  for (const auto& planned : plan.tasks) {
    TaskWiring& wiring = tasks[planned.name];
    if (wiring.is_fused) {
      wiring.first_strand = tasks[planned.ingress.front()].first_strand;
      continue;
    }
    wiring.first_strand = strands_.size();
    for (std::size_t i = 0; i < wiring.seats.size(); ++i) {
      strands_.push_back(std::make_shared<TaskStrand>(
          [this](const TaskMember& member, const task::Failure& what) {
            if (stopping_.load() || has_failed_.exchange(true)) return;
            callbacks_.failed({id_, version_, member.task, member.peer, what});
          },
          [this] { one_stopped(); }));
    }
  }
  const auto strand_of = [&](const TaskWiring& wiring, std::size_t slot) {
    return strands_[wiring.first_strand + (wiring.is_fused ? 0 : slot)];
  };

  // Edges: a queue where fused, else a ring from every peer to every peer.
  using Edge = std::pair<TaskId, TaskId>;
  std::map<Edge, std::shared_ptr<messaging::DirectQueue>> queues;
  std::map<Edge, std::vector<std::vector<std::shared_ptr<messaging::Channel>>>>
      rings;  // [from][to]
  for (const auto& planned : plan.tasks) {
    for (const TaskId& below : planned.egress) {
      const TaskWiring& from = tasks[planned.name];
      const TaskWiring& to = tasks[below];
      const auto batch_size = static_cast<std::size_t>(job_->job.task(below)->batch_size);
      if (to.is_fused) {
        auto queue = std::make_shared<messaging::DirectQueue>();
        queue->receiver_batch_size = batch_size;
        queues[{planned.name, below}] = std::move(queue);
        continue;
      }
      auto& matrix = rings[{planned.name, below}];
      matrix.resize(from.seats.size());
      for (std::size_t i = 0; i < from.seats.size(); ++i) {
        for (std::size_t k = 0; k < to.seats.size(); ++k) {
          // The strands outlive the channels: both belong to this execution.
          Strand* producer = strand_of(from, i).get();
          Strand* consumer = strand_of(to, k).get();
          matrix[i].push_back(std::make_shared<messaging::Channel>(
              batch_size, [producer] { producer->wake(); }, [consumer] { consumer->wake(); }));
        }
      }
    }
  }

  // Members, inputs first, as the coordinator numbers them.
  std::size_t members = 0;
  std::size_t inputs = 0;
  std::map<std::pair<TaskId, std::size_t>, std::size_t> number;
  for (const bool of_inputs : {true, false}) {
    for (const auto& planned : plan.tasks) {
      if (planned.ingress.empty() != of_inputs) continue;
      for (std::size_t i = 0; i < tasks[planned.name].seats.size(); ++i) {
        number[{planned.name, i}] = members++;
        if (of_inputs) ++inputs;
      }
    }
  }
  barrier::CoordinatorSettings coordinator_settings;
  coordinator_settings.period = job_->job.barrier_period_ms.has_value()
                                    ? std::chrono::milliseconds(*job_->job.barrier_period_ms)
                                    : settings.barrier_period;
  coordinator_ = std::make_shared<CoordinatorStrand>(
      version_, members, inputs, coordinator_settings,
      CoordinatorStrand::Hooks{[this](const barrier::Barrier& barrier) {
                                 for (auto& strand : strands_) strand->post_barrier(barrier);
                               },
                               [this](Epoch epoch) {
                                 for (auto& strand : strands_) strand->post_publish(epoch);
                               },
                               [this](Epoch epoch) { callbacks_.completed(epoch); },
                               [this] { one_stopped(); }});

  for (const auto& planned : plan.tasks) {
    TaskWiring& wiring = tasks[planned.name];
    for (std::size_t i = 0; i < wiring.seats.size(); ++i) {
      auto strand = strand_of(wiring, i);
      task::TaskEnvironment environment;
      environment.tenancy = settings.tenancy;
      environment.job = id_;
      environment.peer = wiring.seats[i].peer;
      environment.slot = wiring.seats[i].slot;
      environment.slots = static_cast<SlotId>(wiring.seats.size());
      environment.version = version_;
      environment.peer_config = peer_config;
      environment.file_roots = settings.file_roots;
      environment.plugins = &plugins;
      environment.yield = &Workers::yield();
      environment.wake = [raw = strand.get()] { raw->wake(); };
      environment.report = [coordinator = coordinator_.get(), at = number[{planned.name, i}]](
                               const task::TaskStatus& status) { coordinator->report(at, status); };
      environment.log = [this, name = planned.name.text()](std::string line) {
        callbacks_.log(name, std::move(line));
      };
      if (wiring.is_fused) {
        environment.subscriber = std::make_unique<messaging::DirectSubscriber>(
            queues[{planned.ingress.front(), planned.name}]);
      } else if (!planned.ingress.empty()) {
        std::vector<std::shared_ptr<messaging::Channel>> upstream;
        for (const TaskId& above : planned.ingress) {
          for (auto& row : rings[{above, planned.name}]) upstream.push_back(row[i]);
        }
        environment.subscriber =
            std::make_unique<messaging::RingSubscriber>(version_, std::move(upstream));
      }
      for (const TaskId& below : planned.egress) {
        if (auto queue = queues.find({planned.name, below}); queue != queues.end()) {
          environment.read_limit = kSegmentsOfChain;
          environment.publishers.push_back(
              std::make_unique<messaging::DirectPublisher>(queue->second));
        } else {
          environment.publishers.push_back(
              std::make_unique<messaging::RingPublisher>(rings[{planned.name, below}][i]));
        }
      }
      TaskMember member;
      member.task = planned.name;
      member.peer = wiring.seats[i].peer;
      member.slot = wiring.seats[i].slot;
      member.is_input = planned.ingress.empty();
      member.machine =
          std::make_unique<task::TaskMachine>(job_->tasks.at(planned.name), std::move(environment));
      strand->add_member(std::move(member));
    }
  }
}

void JobExecution::start() {
  to_stop_.store(strands_.size() + 1);
  std::vector<std::shared_ptr<Strand>> all(strands_.begin(), strands_.end());
  all.push_back(coordinator_);
  workers_.add(all);
}

void JobExecution::stop(const std::string& scheduler_event) {
  if (stopping_.exchange(true)) return;
  for (auto& strand : strands_) strand->post_stop(scheduler_event);
  coordinator_->post_stop();
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
