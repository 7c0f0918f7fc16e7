// Reads the parts of a frame's body.
//
// Errors:  reading past the end, or a number that cannot be, makes the reader fail for good: ok() says so, everything read from
//          then on is zero or empty, and nothing is allocated for it.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace onyx::messaging::wire {

class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool ok() const { return ok_; }
  bool at_end() const { return at_ == end_; }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  std::span<const std::uint8_t> rest() const { return {at_, left()}; }
  void fail() {
    ok_ = false;
    at_ = end_;
  }

  std::uint8_t byte() {
    if (at_ == end_) [[unlikely]] {
      fail();
      return 0;
    }
    return *at_++;
  }
  std::uint64_t fixed(std::size_t bytes) {  // 1 … 8
    std::uint64_t value = 0;
    if (left() >= 8) [[likely]] {
      std::memcpy(&value, at_, 8);
      if (bytes < 8) value &= (std::uint64_t{1} << 8 * bytes) - 1;
    } else if (left() >= bytes) {
      std::memcpy(&value, at_, bytes);
    } else {
      fail();
      return 0;
    }
    at_ += bytes;
    return value;
  }
  std::uint64_t number() {
    if (at_ != end_ && *at_ < 0x80) [[likely]]
      return *at_++;
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t next = byte();
      const std::uint64_t bits = next & 0x7f;
      if (shift == 63 && bits > 1) break;
      value |= bits << shift;
      if (next < 0x80) return value;
    }
    fail();
    return 0;
  }
  std::int64_t integer() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>(value >> 1 ^ (~(value & 1) + 1));
  }
  std::string_view raw(std::size_t count) {
    if (left() < count) [[unlikely]] {
      fail();
      return {};
    }
    const std::string_view bytes(reinterpret_cast<const char*>(at_), count);
    at_ += count;
    return bytes;
  }
  std::string_view text(std::size_t limit) {
    const std::uint64_t count = number();
    if (count > limit) {
      fail();
      return {};
    }
    return raw(count);
  }
  // A count of things that take at least `bytes_each` each.
  std::size_t count(std::size_t bytes_each) {
    const std::uint64_t value = number();
    if (value > left() / bytes_each) {
      fail();
      return 0;
    }
    return value;
  }
  bool flag() {
    const std::uint8_t value = byte();
    if (value > 1) fail();
    return value == 1;
  }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  bool ok_ = true;
};

}  // namespace onyx::messaging::wire
