#include "common/segment/batch.h"

#include <utility>

namespace onyx::segment {

void Batch::append(edn::Value segment) {
  edn::Record* record = segment.is_map() ? segment.as_record() : nullptr;
  const edn::Shape* shape = record != nullptr ? record->shape : nullptr;
  const std::uint32_t width = shape != nullptr ? shape->size() : 1;
  if (runs_.empty() || runs_.back().shape != shape) runs_.push_back({shape, 0, width});
  ++runs_.back().rows;
  ++size_;
  if (shape == nullptr) {
    cells_.push_back(std::move(segment));
  } else if (segment.is_unique()) {
    edn::Value* values = record->values();
    for (std::uint32_t i = 0; i < width; ++i) cells_.push_back(std::move(values[i]));
  } else {
    const edn::Value* values = record->values();
    cells_.insert(cells_.end(), values, values + width);
  }
}

std::span<edn::Value> Batch::extend(const edn::Shape* shape, std::uint32_t rows) {
  const std::size_t cells = std::size_t{rows} * shape->size();
  if (runs_.empty() || runs_.back().shape != shape) runs_.push_back({shape, 0, shape->size()});
  runs_.back().rows += rows;
  size_ += rows;
  cells_.resize(cells_.size() + cells);
  return {cells_.data() + cells_.size() - cells, cells};
}

void Batch::take_all(std::vector<edn::Value>& out) {
  out.reserve(out.size() + size_);
  edn::Value* cell = cells_.data();
  for (const Run& run : runs_) {
    for (std::uint32_t row = 0; row < run.rows; ++row, cell += run.width) {
      if (run.shape == nullptr) {
        out.push_back(std::move(*cell));
      } else {
        out.push_back(edn::Value::record(run.shape, {cell, run.width}));
      }
    }
  }
  clear();
}

void Batch::clear() {
  runs_.clear();
  cells_.clear();
  size_ = 0;
}

}  // namespace onyx::segment
