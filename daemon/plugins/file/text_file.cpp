#include "daemon/plugins/file/text_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace onyx::plugins::file {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kBufferBytes = 256 * 1024;
constexpr std::uint64_t kWriteBackBytes = 8 * 1024 * 1024;

tl::unexpected<Error> trouble(const std::string& path, std::string_view what, int code) {
  return failure(code == EACCES || code == EROFS || code == EPERM ? ErrorCode::permission_denied
                                                                  : ErrorCode::unavailable,
                 fmt::format("{} cannot be {}: {}", path, what, std::strerror(code)));
}

void remove_leftovers(const fs::path& directory, const std::string& prefix,
                      const std::string& but) {
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name != but && name.starts_with(prefix) && name.ends_with(".part")) {
      std::error_code ignored;
      fs::remove(it->path(), ignored);
    }
  }
}

}  // namespace

Result<TextFile> TextFile::create(const std::string& target, const JobId& job, SlotId slot,
                                  ReplicaVersion version) {
  const fs::path path(target);
  const std::string prefix =
      fmt::format(".{}.onyx-{}-{}.", path.filename().string(), job.text(), slot);
  const std::string name = fmt::format("{}{}.part", prefix, version);
  remove_leftovers(path.parent_path(), prefix, name);
  const std::string hidden = (path.parent_path() / name).string();
  const int fd = ::open(hidden.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (fd < 0 && errno == EEXIST) {
    return failure(ErrorCode::already_exists,
                   fmt::format("{} is already being written by this job: two of its tasks name the "
                               "same file; give each a path of its own",
                               target));
  }
  if (fd < 0) return trouble(target, "written", errno);
  return TextFile(target, hidden, fd);
}

TextFile::TextFile(std::string target, std::string hidden, int fd)
    : target_(std::move(target)), hidden_(std::move(hidden)), fd_(fd) {
  buffer_.reserve(kBufferBytes + 4'096);
}

TextFile::TextFile(TextFile&& other) noexcept
    : target_(std::move(other.target_)),
      hidden_(std::move(other.hidden_)),
      fd_(std::exchange(other.fd_, -1)),
      buffer_(std::move(other.buffer_)),
      written_(other.written_),
      on_its_way_(other.on_its_way_),
      is_durable_(other.is_durable_),
      is_published_(other.is_published_) {}

TextFile::~TextFile() {
  if (fd_ < 0) return;
  ::close(fd_);
  if (!is_published_) ::unlink(hidden_.c_str());
}

Result<void> TextFile::flush() {
  std::size_t done = 0;
  while (done < buffer_.size()) {
    const ssize_t wrote = ::write(fd_, buffer_.data() + done, buffer_.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) {
      const int code = errno;
      buffer_.erase(0, done);
      written_ += done;
      return trouble(target_, "written", code);
    }
    done += static_cast<std::size_t>(wrote);
  }
  written_ += done;
  buffer_.clear();
  return {};
}

void TextFile::start_writing_back() {
  if (written_ - on_its_way_ < kWriteBackBytes) return;
  ::sync_file_range(fd_, static_cast<off64_t>(on_its_way_),
                    static_cast<off64_t>(written_ - on_its_way_), SYNC_FILE_RANGE_WRITE);
  on_its_way_ = written_;
}

Result<void> TextFile::make_durable() {
  ONYX_TRY(flush());
  if (::fsync(fd_) != 0) return trouble(target_, "made durable", errno);
  is_durable_ = true;
  return {};
}

Result<void> TextFile::publish() {
  if (is_published_) return {};
  if (!is_durable_) ONYX_TRY(make_durable());
  if (::rename(hidden_.c_str(), target_.c_str()) != 0)
    return trouble(target_, "given its name", errno);
  is_published_ = true;
  const int directory =
      ::open(fs::path(target_).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory >= 0) {
    ::fsync(directory);
    ::close(directory);
  }
  return {};
}

}  // namespace onyx::plugins::file
