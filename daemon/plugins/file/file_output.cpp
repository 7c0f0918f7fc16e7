#include "daemon/plugins/file/file_output.h"

#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <optional>

#include "daemon/plugins/file/encoder.h"
#include "daemon/plugins/file/file_options.h"
#include "daemon/plugins/file/file_paths.h"
#include "daemon/plugins/file/text_file.h"
#include "daemon/plugins/file/write_behind.h"

namespace onyx::plugins {

namespace {

using namespace file;

class FileOutput final : public Output {
 public:
  FileOutput(PluginContext context, FileOptions options)
      : context_(std::move(context)), options_(std::move(options)) {}

  Result<void> recover(ReplicaVersion version, const edn::Value&) override {
    stop();  // what it may be publishing is over, and what it has not published goes
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
    file_.emplace(std::move(created), context_.wake, context_.may_act);
    encoder_ = make_encoder(options_);
    records_ = bytes_ = 0;
    return {};
  }

  Result<Wrote> write(std::vector<edn::Value>& batch) override {
    std::size_t done = 0;
    for (; done < batch.size(); ++done) {
      ONYX_ASSIGN_OR_RETURN(const bool has_room, file_->make_room());
      if (!has_room) break;
      if (!batch[done].is_map())
        return failure(ErrorCode::invalid_argument, "a segment has to be a map");
      ONYX_TRY(encoder_->encode(batch[done], file_->buffer()));
    }
    records_.fetch_add(done, std::memory_order_relaxed);
    bytes_.store(file_->bytes(), std::memory_order_relaxed);
    batch.erase(batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(done));
    return batch.empty() ? Wrote::all : Wrote::later;
  }

  Result<bool> synced(Epoch) override { return file_->written(); }

  Result<bool> checkpointed(Epoch) override { return file_->publish(); }

  void stop() override { file_.reset(); }

  Progress progress() const override {
    Progress progress;
    progress.records = records_.load(std::memory_order_relaxed);
    progress.bytes = bytes_.load(std::memory_order_relaxed);
    return progress;
  }

 private:
  const PluginContext context_;
  const FileOptions options_;
  std::optional<WriteBehind> file_;
  std::unique_ptr<Encoder> encoder_;
  std::atomic<std::uint64_t> records_{0};
  std::atomic<std::uint64_t> bytes_{0};
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
