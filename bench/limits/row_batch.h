// The dynamic row batch that the limit programs work on: 16-byte tagged cells in rows, long strings in the batch's arena.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace onyx::bench {

enum class Tag : std::uint8_t { nil, integer, keyword, short_string, long_string };

struct Cell {
  std::uint64_t
      head;  // the tag in the first byte; a short string: its length in the second; a long one: in the upper half
  std::uint64_t
      word;  // an integer, the id of a keyword, or where a long string starts in the arena

  static Cell integer(std::int64_t value) {
    return {head_of(Tag::integer), static_cast<std::uint64_t>(value)};
  }
  static Cell keyword(std::uint32_t id) { return {head_of(Tag::keyword), id}; }
  static Cell long_string(std::size_t length, std::size_t offset) {
    return {head_of(Tag::long_string) | length << 32, offset};
  }
  static Cell short_string(std::string_view chars) {  // at most 14 bytes, from the third on
    Cell cell{head_of(Tag::short_string) | chars.size() << 8, 0};
    std::memcpy(reinterpret_cast<char*>(&cell) + 2, chars.data(), chars.size());
    return cell;
  }

  bool is_integer() const { return static_cast<Tag>(head & 0xff) == Tag::integer; }
  std::int64_t as_integer() const { return static_cast<std::int64_t>(word); }

  static constexpr std::uint64_t head_of(Tag tag) { return static_cast<std::uint64_t>(tag); }
};
static_assert(sizeof(Cell) == 16);

struct Batch {
  static constexpr std::size_t kWidth = 8;  // cells a row

  std::uint32_t shape = 0;
  std::uint32_t rows = 0;
  bool is_last = false;
  std::vector<Cell> cells;
  std::string arena;

  Cell* row(std::size_t i) { return &cells[i * kWidth]; }

  void reset(std::size_t capacity) {
    rows = 0;
    is_last = false;
    arena.clear();
    if (cells.size() < capacity * kWidth) cells.resize(capacity * kWidth);
  }

  Cell add_long_string(std::string_view chars) {
    const Cell cell = Cell::long_string(chars.size(), arena.size());
    arena.append(chars);
    return cell;
  }
};

}  // namespace onyx::bench
