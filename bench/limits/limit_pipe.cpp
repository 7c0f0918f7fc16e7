// The limit of W1 and W2: the same work by hand on a dynamic row batch.
//
//   limit_pipe inc|expr BATCH THREADS [seconds=1] [runs=5]
//
//   inc      source → 4 × (update segment :n inc) → sink; a 100-byte string in each segment
//   expr     source of five-key events → (= :view (:type s)) → (assoc s :total (* 3 (:amount s))) → sink, both expressions by
//            a small stack machine, once a row
//   THREADS  1: all stages in one loop; 0: one thread a stage, 512 batches in flight
//
// Prints one line: what goes into the first stage each second, the median and the best of the runs, and CPU a segment.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bench/limits/events.h"
#include "bench/limits/measure.h"
#include "bench/limits/ring.h"
#include "bench/limits/row_batch.h"

namespace onyx::bench {
namespace {

using Stage = std::function<void(Batch&)>;
using Source = std::function<void(Batch&, std::size_t rows)>;

constexpr std::size_t kBatchesInFlight = 512;
constexpr std::size_t kEvents = 1 << 16;  // made beforehand, taken in turn
constexpr std::size_t kCellsOfEvent = 5;  // ts user type amount url; :total is added behind them
constexpr std::uint32_t kFirstType = 100;
constexpr std::string_view kPayload =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOP"
    "QRSTUV";

Source counting_source() {
  return [next = std::int64_t{0}](Batch& batch, std::size_t rows) mutable {
    for (std::size_t i = 0; i < rows; ++i) {
      Cell* row = batch.row(i);
      row[0] = Cell::integer(next++);
      row[1] = batch.add_long_string(kPayload);
    }
    batch.rows = static_cast<std::uint32_t>(rows);
    batch.shape = 1;
  };
}

std::string_view user_text(std::uint32_t user, std::array<char, 7>& text) {
  text[0] = 'u';
  for (std::size_t i = 6; i > 0; --i, user /= 10) text[i] = static_cast<char>('0' + user % 10);
  return {text.data(), text.size()};
}

Source event_source() {
  std::vector<Event> events(kEvents);
  EventSource source(1000, 10'000, 0);
  for (Event& event : events) event = source.next();
  const std::uint64_t span_ms = events.back().ts_ms - events.front().ts_ms + 1;
  return [events = std::move(events), span_ms, next = std::uint64_t{0}](Batch& batch,
                                                                        std::size_t rows) mutable {
    std::array<char, 7> text{};
    for (std::size_t i = 0; i < rows; ++i, ++next) {
      const Event& event = events[next % kEvents];
      Cell* row = batch.row(i);
      row[0] = Cell::integer(static_cast<std::int64_t>(event.ts_ms + next / kEvents * span_ms));
      row[1] = Cell::short_string(user_text(event.user, text));
      row[2] = Cell::keyword(kFirstType + event.type);
      row[3] = Cell::integer(event.amount);
      row[4] = batch.add_long_string(kPayload.substr(0, 30));
    }
    batch.rows = static_cast<std::uint32_t>(rows);
    batch.shape = 2;
  };
}

void increment(Batch& batch) {
  for (std::size_t i = 0; i < batch.rows; ++i) {
    Cell& n = batch.row(i)[0];
    if (n.is_integer()) ++n.word;
  }
}

// --- the stack machine of `expr`

enum class Op : std::uint8_t { load, constant, equal, multiply, give };

struct Instruction {
  Op op;
  std::uint32_t key = 0;
  Cell value{};
  std::uint32_t cached_shape = 0;  // the shape for which `cached_index` says where `key` is
  std::uint32_t cached_index = 0;
};

using Expression = std::vector<Instruction>;

Cell evaluate(Expression& expression, std::uint32_t shape, const Cell* row) {
  Cell stack[8];
  int top = 0;
  for (Instruction& step : expression) {
    switch (step.op) {
      case Op::load:
        if (step.cached_shape != shape) {
          step.cached_index = step.key;  // the keys of this program are numbered by their place
          step.cached_shape = shape;
        }
        stack[top++] = row[step.cached_index];
        break;
      case Op::constant:
        stack[top++] = step.value;
        break;
      case Op::equal:
        --top;
        stack[top - 1] = Cell::integer(stack[top - 1].head == stack[top].head &&
                                       stack[top - 1].word == stack[top].word);
        break;
      case Op::multiply: {
        --top;
        std::int64_t product = 0;
        if (!stack[top - 1].is_integer() || !stack[top].is_integer() ||
            __builtin_mul_overflow(stack[top - 1].as_integer(), stack[top].as_integer(),
                                   &product)) {
          std::abort();
        }
        stack[top - 1] = Cell::integer(product);
        break;
      }
      case Op::give:
        return stack[top - 1];
    }
  }
  return Cell::integer(0);
}

Stage keep_views() {
  Expression is_view{
      {Op::load, 2}, {Op::constant, 0, Cell::keyword(kFirstType)}, {Op::equal}, {Op::give}};
  return [is_view](Batch& batch) mutable {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < batch.rows; ++i) {
      const Cell* row = batch.row(i);
      if (evaluate(is_view, batch.shape, row).word == 0) continue;
      if (kept != i) std::memcpy(batch.row(kept), row, kCellsOfEvent * sizeof(Cell));
      ++kept;
    }
    batch.rows = static_cast<std::uint32_t>(kept);
  };
}

Stage add_total() {
  Expression total{{Op::load, 3}, {Op::constant, 0, Cell::integer(3)}, {Op::multiply}, {Op::give}};
  return [total](Batch& batch) mutable {
    for (std::size_t i = 0; i < batch.rows; ++i) {
      Cell* row = batch.row(i);
      row[kCellsOfEvent] = evaluate(total, batch.shape, row);
    }
    batch.shape = 3;
  };
}

// --- running the stages

std::uint64_t sum_of_first_cells(Batch& batch) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < batch.rows; ++i) sum += batch.row(i)[0].word;
  return sum;
}

