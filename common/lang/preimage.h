// A value as it was before a function got it.
//
// Shape:   a function that is the only holder of a segment changes it in place, several times cheaper than making
//          another. So it is handed the segment itself, and its values are kept here, in cells that are used again for the
//          next one; a segment that others hold, or that is no record, is only held.
// Thread:  one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "common/edn/shape.h"
#include "common/edn/value.h"

namespace onyx::lang {

class Preimage {
 public:
  void keep(const edn::Value& segment) {
    const edn::Record* record = segment.is_map() ? segment.as_record() : nullptr;
    if (record == nullptr || !segment.is_unique()) {
      shape_ = nullptr;
      whole_ = segment;
      return;
    }
    shape_ = record->shape;
    if (cells_.size() < shape_->size()) cells_.resize(shape_->size());
    std::copy(record->values(), record->values() + shape_->size(), cells_.begin());
  }

  // The segment; once for each keep().
  edn::Value restore() {
    if (shape_ == nullptr) return std::exchange(whole_, edn::Value());
    return edn::Value::record(shape_, {cells_.data(), shape_->size()});
  }

  // Holds nothing any more, so that nested values have one holder less.
  void forget() {
    whole_ = edn::Value();
    for (edn::Value& cell : cells_) cell = edn::Value();
  }

 private:
  const edn::Shape* shape_ = nullptr;  // nullptr: `whole_`
  std::vector<edn::Value> cells_;
  edn::Value whole_;
};

}  // namespace onyx::lang
