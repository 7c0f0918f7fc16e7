#include "daemon/plugins/seq/seq_output.h"

#include <atomic>
#include <utility>

#include <fmt/format.h>

namespace onyx::plugins {
namespace {

class SeqOutput final : public Output {
 public:
  SeqOutput(const PluginContext& context, std::shared_ptr<SegmentLog> log)
      : slot_(context.slot), log_(std::move(log)) {}

  Result<void> recover(ReplicaVersion version, const edn::Value&) override {
    version_ = version;
    log_->begin(version);
    written_.store(0, std::memory_order_relaxed);
    return {};
  }

  Result<Wrote> write(std::vector<edn::Value>& batch) override {
    const std::size_t count = batch.size();
    if (!log_->append(version_, slot_, batch)) {
      return failure(
          ErrorCode::aborted,
          fmt::format("a newer version of the job than {} writes this output already", version_));
    }
    batch.clear();
    written_.store(written_.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
    return Wrote::all;
  }

  Result<bool> checkpointed(Epoch) override {
    log_->publish(version_, slot_);
    return true;
  }

  Progress progress() const override {
    return {.records = written_.load(std::memory_order_relaxed)};
  }

 private:
  const SlotId slot_;
  const std::shared_ptr<SegmentLog> log_;
  ReplicaVersion version_ = -1;
  std::atomic<std::uint64_t> written_{0};
};

}  // namespace

PluginKind seq_output_kind(std::shared_ptr<OutputStore> store) {
  PluginKind kind;
  kind.name = "onyx.plugin.seq/output";
  kind.doc = "Keeps the last segments that arrive, for `onyxctl job output`.";
  kind.make_output =
      [store = std::move(store)](PluginContext context) -> Result<std::unique_ptr<Output>> {
    return std::make_unique<SeqOutput>(context, store->open(context.job, context.task));
  };
  return kind;
}

}  // namespace onyx::plugins