struct Pipeline {
  Source source;
  std::vector<Stage> stages;
};

Pipeline make_pipeline(bool is_inc) {
  if (is_inc) return {counting_source(), std::vector<Stage>(4, increment)};
  return {event_source(), {keep_views(), add_total()}};
}

std::uint64_t run_in_one_thread(Pipeline& pipe, std::size_t batch_size, std::uint64_t end_ns) {
  std::uint64_t made = 0;
  std::uint64_t sum = 0;
  Batch batch;
  while (now_ns() < end_ns) {
    for (int i = 0; i < 16; ++i) {
      batch.reset(batch_size);
      pipe.source(batch, batch_size);
      for (const Stage& stage : pipe.stages) stage(batch);
      sum += sum_of_first_cells(batch);
      made += batch_size;
    }
  }
  keep(sum);
  return made;
}

// Ring i feeds stage i; the one behind the stages feeds the sink, and the last one brings empty batches back to the source.
std::uint64_t run_in_a_thread_each(Pipeline& pipe, std::size_t batch_size, std::uint64_t end_ns) {
  const std::size_t stages = pipe.stages.size();
  std::vector<std::unique_ptr<Ring>> rings;
  for (std::size_t i = 0; i < stages + 2; ++i) rings.push_back(std::make_unique<Ring>());
  Ring& empty = *rings[stages + 1];
  std::vector<Batch> pool(kBatchesInFlight);
  for (Batch& batch : pool) empty.push(&batch);

  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < stages; ++i) {
    threads.emplace_back([&, i] {
      for (bool is_last = false; !is_last;) {
        Batch* batch = rings[i]->pop();
        is_last = batch->is_last;
        if (!is_last) pipe.stages[i](*batch);
        rings[i + 1]->push(batch);
      }
    });
  }
  threads.emplace_back([&] {
    std::uint64_t sum = 0;
    for (;;) {
      Batch* batch = rings[stages]->pop();
      if (batch->is_last) break;
      sum += sum_of_first_cells(*batch);
      empty.push(batch);
    }
    keep(sum);
  });

  std::uint64_t made = 0;
  while (now_ns() < end_ns) {
    Batch* batch = empty.pop();
    batch->reset(batch_size);
    pipe.source(*batch, batch_size);
    rings[0]->push(batch);
    made += batch_size;
  }
  Batch* last = empty.pop();
  last->is_last = true;
  rings[0]->push(last);
  for (std::thread& thread : threads) thread.join();
  return made;
}

}  // namespace
}  // namespace onyx::bench

int main(int argc, char** argv) {
  using namespace onyx::bench;
  const std::string mode = argc > 1 ? argv[1] : "";
  if (argc < 4 || (mode != "inc" && mode != "expr")) {
    std::fprintf(stderr, "usage: limit_pipe inc|expr BATCH THREADS(1 or 0) [seconds=1] [runs=5]\n");
    return 2;
  }
  const std::size_t batch_size = std::strtoul(argv[2], nullptr, 10);
  const bool is_one_thread = std::string(argv[3]) == "1";
  const double seconds = argc > 4 ? std::atof(argv[4]) : 1;
  const int runs = argc > 5 ? std::atoi(argv[5]) : 5;

  std::vector<double> rates;
  std::vector<double> cpu_ns;
  for (int i = 0; i < runs; ++i) {
    Pipeline pipe = make_pipeline(mode == "inc");
    const double cpu_before = cpu_seconds();
    const std::uint64_t start_ns = now_ns();
    const std::uint64_t end_ns = start_ns + static_cast<std::uint64_t>(seconds * 1e9);
    const std::uint64_t made = is_one_thread ? run_in_one_thread(pipe, batch_size, end_ns)
                                             : run_in_a_thread_each(pipe, batch_size, end_ns);
    rates.push_back(static_cast<double>(made) / seconds_since(start_ns) * 1e-6);
    cpu_ns.push_back((cpu_seconds() - cpu_before) * 1e9 / static_cast<double>(made));
  }
  std::printf("%-4s batch %4zu  %s  median %7.2f M seg/s (best %7.2f)  cpu %.1f ns/seg\n",
              mode.c_str(), batch_size, is_one_thread ? "1 thread        " : "thread per stage",
              median(rates), *std::max_element(rates.begin(), rates.end()), median(cpu_ns));
  return 0;
}
