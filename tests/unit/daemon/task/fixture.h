// One task machine between hand-held ends: a scripted subscriber, a publisher that can be full, plugins that wait.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "common/edn/reader.h"
#include "common/lang/program.h"
#include "common/model/job_reader.h"
#include "common/model/planning.h"
#include "daemon/messaging/messenger.h"
#include "daemon/plugins/registry.h"
#include "daemon/task/task_compile.h"
#include "daemon/task/task_machine.h"

namespace onyx::task {

inline edn::Value value(std::string_view text) { return edn::read(text).value(); }

inline std::vector<edn::Value> values(std::string_view text) {
  std::vector<edn::Value> all;
  const edn::Value list = value(text);
  for (const edn::Value& item : list.items()) all.push_back(item);
  return all;
}

inline barrier::Barrier barrier(Epoch epoch, bool sealing = false) {
  barrier::Barrier made;
  made.version = 1;
  made.epoch = epoch;
  made.sealing = sealing;
  return made;
}

// What upstream has sent and the task not yet taken.
struct Upstream {
  std::deque<std::variant<edn::Value, barrier::Barrier>> queue;

  void send(std::string_view segments) {
    for (const edn::Value& segment : values(segments)) queue.emplace_back(segment);
  }
  void send(const barrier::Barrier& one) { queue.emplace_back(one); }
};

class FakeSubscriber final : public messaging::Subscriber {
 public:
  explicit FakeSubscriber(Upstream& upstream) : upstream_(upstream) {}
  messaging::Heard poll(std::size_t limit, std::vector<edn::Value>& out,
                        barrier::Barrier& barrier_out) override {
    if (upstream_.queue.empty()) return messaging::Heard::nothing;
    if (const auto* one = std::get_if<barrier::Barrier>(&upstream_.queue.front())) {
      barrier_out = *one;
      upstream_.queue.pop_front();
      return messaging::Heard::barrier;
    }
    while (limit-- > 0 && !upstream_.queue.empty()) {
      const auto* segment = std::get_if<edn::Value>(&upstream_.queue.front());
      if (segment == nullptr) break;
      out.push_back(*segment);
      upstream_.queue.pop_front();
    }
    return messaging::Heard::segments;
  }

 private:
  Upstream& upstream_;
};

// What the task has sent, in order; `room` false refuses.
struct Downstream {
  std::vector<edn::Value> queued;
  std::vector<edn::Value> segments;
  std::vector<std::string> order;  // "{:n 1}" is "segment", a barrier "barrier 3"
  std::vector<SlotId> chosen;
  SlotId slots = 1;
  bool room = true;
};

class FakePublisher final : public messaging::Publisher {
 public:
  explicit FakePublisher(Downstream& downstream) : downstream_(downstream) {}
  SlotId slots() const override { return downstream_.slots; }
  void put(edn::Value segment) override { downstream_.queued.push_back(std::move(segment)); }
  void put_all(std::vector<edn::Value>& segments) override {
    for (edn::Value& segment : segments) put(std::move(segment));
    segments.clear();
  }
  void put(edn::Value segment, SlotId index) override {
    downstream_.chosen.push_back(index);
    put(std::move(segment));
  }
  bool flush() override {
    if (!downstream_.room) return false;
    for (edn::Value& segment : downstream_.queued) {
      downstream_.segments.push_back(std::move(segment));
      downstream_.order.push_back("segment");
    }
    downstream_.queued.clear();
    return true;
  }
  bool offer(const barrier::Barrier& one) override {
    if (!flush()) return false;
    downstream_.order.push_back("barrier " + std::to_string(one.epoch) +
                                (one.sealing ? " sealing" : ""));
    return true;
  }

 private:
  Downstream& downstream_;
};

// An input and an output whose every answer is set from outside.
struct Source {
  std::deque<edn::Value> segments;
  bool has_ended = false;
  bool is_synced = true;
  bool is_published = true;
  int barren_polls = 0;  // that still answer `ready` without a segment
  std::vector<std::string> calls;
};

class FakeInput final : public plugins::Input {
 public:
  explicit FakeInput(Source& source) : source_(source) {}
  Result<void> start() override { return note("start"); }
  Result<void> recover(ReplicaVersion, const edn::Value&) override { return note("recover"); }
  Result<plugins::Polled> poll(std::vector<edn::Value>& out, std::size_t limit) override {
    if (source_.barren_polls > 0) {
      --source_.barren_polls;
      return plugins::Polled::ready;
    }
    std::size_t given = 0;
    for (; given < limit && !source_.segments.empty(); ++given) {
      out.push_back(source_.segments.front());
      source_.segments.pop_front();
    }
    if (source_.segments.empty() && source_.has_ended) return plugins::Polled::done;
    return given > 0 ? plugins::Polled::ready : plugins::Polled::none_now;
  }
  Result<bool> synced(Epoch epoch) override {
    source_.calls.push_back("synced " + std::to_string(epoch));
    return source_.is_synced;
  }
  Result<bool> checkpointed(Epoch epoch) override {
    source_.calls.push_back("checkpointed " + std::to_string(epoch));
    return source_.is_published;
  }
  void stop() override { (void)note("stop"); }

