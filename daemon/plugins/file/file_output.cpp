#include "daemon/plugins/file/file_output.h"

#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <mutex>
#include <optional>

#include "daemon/concurrency/named_thread.h"
#include "daemon/plugins/file/encoder.h"
#include "daemon/plugins/file/file_options.h"
#include "daemon/plugins/file/file_paths.h"
#include "daemon/plugins/file/text_file.h"

namespace onyx::plugins {

namespace {

using namespace file;

class FileOutput final : public Output {
 public:
  FileOutput(PluginContext context, FileOptions options)
      : context_(std::move(context)), options_(std::move(options)) {}
  ~FileOutput() override { stop(); }

  Result<void> recover(ReplicaVersion version, const edn::Value&) override {
    stop();  // what it may be publishing is over, and what it has not published goes
    published_.reset();
    is_publishing_ = false;
    ONYX_ASSIGN_OR_RETURN(const std::string path, output_file(options_.path, context_.file_roots));
    const std::string target = path_of_slot(path, context_.slot, context_.slots);
    std::error_code ignored;
    if (!options_.may_replace && std::filesystem::exists(target, ignored)) {
      return failure(
          ErrorCode::already_exists,
          fmt::format(
              "output file {} exists, and :file/if-exists is :fail: remove it, or use :replace",
              target));
    }
    ONYX_ASSIGN_OR_RETURN(auto created,
                          TextFile::create(target, context_.job, context_.slot, version));
    file_.emplace(std::move(created));
    encoder_ = make_encoder(options_);
    records_ = bytes_ = 0;
    return {};
  }

  Result<Wrote> write(std::vector<edn::Value>& batch) override {
    for (const edn::Value& segment : batch) {
      if (!segment.is_map())
        return failure(ErrorCode::invalid_argument, "a segment has to be a map");
      ONYX_TRY(encoder_->encode(segment, file_->buffer()));
      ONYX_TRY(file_->flush_if_full());
    }
    records_.fetch_add(batch.size(), std::memory_order_relaxed);
    bytes_.store(file_->bytes(), std::memory_order_relaxed);
    batch.clear();
    return Wrote::all;
  }

  Result<bool> synced(Epoch) override {
    ONYX_TRY(file_->flush());
    return true;
  }

  Result<bool> checkpointed(Epoch) override {
    std::unique_lock lock(mutex_);
    if (published_.has_value()) {
      ONYX_TRY(*published_);
      return true;
    }
    if (is_publishing_) return false;
    is_publishing_ = true;
    lock.unlock();
    publisher_ = concurrency::NamedThread("file-publish", [this] {
      auto result = file_->publish();
      {
        std::lock_guard inner(mutex_);
        published_ = std::move(result);
      }
      context_.wake();
    });
    return false;
  }

  void stop() override {
    publisher_.join();
    file_.reset();
  }

  Progress progress() const override {
    Progress progress;
    progress.records = records_.load(std::memory_order_relaxed);
    progress.bytes = bytes_.load(std::memory_order_relaxed);
    return progress;
  }

 private:
  const PluginContext context_;
  const FileOptions options_;
  std::optional<TextFile> file_;
  std::unique_ptr<Encoder> encoder_;
  std::atomic<std::uint64_t> records_{0};
  std::atomic<std::uint64_t> bytes_{0};
  std::mutex mutex_;
  bool is_publishing_ = false;             // guarded by mutex_
  std::optional<Result<void>> published_;  // guarded by mutex_
  concurrency::NamedThread publisher_;
};

}  // namespace

PluginKind file_output_kind() {
  PluginKind kind;
  kind.name = "onyx.plugin.file/output";
  kind.doc =
      "Writes a file of JSON lines, CSV, EDN lines or plain lines, which appears when the job "
      "completes.";
  kind.make_output = [](PluginContext context) -> Result<std::unique_ptr<Output>> {
    ONYX_ASSIGN_OR_RETURN(auto options, read_options(context.catalog_entry));
    return std::make_unique<FileOutput>(std::move(context), std::move(options));
  };
  return kind;
}

}  // namespace onyx::plugins
