#include "daemon/plugins/seq/seq_input.h"

#include <algorithm>
#include <atomic>

#include <fmt/format.h>

#include "common/edn/printer.h"

namespace onyx::plugins {
namespace {

constexpr std::size_t kShownMax = 60;

std::string shown(const edn::Value& value) {
  std::string text = edn::print(value);
  if (text.size() > kShownMax) text = fmt::format("a {}", edn::name_of(value.kind()));
  return text;
}

class SeqInput final : public Input {
 public:
  explicit SeqInput(PluginContext context) : context_(std::move(context)) {}

  Result<void> start() override {
    const edn::Value* given = context_.event.find("seq/seq");
    const char* key = ":seq/seq";
    if (given == nullptr) {
      given = context_.catalog_entry.find("seq/sequential");
      key = ":seq/sequential";
    }
    if (given == nullptr) {
      return failure(ErrorCode::invalid_argument,
                     fmt::format("task :{} reads a sequence, but has none: give its catalog entry "
                                 ":seq/sequential [{{…}} …], "
                                 "or let a before-task-start hook return {{:seq/seq …}}",
                                 context_.task.text()));
    }
    if (given->is_nil()) return {};  // (seq []) is nil
    if (!given->is_sequential() && !given->is_set()) {
      return failure(ErrorCode::invalid_argument,
                     fmt::format("{} of task :{} must be a sequence of maps, got {}", key,
                                 context_.task.text(), shown(*given)));
    }
    segments_.reserve(given->count());
    for (const edn::Value& segment : given->items()) {
      if (!segment.is_map()) {
        return failure(ErrorCode::invalid_argument,
                       fmt::format("element {} of {} of task :{} is {}; every element must be a "
                                   "segment, that is a map",
                                   segments_.size(), key, context_.task.text(), shown(segment)));
      }
      segments_.push_back(segment);
    }
    return {};
  }

  Result<void> recover(ReplicaVersion, const edn::Value& checkpoint) override {
    const bool resumes = checkpoint.is_integer() && checkpoint.as_integer() > 0;
    position_ =
        resumes ? std::min(static_cast<std::size_t>(checkpoint.as_integer()), segments_.size()) : 0;
    read_.store(position_, std::memory_order_relaxed);
    return {};
  }

  Result<Polled> poll(std::vector<edn::Value>& out, std::size_t limit) override {
    const std::size_t end = std::min(segments_.size(), position_ + limit);
    out.insert(out.end(), segments_.begin() + static_cast<std::ptrdiff_t>(position_),
               segments_.begin() + static_cast<std::ptrdiff_t>(end));
    position_ = end;
    read_.store(position_, std::memory_order_relaxed);
    return position_ == segments_.size() ? Polled::done : Polled::ready;
  }

  edn::Value checkpoint() override {
    const edn::Value* wanted = context_.catalog_entry.find("seq/checkpoint?");
    if (wanted != nullptr && !wanted->is_truthy()) return {};
    return edn::Value::integer(static_cast<std::int64_t>(position_));
  }

  Progress progress() const override { return {.records = read_.load(std::memory_order_relaxed)}; }

 private:
  const PluginContext context_;
  std::vector<edn::Value> segments_;
  std::size_t position_ = 0;
  std::atomic<std::uint64_t> read_{0};
};

}  // namespace

PluginKind seq_input_kind() {
  PluginKind kind;
  kind.name = "onyx.plugin.seq/input";
  kind.doc = "Reads the segments of a sequence that the job carries under :seq/sequential.";
  kind.make_input = [](PluginContext context) -> Result<std::unique_ptr<Input>> {
    return std::make_unique<SeqInput>(std::move(context));
  };
  return kind;
}

}  // namespace onyx::plugins
