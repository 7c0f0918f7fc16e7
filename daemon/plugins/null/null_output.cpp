#include "daemon/plugins/null/null_output.h"

#include <atomic>

namespace onyx::plugins {
namespace {

class DiscardingOutput final : public Output {
 public:
  Result<void> recover(ReplicaVersion, const edn::Value&) override {
    records_.store(0, std::memory_order_relaxed);
    return {};
  }

  Result<Wrote> write(std::vector<edn::Value>& batch) override {
    records_.store(records_.load(std::memory_order_relaxed) + batch.size(),
                   std::memory_order_relaxed);
    batch.clear();
    return Wrote::all;
  }

  Progress progress() const override {
    return {.records = records_.load(std::memory_order_relaxed)};
  }

 private:
  std::atomic<std::uint64_t> records_{0};  // one writer
};

}  // namespace

std::unique_ptr<Output> make_discarding_output() { return std::make_unique<DiscardingOutput>(); }

PluginKind null_output_kind() {
  PluginKind kind;
  kind.name = "onyx.plugin.null/output";
  kind.doc =
      "Discards every segment; for measuring, and for jobs that work by their functions only.";
  kind.make_output = [](PluginContext) -> Result<std::unique_ptr<Output>> {
    return make_discarding_output();
  };
  return kind;
}

}  // namespace onyx::plugins
