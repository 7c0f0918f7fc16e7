// Jute, the binary records of the ZooKeeper protocol: big-endian integers, strings and buffers with
// a length before.
//
// Shape:   a negative length is a null string or buffer, read as empty. A vector is a count and its
//          elements.
// Errors:  a Reader that runs past the end, or meets a length larger than what is left, says !ok()
//          from then on and yields zeros; nothing is allocated for a length that is not there.
// Source:  ZooKeeper's recordio. Written here because its own C reader allocates before it checks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onyx::zookeeper::embedded {

class JuteReader {
 public:
  explicit JuteReader(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

  bool boolean();
  std::int32_t integer();
  std::int64_t long_integer();
  std::string text();  // strings and buffers have one encoding
  std::vector<std::string> texts();

  // The number of elements that follow, each at least `element_bytes_min` long.
  std::size_t count(std::size_t element_bytes_min);

 private:
  std::uint64_t big_endian(std::size_t bytes);

  std::string_view rest_;
  bool ok_ = true;
};

class JuteWriter {
 public:
  void boolean(bool value) { bytes_.push_back(value ? 1 : 0); }
  void integer(std::int32_t value) { big_endian(static_cast<std::uint32_t>(value), 4); }
  void long_integer(std::int64_t value) { big_endian(static_cast<std::uint64_t>(value), 8); }
  void text(std::string_view value);
  void texts(const std::vector<std::string>& values);

  std::string take() { return std::move(bytes_); }

 private:
  void big_endian(std::uint64_t value, int bytes);

  std::string bytes_;
};

}  // namespace onyx::zookeeper::embedded