 private:
  Result<void> note(std::string call) {
    source_.calls.push_back(std::move(call));
    return {};
  }
  Source& source_;
};

struct Sink {
  std::vector<edn::Value> segments;
  std::size_t room = SIZE_MAX;  // segments that write() still takes
  bool is_synced = true;
  bool is_published = true;
  std::vector<std::string> calls;
};

class FakeOutput final : public plugins::Output {
 public:
  explicit FakeOutput(Sink& sink) : sink_(sink) {}
  Result<void> start() override {
    sink_.calls.push_back("start");
    return {};
  }
  Result<void> recover(ReplicaVersion, const edn::Value&) override {
    sink_.calls.push_back("recover");
    return {};
  }
  Result<plugins::Wrote> write(std::vector<edn::Value>& batch) override {
    while (!batch.empty() && sink_.room > 0) {
      sink_.segments.push_back(batch.front());
      batch.erase(batch.begin());
      --sink_.room;
    }
    return batch.empty() ? plugins::Wrote::all : plugins::Wrote::later;
  }
  Result<bool> synced(Epoch epoch) override {
    sink_.calls.push_back("synced " + std::to_string(epoch));
    return sink_.is_synced;
  }
  Result<bool> checkpointed(Epoch epoch) override {
    sink_.calls.push_back("checkpointed " + std::to_string(epoch));
    return sink_.is_published;
  }
  void stop() override { sink_.calls.push_back("stop"); }

 private:
  Sink& sink_;
};

// One task of in → f → out.
class Bench {
 public:
  // `functions` are forms; `entry_in`, `entry_f` keys of the entries of :in and :f; `rest` keys of the job.
  Bench(std::string_view task, std::string functions, std::string entry_f = ":onyx/fn :my/f",
        std::string rest = "", std::string entry_in = "", std::size_t read_limit = SIZE_MAX) {
    const std::string text =
        "{:workflow [[:in :f] [:f :out]] :catalog ["
        "{:onyx/name :in :onyx/type :input :onyx/plugin :test/input :onyx/medium :test "
        ":onyx/batch-size 3 " +
        entry_in +
        "}"
        "{:onyx/name :f :onyx/type :function :onyx/batch-size 2 " +
        entry_f +
        "}"
        "{:onyx/name :out :onyx/type :output :onyx/plugin :test/output :onyx/medium :test "
        ":onyx/batch-size 4}]"
        ":functions [(ns my) " +
        functions + "] " + rest + " :task-scheduler :onyx.task-scheduler/balanced}";
    const model::Job job = model::read_job(value(text)).value();
    lang::Source sources;
    lang::SourceFile file;
    for (const edn::Value& form : job.functions) file.forms.emplace_back().form = form;
    sources.files.push_back(std::move(file));
    const lang::Compiled compiled = lang::compile(sources);
    task_ =
        compile_task(job, model::plan(job), TaskId(std::string(task)), compiled.program).value();

    plugins::PluginKind input;
    input.name = "test/input";
    input.make_input =
        [this](plugins::PluginContext context) -> Result<std::unique_ptr<plugins::Input>> {
      plugin_event = context.event;
      return std::make_unique<FakeInput>(source);
    };
    registry_.add(input);
    plugins::PluginKind output;
    output.name = "test/output";
    output.make_output =
        [this](plugins::PluginContext) -> Result<std::unique_ptr<plugins::Output>> {
      return std::make_unique<FakeOutput>(sink);
    };
    registry_.add(output);

    TaskEnvironment environment;
    environment.tenancy = "t";
    environment.job = JobId("00000000-0000-8000-8000-000000000001");
    environment.peer = PeerId("00000000-0000-8000-8000-000000000002");
    environment.version = 1;
    environment.plugins = &registry_;
    environment.read_limit = read_limit;
    environment.wake = [] {};
    environment.report = [this](const TaskStatus& status) { reports.push_back(status); };
    environment.log = [this](std::string line) { lines.push_back(std::move(line)); };
    if (task != "in") environment.subscriber = std::make_unique<FakeSubscriber>(upstream);
    if (task != "out")
      environment.publishers.push_back(std::make_unique<FakePublisher>(downstream));
    machine.emplace(task_, std::move(environment));
  }

  Stepped step() { return machine->step(now); }
  // Until it has nothing to do.
  Stepped settle() {
    Stepped last = step();
    for (int i = 0; i < 100 && last == Stepped::worked; ++i) last = step();
    return last;
  }

  Upstream upstream;
  Downstream downstream;
  Source source;
  Sink sink;
  std::vector<TaskStatus> reports;
  std::vector<std::string> lines;
  edn::Value plugin_event;
  Instant now{};
  std::optional<TaskMachine> machine;

 private:
  std::shared_ptr<const CompiledTask> task_;
  plugins::Registry registry_;
};

}  // namespace onyx::task
