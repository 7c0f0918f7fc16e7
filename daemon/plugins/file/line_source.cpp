#include "daemon/plugins/file/line_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace onyx::plugins::file {

namespace {
constexpr std::size_t kReadBytes = 256 * 1024;
constexpr std::size_t kNotFound = SIZE_MAX;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
}  // namespace

Result<LineSource> LineSource::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return failure(errno == ENOENT ? ErrorCode::not_found : ErrorCode::permission_denied,
                   fmt::format("input file {} cannot be opened: {}", path, std::strerror(errno)));
  }
  struct stat facts {};
  const std::uint64_t size =
      ::fstat(fd, &facts) == 0 ? static_cast<std::uint64_t>(facts.st_size) : 0;
  ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  LineSource source(path, fd, size);
  ONYX_TRY(source.fill());
  if (std::string_view(source.buffer_.data(), source.filled_).starts_with(kByteOrderMark)) {
    source.next_ = kByteOrderMark.size();
  }
  return source;
}

LineSource::LineSource(std::string path, int fd, std::uint64_t size)
    : path_(std::move(path)), fd_(fd), size_(size) {}

LineSource::LineSource(LineSource&& other) noexcept
    : path_(std::move(other.path_)),
      fd_(std::exchange(other.fd_, -1)),
      size_(other.size_),
      buffer_(std::move(other.buffer_)),
      filled_(other.filled_),
      start_(other.start_),
      length_(other.length_),
      next_(other.next_),
      base_(other.base_),
      offset_(other.offset_),
      number_(other.number_),
      lines_in_record_(other.lines_in_record_),
      is_at_end_(other.is_at_end_) {}

LineSource::~LineSource() {
  if (fd_ >= 0) ::close(fd_);
}

Result<bool> LineSource::fill() {
  if (is_at_end_) return false;
  if (filled_ + kReadBytes > buffer_.size())
    buffer_.resize(std::max(buffer_.size() * 2, filled_ + kReadBytes));
  for (;;) {
    const ssize_t got = ::read(fd_, buffer_.data() + filled_, kReadBytes);
    if (got > 0) {
      filled_ += static_cast<std::size_t>(got);
      return true;
    }
    if (got == 0) {
      is_at_end_ = true;
      return false;
    }
    if (errno != EINTR) {
      return failure(ErrorCode::unavailable, fmt::format("{} cannot be read at byte {}: {}", path_,
                                                         base_ + filled_, std::strerror(errno)));
    }
  }
}

// The index of the next line feed from `from` on; kNotFound at the end of the file or when the line is too long.
Result<std::size_t> LineSource::find_line_feed(std::size_t from) {
  for (;;) {
    if (from < filled_) {
      const void* found = std::memchr(buffer_.data() + from, '\n', filled_ - from);
      if (found != nullptr)
        return static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
    }
    from = filled_;
    if (filled_ - start_ > kLineBytesMax) return kNotFound;
    ONYX_ASSIGN_OR_RETURN(const bool more, fill());
    if (!more) return kNotFound;
  }
}

void LineSource::set_line(std::size_t end, bool has_line_feed) {
  length_ = end - start_;
  if (has_line_feed && length_ > 0 && buffer_[end - 1] == '\r') --length_;
  next_ = has_line_feed ? end + 1 : end;
}

Result<LineSource::Got> LineSource::next() {
  number_ += lines_in_record_;
  lines_in_record_ = 1;
  // What has been read goes once it is most of the buffer, so that moving costs less than reading.
  if (next_ > buffer_.size() / 2) {
    std::memmove(buffer_.data(), buffer_.data() + next_, filled_ - next_);
    base_ += next_;
    filled_ -= next_;
    next_ = 0;
  }
  start_ = next_;
  offset_ = base_ + start_;
  ONYX_ASSIGN_OR_RETURN(const std::size_t end, find_line_feed(start_));
  if (end != kNotFound) {
    set_line(end, true);
    if (length_ > kLineBytesMax) return Got::too_long;
    return Got::line;
  }
  if (filled_ - start_ > kLineBytesMax) return skip_long_line();
  if (filled_ == start_) return Got::end;
  set_line(filled_, false);
  return Got::line;
}

// Reads on to the line feed without keeping anything but the start of the line.
Result<LineSource::Got> LineSource::skip_long_line() {
  const std::size_t kept = start_ + 1'000;
  for (;;) {
    base_ += filled_ - kept;
    filled_ = kept;
    ONYX_ASSIGN_OR_RETURN(const bool more, fill());
    const void* found = more ? std::memchr(buffer_.data() + kept, '\n', filled_ - kept) : nullptr;
    if (found == nullptr && more) continue;
    length_ = kept - start_;
    next_ = found == nullptr
                ? filled_
                : static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data()) + 1;
    return Got::too_long;
  }
}

Result<bool> LineSource::extend() {
  if (next_ >= filled_) {
    ONYX_ASSIGN_OR_RETURN(const bool more, fill());
    if (!more) return false;
  }
  ONYX_ASSIGN_OR_RETURN(const std::size_t end, find_line_feed(next_));
  ++lines_in_record_;
  if (end != kNotFound) {
    set_line(end, true);
  } else {
    set_line(filled_, false);
  }
  return true;
}

}  // namespace onyx::plugins::file
