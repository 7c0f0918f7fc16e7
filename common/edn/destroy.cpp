// Destruction with a work list in place of recursion: what dies inside a destruction, also through an extension's
// destructor, is put on the list of the destruction that is under way on this thread.
#include <vector>

#include "common/edn/objects.h"

namespace onyx::edn {

namespace {

struct Dying {
  Tag tag;
  Object* object;
};

class WorkList {
 public:
  void push(Dying item) {
    if (size_ < kInline) {
      first_[size_++] = item;
    } else {
      more_.push_back(item);
    }
  }
  bool pop(Dying& item) {
    if (!more_.empty()) {
      item = more_.back();
      more_.pop_back();
      return true;
    }
    if (size_ == 0) return false;
    item = first_[--size_];
    return true;
  }

 private:
  static constexpr std::size_t kInline = 32;
  std::size_t size_ = 0;
  Dying first_[kInline];
  std::vector<Dying> more_;
};

thread_local WorkList* under_way = nullptr;

bool is_plain(Tag tag) { return tag == Tag::string || tag == Tag::ratio || tag == Tag::uuid; }

void destroy_one(Dying dying, WorkList& list) {
  if (dying.tag == Tag::extension) {
    delete static_cast<Extension*>(dying.object);
    return;
  }
  const Parts p = parts(dying.tag, dying.object);
  for (std::size_t i = 0; i < p.count; ++i) {
    Value& element = p.values[i];
    if (!ValueAccess::is_object(element)) continue;
    const Tag tag = ValueAccess::tag(element);
    Object* object = ValueAccess::raw(element);
    if (!ValueAccess::unlink(element)) continue;
    if (is_plain(tag)) {
      pool_free(object, parts(tag, object).bytes);
    } else {
      list.push({tag, object});
    }
  }
  pool_free(dying.object, p.bytes);
}

}  // namespace

namespace {

// The commonest death: of a record of plain values. False when it is not one, and nothing has been done.
bool destroy_flat(Record* record) {
  const std::uint32_t count = record->shape->size();
  Value* values = record->values();
  for (std::uint32_t i = 0; i < count; ++i) {
    if (ValueAccess::is_object(values[i]) && !is_plain(ValueAccess::tag(values[i]))) return false;
  }
  for (std::uint32_t i = 0; i < count; ++i) values[i] = Value();
  pool_free(record, sizeof(Record) + (count + record->spare) * sizeof(Value));
  return true;
}

}  // namespace

void Value::destroy(Object* object) noexcept {
  const Tag dying_tag = tag();
  if (is_plain(dying_tag)) {
    pool_free(object, parts(dying_tag, object).bytes);
    return;
  }
  if (dying_tag == Tag::map && object->form == form::kRecord &&
      destroy_flat(static_cast<Record*>(object))) {
    return;
  }
  if (under_way != nullptr) {
    under_way->push({dying_tag, object});
    return;
  }
  WorkList list;
  under_way = &list;
  Dying next{dying_tag, object};
  do {
    destroy_one(next, list);
  } while (list.pop(next));
  under_way = nullptr;
}

}  // namespace onyx::edn
