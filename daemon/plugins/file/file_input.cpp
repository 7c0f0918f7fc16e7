#include "daemon/plugins/file/file_input.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <atomic>
#include <optional>

#include "daemon/plugins/file/decoder.h"
#include "daemon/plugins/file/file_options.h"
#include "daemon/plugins/file/file_paths.h"
#include "daemon/plugins/file/line_source.h"
#include "daemon/plugins/file/rejects.h"

namespace onyx::plugins {

namespace {

using namespace file;

constexpr std::size_t kBarrenLinesMax = 1'000;

class FileInput final : public Input {
 public:
  FileInput(PluginContext context, FileOptions options)
      : context_(std::move(context)), options_(std::move(options)) {}

  Result<void> recover(ReplicaVersion version, const edn::Value&) override {
    source_.reset();
    rejects_.reset();
    next_file_ = 0;
    records_ = bytes_done_ = bytes_total_ = bad_ = 0;
    ONYX_ASSIGN_OR_RETURN(const auto all, input_files(options_.path, context_.file_roots));
    files_.clear();
    for (std::size_t i = static_cast<std::size_t>(context_.slot); i < all.size();
         i += static_cast<std::size_t>(context_.slots)) {
      files_.push_back(all[i]);
      struct stat facts {};
      if (::stat(all[i].c_str(), &facts) == 0)
        bytes_total_ += static_cast<std::uint64_t>(facts.st_size);
    }
    if (options_.on_bad_line != OnBadLine::set_aside) {
      rejects_.emplace();
      return {};
    }
    ONYX_ASSIGN_OR_RETURN(const std::string path,
                          output_file(options_.rejects_path, context_.file_roots));
    ONYX_ASSIGN_OR_RETURN(auto created,
                          TextFile::create(path_of_slot(path, context_.slot, context_.slots),
                                           context_.job, context_.slot, version));
    rejects_.emplace(std::move(created), context_.wake, context_.may_act);
    return {};
  }

  Result<Polled> poll(std::vector<edn::Value>& out, std::size_t limit) override {
    std::size_t added = 0;
    auto answer = Polled::ready;
    // Lines that give no segment do not keep the worker from others: after some of them the task asks to be stepped again.
    for (std::size_t lines_left = limit + kBarrenLinesMax; added < limit; --lines_left) {
      if (lines_left == 0) break;
      ONYX_ASSIGN_OR_RETURN(const bool has_room, rejects_->make_room());
      if (!has_room) {
        answer = Polled::none_now;
        break;
      }
      if (!source_.has_value()) {
        if (next_file_ == files_.size()) return Polled::done;
        ONYX_ASSIGN_OR_RETURN(auto opened, LineSource::open(files_[next_file_]));
        source_.emplace(std::move(opened));
        decoder_ = make_decoder(options_);
      }
      ONYX_ASSIGN_OR_RETURN(const auto got, source_->next());
      if (got == LineSource::Got::end) {
        bytes_done_.fetch_add(source_->consumed(), std::memory_order_relaxed);
        bytes_here_.store(0, std::memory_order_relaxed);
        source_.reset();
        ++next_file_;
        continue;
      }
      if (got == LineSource::Got::too_long) {
        ONYX_TRY(bad_line(fmt::format("longer than {} bytes", kLineBytesMax)));
        continue;
      }
      ONYX_ASSIGN_OR_RETURN(auto segment, decode_record());
      if (!segment.has_value()) continue;
      out.push_back(std::move(*segment));
      ++added;
      records_.fetch_add(1, std::memory_order_relaxed);
    }
    bytes_here_.store(source_.has_value() ? source_->consumed() : 0, std::memory_order_relaxed);
    return answer;
  }

  Result<bool> synced(Epoch) override { return rejects_->written(); }

  Result<bool> checkpointed(Epoch) override { return rejects_->publish(); }

  void stop() override {
    source_.reset();
    rejects_.reset();
  }

  Progress progress() const override {
    Progress progress;
    progress.records = records_.load(std::memory_order_relaxed);
    progress.bytes =
        bytes_done_.load(std::memory_order_relaxed) + bytes_here_.load(std::memory_order_relaxed);
    progress.bytes_total = bytes_total_.load(std::memory_order_relaxed);
    progress.bad_records = bad_.load(std::memory_order_relaxed);
    return progress;
  }

 private:
  // The segment of the current record, which may go over several lines; nothing for a header or a bad one.
  Result<std::optional<edn::Value>> decode_record() {
    for (;;) {
      auto decoded = decoder_->decode(source_->line());
      if (!decoded.has_value()) {
        ONYX_TRY(bad_line(decoded.error()));
        return std::optional<edn::Value>();
      }
      if (auto* segment = std::get_if<edn::Value>(&*decoded))
        return std::optional<edn::Value>(std::move(*segment));
      if (std::get<Decoder::More>(*decoded) == Decoder::More::nothing)
        return std::optional<edn::Value>();
      bool is_longer = false;
      // Only a quote can end a quoted field, so lines without one are added without looking at the whole record again.
      while (source_->line().size() <= kLineBytesMax) {
        const std::size_t before = source_->line().size();
        ONYX_ASSIGN_OR_RETURN(is_longer, source_->extend());
        if (!is_longer || source_->line().find('"', before) != std::string_view::npos) break;
      }
      if (source_->line().size() > kLineBytesMax) is_longer = false;
      if (!is_longer) {
        ONYX_TRY(bad_line("a quoted field is never closed"));
        return std::optional<edn::Value>();
      }
    }
  }

  Result<void> bad_line(const std::string& reason) {
    if (options_.on_bad_line == OnBadLine::fail) {
      return failure(ErrorCode::invalid_argument,
                     fmt::format("{}:{}: {}; :file/on-bad-line can be :skip or {{:to PATH}}",
                                 source_->path(), source_->number(), reason));
    }
    bad_.fetch_add(1, std::memory_order_relaxed);
    return rejects_->add(
        {source_->path(), source_->number(), source_->offset(), reason, source_->line()});
  }

  const PluginContext context_;
  const FileOptions options_;
  std::vector<std::string> files_;
  std::size_t next_file_ = 0;
  std::optional<LineSource> source_;
  std::unique_ptr<Decoder> decoder_;
  std::optional<Rejects> rejects_;
  std::atomic<std::uint64_t> records_{0};
  std::atomic<std::uint64_t> bytes_done_{0};  // of files that have ended
  std::atomic<std::uint64_t> bytes_here_{0};  // of the current one
  std::atomic<std::uint64_t> bytes_total_{0};
  std::atomic<std::uint64_t> bad_{0};
};

}  // namespace

PluginKind file_input_kind() {
  PluginKind kind;
  kind.name = "onyx.plugin.file/input";
  kind.doc = "Reads files of JSON lines, CSV, EDN lines or plain lines to their end.";
  kind.make_input = [](PluginContext context) -> Result<std::unique_ptr<Input>> {
    ONYX_ASSIGN_OR_RETURN(auto options, read_options(context.catalog_entry));
    return std::make_unique<FileInput>(std::move(context), std::move(options));
  };
  return kind;
}

}  // namespace onyx::plugins
