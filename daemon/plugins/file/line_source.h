// The lines of one file, with their numbers, without holding more of it than a line.
//
// Shape:   next() gives a view that is valid until the next call; extend() makes the current line longer by the one after it,
//          for records that go over several.
// Units:   line numbers count from 1; offset() is where the current line starts, in bytes.
// Errors:  a file that cannot be opened or read, and a line of more than kLineBytesMax, which is skipped up to its end and
//          reported as too long, so that the caller can go on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace onyx::plugins::file {

inline constexpr std::size_t kLineBytesMax = 16 * 1024 * 1024;

class LineSource {
 public:
  static Result<LineSource> open(const std::string& path);
  ~LineSource();
  LineSource(LineSource&& other) noexcept;
  LineSource& operator=(LineSource&&) = delete;

  enum class Got : std::uint8_t { line, too_long, end };
  Result<Got> next();
  // False at the end of the file; the line is then as it was.
  Result<bool> extend();

  std::string_view line() const {
    return {buffer_.data() + start_, length_};
  }                                                 // without its line feed
  std::uint64_t number() const { return number_; }  // of its first line
  std::uint64_t offset() const { return offset_; }
  std::uint64_t consumed() const { return base_ + next_; }
  std::uint64_t size() const { return size_; }
  const std::string& path() const { return path_; }

 private:
  LineSource(std::string path, int fd, std::uint64_t size);

  Result<bool> fill();  // false: nothing more
  Result<std::size_t> find_line_feed(std::size_t from);
  void set_line(std::size_t end, bool has_line_feed);
  Result<Got> skip_long_line();

  std::string path_;
  int fd_;
  std::uint64_t size_;
  std::vector<char> buffer_;
  std::size_t filled_ = 0;  // bytes of the buffer in use
  std::size_t start_ = 0;   // of the current line
  std::size_t length_ = 0;
  std::size_t next_ = 0;      // behind its line feed
  std::uint64_t base_ = 0;    // offset in the file of buffer_[0]
  std::uint64_t offset_ = 0;  // in the file of the current line
  std::uint64_t number_ = 0;
  std::uint64_t lines_in_record_ = 1;
  bool is_at_end_ = false;
};

}  // namespace onyx::plugins::file
