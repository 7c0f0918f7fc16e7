// Maps in their record form.
#include "common/base/check.h"
#include "common/edn/objects.h"

namespace onyx::edn {

Value Value::record(const Shape* shape, std::span<Value> values) {
  const auto count = static_cast<std::uint32_t>(values.size());
  ONYX_CHECK(shape != nullptr && shape->size() == count, "{} values", count);
  void* memory = pool_allocate(sizeof(Record) + count * sizeof(Value));
  auto* record = new (memory) Record;
  record->form = form::kRecord;
  record->shape = shape;
  for (std::uint32_t i = 0; i < count; ++i) {
    deepen(record, values[i]);
    new (record->values() + i) Value(std::move(values[i]));
  }
  return adopt(Tag::map, record);
}

Value Value::with_slot(std::uint32_t slot, Value value) const {
  const Record* from = as_record();
  ONYX_CHECK(from != nullptr && slot < from->shape->size(), "slot {}", slot);
  const std::uint32_t count = from->shape->size();
  void* memory = pool_allocate(sizeof(Record) + count * sizeof(Value));
  auto* record = new (memory) Record;
  record->form = form::kRecord;
  record->depth = from->depth;
  record->shape = from->shape;
  deepen(record, value);
  for (std::uint32_t i = 0; i < count; ++i) {
    new (record->values() + i) Value(i == slot ? std::move(value) : from->values()[i]);
  }
  return adopt(Tag::map, record);
}

}  // namespace onyx::edn
