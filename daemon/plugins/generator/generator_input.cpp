#include "daemon/plugins/generator/generator_input.h"

#include <algorithm>
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
    template_ = context_.catalog_entry.get("generator/segment");
    if (template_.is_nil()) template_ = edn::Value::map();
    if (!template_.is_map()) return refused("generator/segment", "a map", template_);
    counter_ = context_.catalog_entry.get("generator/counter");
    if (!counter_.is_nil())
      template_ = std::move(template_).assoc(counter_, edn::Value::integer(0));
    if (const edn::Record* record = template_.as_record(); record != nullptr) {
      shape_ = record->shape;
      slot_of_counter_ = counter_.is_nil() ? -1 : shape_->find(counter_);
      cells_.resize(shape_->size());
    }
    return {};
  }

  Result<void> recover(ReplicaVersion, const edn::Value& checkpoint) override {
    next_ = checkpoint.is_integer() ? checkpoint.as_integer() : context_.slot;
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

  edn::Value make(std::int64_t number) {
    if (shape_ == nullptr) {
      return counter_.is_nil() ? template_
                               : edn::Value(template_).assoc(counter_, edn::Value::integer(number));
    }
    const edn::Value* values = template_.as_record()->values();
    std::copy(values, values + cells_.size(), cells_.begin());
    if (slot_of_counter_ >= 0)
      cells_[static_cast<std::size_t>(slot_of_counter_)] = edn::Value::integer(number);
    return edn::Value::record(shape_, cells_);
  }

  const PluginContext context_;
  std::int64_t end_ = kUnlimited;
  std::int64_t next_ = 0;
  edn::Value template_;
  edn::Value counter_;
  const edn::Shape* shape_ = nullptr;
  int slot_of_counter_ = -1;
  std::vector<edn::Value> cells_;  // of the segment being made
  std::atomic<std::uint64_t> made_{0};
};

}  // namespace

PluginKind generator_input_kind() {
  PluginKind kind;
  kind.name = "onyx.plugin.generator/input";
  kind.doc = "Makes numbered copies of one segment, for benchmarks.";
  kind.make_input = [](PluginContext context) -> Result<std::unique_ptr<Input>> {
    return std::make_unique<GeneratorInput>(std::move(context));
  };
  return kind;
}

}  // namespace onyx::plugins
