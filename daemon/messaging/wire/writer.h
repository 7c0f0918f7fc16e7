// Writes the parts of a frame's body: numbers, texts, and numbers of variable length (LEB128, seven bits a byte, low first).
//
// Shape:   need() makes room; everything else only writes. A writer holds a pointer into the buffer, so nothing else may
//          write to it until done().
#pragma once

#include <bit>
#include <cstring>
#include <string_view>

#include "daemon/messaging/wire/byte_buffer.h"

namespace onyx::messaging::wire {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they are");

class Writer {
 public:
  static constexpr std::size_t kSlack = 32;  // need(n) makes room for n and this

  explicit Writer(ByteBuffer& buffer) : buffer_(buffer) { start(0); }

  void need(std::size_t count) {
    if (static_cast<std::size_t>(end_ - at_) < count + kSlack) [[unlikely]] {
      done();
      start(count);
    }
  }
  void done() {
    buffer_.add(static_cast<std::size_t>(at_ - begin_));
    begin_ = at_;
  }

  void byte(std::uint8_t value) { *at_++ = value; }
  void fixed(std::uint64_t value, std::size_t bytes) {  // writes 8, keeps `bytes`
    std::memcpy(at_, &value, 8);
    at_ += bytes;
  }
  void number(std::uint64_t value) {  // at most 10 bytes
    while (value >= 0x80) {
      *at_++ = static_cast<std::uint8_t>(value | 0x80);
      value >>= 7;
    }
    *at_++ = static_cast<std::uint8_t>(value);
  }
  void integer(std::int64_t value) {  // zigzag: small ones of either sign are short
    number(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
  }
  void raw(std::string_view bytes) {  // after need(bytes.size())
    std::memcpy(at_, bytes.data(), bytes.size());
    at_ += bytes.size();
  }
  void text(std::string_view value) {
    need(value.size());
    number(value.size());
    raw(value);
  }

 private:
  void start(std::size_t count) {
    begin_ = at_ = buffer_.reserve(count + 2 * kSlack);
    end_ = at_ + buffer_.room();
  }

  ByteBuffer& buffer_;
  std::uint8_t* begin_ = nullptr;
  std::uint8_t* at_ = nullptr;
  std::uint8_t* end_ = nullptr;
};

}  // namespace onyx::messaging::wire
