// What a task costs a segment: whole machines in one thread, connected by direct edges, as a fused chain runs.
//
//   W1  generator → 4 × (update segment :n inc) → null, a 104-byte payload
//   W2  generator → flow condition (= :view (:type s)) → (assoc s :total (* 3 (:amount s))) → null
//
// Prints a line per job and batch size: million segments a second of CPU time, ns a segment, and
// what one more function, or the flow condition, adds to a segment, from the difference to the same
// chain without it.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "daemon/messaging/in_process/direct_edge.h"
#include "daemon/plugins/built_in.h"
#include "tests/support/local_job.h"

namespace onyx {
namespace {

constexpr const char* kPayload =
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
    "456789abcd";

std::string entry(std::string_view name, std::string_view rest, std::size_t batch_size) {
  return fmt::format("{{:onyx/name :{} :onyx/batch-size {} {}}}", name, batch_size, rest);
}

// A chain in → f0 … → out; `generator` are keys of the input, `functions` one form each.
edn::Value chain(std::string_view generator, const std::vector<std::string>& functions,
                 std::string_view flow_conditions, std::size_t batch_size, std::int64_t segments) {
  std::string workflow;
  std::string catalog =
      entry("in",
            fmt::format(":onyx/type :input :onyx/plugin :onyx.plugin.generator/input :onyx/medium "
                        ":generator :generator/segments {} {}",
                        segments, generator),
            batch_size);
  std::string last = "in";
  for (std::size_t i = 0; i < functions.size(); ++i) {
    const std::string name = fmt::format("f{}", i);
    workflow += fmt::format("[:{} :{}]", last, name);
    catalog += entry(name, ":onyx/type :function :onyx/fn " + functions[i], batch_size);
    last = name;
  }
  workflow += fmt::format("[:{} :out]", last);
  catalog +=
      entry("out", ":onyx/type :output :onyx/plugin :onyx.plugin.null/output :onyx/medium :null",
            batch_size);
  return edn::read(fmt::format("{{:workflow [{}] :catalog [{}] :functions [] {} :task-scheduler "
                               ":onyx.task-scheduler/balanced}}",
                               workflow, catalog, flow_conditions))
      .value();
}

double cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e9 * static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec);
}

// Nanoseconds of CPU a generated segment of one run.
double run(const edn::Value& job_value, std::int64_t segments) {
  const model::Job job = model::read_job(job_value).value();
  const model::Plan plan = model::plan(job);
  const auto program = support::compile_program(job);
  plugins::Registry registry;
  plugins::add_built_in(registry, std::make_shared<plugins::OutputStore>());
  std::vector<std::unique_ptr<task::TaskMachine>> machines;
  std::shared_ptr<messaging::DirectQueue> above;
  std::vector<task::TaskStatus> statuses(plan.tasks.size());
  for (std::size_t i = 0; i < plan.tasks.size(); ++i) {
    task::TaskEnvironment environment;
    environment.tenancy = "bench";
    environment.version = 1;
    environment.plugins = &registry;
    environment.wake = [] {};
    environment.log = [](const std::string&) {};
    environment.report = [&statuses, i](const task::TaskStatus& status) { statuses[i] = status; };
    if (above != nullptr)
      environment.subscriber = std::make_unique<messaging::DirectSubscriber>(above);
    if (!plan.tasks[i].egress.empty()) {
      above = std::make_shared<messaging::DirectQueue>();
      above->receiver_batch_size =
          static_cast<std::size_t>(job.task(plan.tasks[i].egress[0])->batch_size);
      environment.publishers.push_back(std::make_unique<messaging::DirectPublisher>(above));
    }
    machines.push_back(std::make_unique<task::TaskMachine>(
        task::compile_task(job, plan, plan.tasks[i].name, program).value(),
        std::move(environment)));
  }
  barrier::Barrier barrier;
  barrier.version = 1;
  machines[0]->inject(barrier);
  const double start = cpu_ns();
  bool is_sealing = false;
  while (!statuses.back().sealed) {
    for (auto& machine : machines) {
      if (machine->step({}) == task::Stepped::failed) {
        std::fprintf(stderr, "%s\n", machine->failure()->text.c_str());
        std::exit(1);
      }
    }
    if (statuses[0].drained && !is_sealing) {
      barrier.epoch = 1;
      barrier.sealing = true;
      machines[0]->inject(barrier);
      is_sealing = true;
    }
  }
  return (cpu_ns() - start) / static_cast<double>(segments);
}

double best_of(int runs, const edn::Value& job, std::int64_t segments) {
  double best = run(job, segments);
  for (int i = 1; i < runs; ++i) best = std::min(best, run(job, segments));
  return best;
}

}  // namespace
}  // namespace onyx

int main(int argc, char** argv) {
  using namespace onyx;
  const std::int64_t segments = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  const std::string inc = "(fn [segment] (update segment :n inc))";
  const std::string w1 =
      fmt::format(":generator/segment {{:n 0 :payload \"{}\"}} :generator/counter :n", kPayload);
  const std::string w2 =
      ":generator/segment {:user 17 :type :view :amount 3 :page \"page-17\" :agent \"Mozilla/5.0 "
      "(X11; Linux) ab\"} "
      ":generator/counter :user";
  const std::string view =
      ":flow-conditions [{:flow/from :in :flow/to [:f0] :flow/predicate "
      "(fn [event old s all] (= :view (:type s)))}]";
  const std::string total = "(fn [s] (assoc s :total (* 3 (:amount s))))";
  for (const std::size_t batch_size : {20u, 100u, 1000u}) {
    const double none = best_of(
        3,
        chain(w1, std::vector<std::string>(4, ":clojure.core/identity"), "", batch_size, segments),
        segments);
    const double four =
        best_of(3, chain(w1, std::vector<std::string>(4, inc), "", batch_size, segments), segments);
    const double unrouted = best_of(3, chain(w2, {total}, "", batch_size, segments), segments);
    const double routed = best_of(3, chain(w2, {total}, view, batch_size, segments), segments);
    std::printf(
        "W1 batch %4zu  %6.2f M seg/s  %6.1f ns/seg  increment %5.1f ns  (4 identities %5.1f "
        "ns/seg)\n",
        batch_size, 1e3 / four, four, (four - none) / 4, none);
    std::printf("W2 batch %4zu  %6.2f M seg/s  %6.1f ns/seg  condition %5.1f ns\n", batch_size,
                1e3 / routed, routed, routed - unrouted);
  }
  return 0;
}
