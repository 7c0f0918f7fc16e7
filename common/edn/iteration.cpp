#include "common/edn/iteration.h"

#include "common/edn/objects.h"

namespace onyx::edn {

TrieCursor& TrieCursor::operator=(const TrieCursor& other) noexcept {
  top_ = other.top_;
  stride_ = other.stride_;
  for (int i = 0; i <= top_; ++i) levels_[i] = other.levels_[i];
  return *this;
}

void TrieCursor::start(const Value& root, std::uint32_t stride) {
  top_ = -1;
  stride_ = stride;
  if (!root.is_nil()) push(root);
}

void TrieCursor::push(const Value& node) {
  auto* n = ValueAccess::object<TrieNode>(node);
  levels_[++top_] = {n->slots(), n->present, n->children};
}

const Value* TrieCursor::next() {
  while (top_ >= 0) {
    Level& level = levels_[top_];
    if (level.rest == 0) {
      --top_;
      continue;
    }
    const Value* slot = level.slot;
    level.slot += stride_;
    if (top_ == kLevels - 1) {
      --level.rest;
      return slot;
    }
    const std::uint32_t bit = level.rest & (0U - level.rest);
    level.rest ^= bit;
    if ((level.children & bit) == 0) return slot;
    push(*slot);
  }
  return nullptr;
}

Entries::Iterator Entries::begin() const {
  Iterator at;
  if (const Record* record = map().as_record()) {
    if (record->shape->size() != 0) {
      at.key_ = record->shape->keys().data();
      at.value_ = record->values();
      at.end_ = at.key_ + record->shape->size();
    }
    return at;
  }
  at.cursor_.start(ValueAccess::object<Trie>(map())->root, 2);
  at.step();
  return at;
}

// Also reached at the end of a record, whose cursor has nothing.
void Entries::Iterator::step() {
  key_ = cursor_.next();
  if (key_ == nullptr) return;
  value_ = key_ + 1;
  end_ = key_ + 1;
}

Items::Iterator Items::begin() const {
  Iterator at;
  const Value& source = collection();
  switch (ValueAccess::tag(source)) {
    case Tag::vector: {
      Object* object = ValueAccess::raw(source);
      if (object->form == form::kVectorTrie) {
        at.source_ = object;
        at.from_ = Iterator::Source::vector_trie;
        at.step();
      } else if (auto* block = static_cast<Block*>(object); block->count != 0) {
        at.current_ = block->values();
        at.end_ = at.current_ + block->count;
      }
      break;
    }
    case Tag::list:
      if (ValueAccess::raw(source)->form == form::kCons) at.source_ = ValueAccess::raw(source);
      at.from_ = Iterator::Source::list;
      at.step();
      break;
    case Tag::set:
      at.from_ = Iterator::Source::trie;
      at.cursor_.start(ValueAccess::object<Trie>(source)->root, 1);
      at.step();
      break;
    default:
      break;
  }
  return at;
}

void Items::Iterator::step() {
  current_ = nullptr;
  switch (from_) {
    case Source::none:
      return;
    case Source::vector_trie: {
      auto* trie = static_cast<const VectorTrie*>(source_);
      if (index_ == trie->count) return;
      const Run run = run_at(trie, index_);
      index_ += run.count;
      current_ = run.first;
      end_ = run.first + run.count;
      return;
    }
    case Source::list: {
      if (source_ == nullptr) return;
      auto* cons = static_cast<const Cons*>(source_);
      current_ = &cons->first;
      end_ = current_ + 1;
      source_ = cons->rest.is_nil() ? nullptr : ValueAccess::raw(cons->rest);
      return;
    }
    case Source::trie:
      current_ = cursor_.next();
      end_ = current_ == nullptr ? nullptr : current_ + 1;
      return;
  }
}

}  // namespace onyx::edn
