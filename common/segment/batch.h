// A row batch: the form in which segments travel from peer to peer.
//
// Shape:   rows of 16-byte values, row after row, in *runs* of one Shape each. A segment that is not a record (a map with
//          other keys, or a value that is no map) is a run of its own kind, `whole`: one cell a row that holds the value.
//          Inside a task segments are records (edn::Value); append() moves a record's values into the rows and
//          take() moves a row out as a record again, by memcpy when nobody else holds the record.
// Units:   size() counts segments.
// Thread:  belongs to one thread at a time; handed over through a ring, immutable once sent, recycled with clear(), which
//          keeps the memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/edn/shape.h"
#include "common/edn/value.h"

namespace onyx::segment {

class Batch {
 public:
  struct Run {
    const edn::Shape* shape;  // nullptr: `whole`
    std::uint32_t rows;
    std::uint32_t width;  // cells a row
  };

  Batch() = default;
  Batch(Batch&&) noexcept = default;
  Batch& operator=(Batch&&) noexcept = default;
  Batch(const Batch&) = default;  // copy on write, for fan-out
  Batch& operator=(const Batch&) = default;

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const std::vector<Run>& runs() const { return runs_; }
  const std::vector<edn::Value>& cells() const { return cells_; }

  void append(edn::Value segment);
  // Adds `rows` rows of nil of this shape, which has keys, at the end, and gives their cells to be filled in.
  std::span<edn::Value> extend(const edn::Shape* shape, std::uint32_t rows);
  // Moves every row out, in order, as a segment at the end of `out`, and leaves the batch empty with its memory.
  void take_all(std::vector<edn::Value>& out);
  void clear();

 private:
  std::vector<Run> runs_;
  std::vector<edn::Value> cells_;
  std::size_t size_ = 0;
};

}  // namespace onyx::segment
