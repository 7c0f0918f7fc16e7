// One key of a stream of segments, looked up through the shape of the last one.
//
// Thread:  one. A KeyLookup remembers where the key was.
#pragma once

#include <utility>

#include "common/edn/shape.h"
#include "common/edn/value.h"

namespace onyx::dataflow {

class KeyLookup {
 public:
  explicit KeyLookup(edn::Value key) : key_(std::move(key)) {}

  const edn::Value& key() const { return key_; }

  // The value under the key; nullptr when the segment is no map or does not have it.
  const edn::Value* find(const edn::Value& segment) {
    if (!segment.is_map()) return nullptr;
    const edn::Record* record = segment.as_record();
    if (record == nullptr) return segment.find(key_);
    if (record->shape != shape_) {
      shape_ = record->shape;
      slot_ = shape_->find(key_);
    }
    return slot_ < 0 ? nullptr : record->values() + slot_;
  }

 private:
  edn::Value key_;
  const edn::Shape* shape_ = nullptr;
  int slot_ = -1;
};

}  // namespace onyx::dataflow
