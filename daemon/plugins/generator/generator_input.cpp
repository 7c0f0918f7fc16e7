#include "daemon/plugins/generator/generator_input.h"

#include <atomic>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "common/edn/printer.h"
#include "common/edn/shape.h"

namespace onyx::plugins {
namespace {

constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();

class GeneratorInput final : public Input {
 public:
  explicit GeneratorInput(PluginContext context) : context_(std::move(context)) {}

  Result<void> start() override {
    ONYX_TRY(read_count());
    counter_ = context_.catalog_entry.get("generator/counter");
    edn::Value cycle = context_.catalog_entry.get("generator/cycle");
    if (cycle.is_nil()) {
      edn::Value segment = context_.catalog_entry.get("generator/segment");
      if (segment.is_nil()) segment = edn::Value::map();
      if (!segment.is_map()) return refused("generator/segment", "a map", segment);
      originals_.push_back(original_of(std::move(segment)));
      return {};
    }
    if (!cycle.is_sequential() || cycle.count() == 0) {
      return refused("generator/cycle", "a vector of maps", cycle);
    }
    for (const edn::Value& segment : cycle.items()) {
      if (!segment.is_map()) return refused("generator/cycle", "a vector of maps", segment);
      originals_.push_back(original_of(segment));
    }
    return {};
  }

  Result<void> recover(ReplicaVersion, const edn::Value& checkpoint) override {
    next_ = checkpoint.is_integer() ? checkpoint.as_integer() : context_.slot;
    turn_ = static_cast<std::size_t>(next_) % originals_.size();
    made_.store(0, std::memory_order_relaxed);
    return {};
  }

  Result<Polled> poll(std::vector<edn::Value>& out, std::size_t limit) override {
    std::size_t made = 0;
    for (; made < limit && next_ < end_; ++made, next_ += context_.slots)
      out.push_back(make(next_));
    made_.store(made_.load(std::memory_order_relaxed) + made, std::memory_order_relaxed);
    return next_ >= end_ ? Polled::done : Polled::ready;
  }

  edn::Value checkpoint() override { return edn::Value::integer(next_); }

  Progress progress() const override { return {.records = made_.load(std::memory_order_relaxed)}; }

 private:
  Result<void> read_count() {
    const edn::Value& count = context_.catalog_entry.get("generator/segments");
    if (count.is_nil() || count.is_keyword("unlimited")) {
      end_ = kUnlimited;
    } else if (count.is_integer() && count.as_integer() >= 0) {
      end_ = count.as_integer();
    } else {
      return refused("generator/segments", "a number of segments, or :unlimited", count);
    }
    return {};
  }

  tl::unexpected<Error> refused(const char* key, const char* needs, const edn::Value& got) const {
    return failure(ErrorCode::invalid_argument,
                   fmt::format(":{} of task :{} must be {}, got {}", key, context_.task.text(),
                               needs, edn::print(got)));
  }

  // A segment to copy, without looking the counter up each time.
  struct Original {
    edn::Value segment;
    int slot_of_counter = -1;  // of a record's shape
  };

  Original original_of(edn::Value segment) const {
    Original original;
    if (!counter_.is_nil()) {
      segment = std::move(segment).assoc(counter_, edn::Value::integer(0));
      const edn::Record* record = segment.as_record();
      if (record != nullptr) original.slot_of_counter = record->shape->find(counter_);
    }
    original.segment = std::move(segment);
    return original;
  }

  edn::Value make(std::int64_t number) {
    const Original& original = originals_[turn_];
    if (++turn_ == originals_.size()) turn_ = 0;
    if (counter_.is_nil()) return original.segment;
    if (original.slot_of_counter < 0)
      return edn::Value(original.segment).assoc(counter_, edn::Value::integer(number));
    return original.segment.with_slot(static_cast<std::uint32_t>(original.slot_of_counter),
                                      edn::Value::integer(number));
  }

  const PluginContext context_;
  std::int64_t end_ = kUnlimited;
  std::int64_t next_ = 0;
  edn::Value counter_;
  std::vector<Original> originals_;
  std::size_t turn_ = 0;  // the original to copy next
  std::atomic<std::uint64_t> made_{0};
};

}  // namespace

PluginKind generator_input_kind() {
  PluginKind kind;
  kind.name = "onyx.plugin.generator/input";
  kind.doc = "Makes numbered copies of a few segments, for benchmarks.";
  kind.make_input = [](PluginContext context) -> Result<std::unique_ptr<Input>> {
    return std::make_unique<GeneratorInput>(std::move(context));
  };
  return kind;
}

}  // namespace onyx::plugins
