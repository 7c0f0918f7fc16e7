// Bytes on their way to or from a socket: appended at the end, taken from the front, without being zeroed in between.
//
// Thread:  its owner's.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <utility>

namespace onyx::messaging::wire {

class ByteBuffer {
 public:
  ByteBuffer() = default;
  // What was moved from is empty.
  ByteBuffer(ByteBuffer&& other) noexcept { *this = std::move(other); }
  ByteBuffer& operator=(ByteBuffer&& other) noexcept {
    bytes_ = std::move(other.bytes_);
    capacity_ = std::exchange(other.capacity_, 0);
    begin_ = std::exchange(other.begin_, 0);
    end_ = std::exchange(other.end_, 0);
    return *this;
  }

  std::size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }
  const std::uint8_t* data() const { return bytes_.get() + begin_; }
  std::uint8_t* data() { return bytes_.get() + begin_; }
  std::span<const std::uint8_t> bytes() const { return {data(), size()}; }

  // Room for `count` bytes behind the end, to be written to and then added.
  std::uint8_t* reserve(std::size_t count) {
    if (capacity_ - end_ < count) make_room(count);
    return bytes_.get() + end_;
  }
  std::size_t room() const { return capacity_ - end_; }
  void add(std::size_t count) { end_ += count; }

  void append(std::span<const std::uint8_t> more) {
    if (more.empty()) return;
    std::memcpy(reserve(more.size()), more.data(), more.size());
    add(more.size());
  }

  // Moves what lies from `at` on back by `count` bytes, whose content is to be written.
  std::uint8_t* insert(std::size_t at, std::size_t count) {
    reserve(count);
    std::uint8_t* where = data() + at;
    std::memmove(where + count, where, size() - at);
    end_ += count;
    return where;
  }

  void take(std::size_t count) {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }
  void truncate(std::size_t size) { end_ = begin_ + size; }
  void clear() { begin_ = end_ = 0; }
  // Gives memory back that one large frame needed.
  void shrink(std::size_t capacity) {
    if (empty() && capacity_ > capacity) *this = ByteBuffer();
  }

 private:
  void make_room(std::size_t count) {
    const std::size_t held = size();
    if (begin_ >= held && capacity_ - held >= count) {  // moving is cheap enough
      std::memmove(bytes_.get(), data(), held);
    } else {
      const std::size_t capacity = std::max<std::size_t>({4'096, capacity_ * 2, held + count});
      std::unique_ptr<std::uint8_t[]> larger(new std::uint8_t[capacity]);
      if (held > 0) std::memcpy(larger.get(), data(), held);
      bytes_ = std::move(larger);
      capacity_ = capacity;
    }
    begin_ = 0;
    end_ = held;
  }

  std::unique_ptr<std::uint8_t[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;  // <= end_ <= capacity_
  std::size_t end_ = 0;
};

}  // namespace onyx::messaging::wire
