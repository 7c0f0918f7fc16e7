#include "common/edn/walk.h"

#include <algorithm>

#include "common/edn/iteration.h"

namespace onyx::edn {

Walk::Event Walk::next() {
  if (!started_) {
    started_ = true;
    value_ = root_;
    if (ValueAccess::is_leaf(*root_)) return Event::leaf;
    open(*root_);
    return Event::open;
  }
  while (!frames_.empty()) {
    bool ended = false;
    const Value* element = step(ended);
    if (element != nullptr) {
      value_ = element;
      if (ValueAccess::is_leaf(*element)) return Event::leaf;
      open(*element);
      return Event::open;
    }
    if (!ended) continue;
    const Frame& frame = frames_.back();
    const Value* collection = frame.collection;
    if (frame.kind == Frame::Kind::sorted) sorted_.resize(frame.start);
    frames_.pop_back();
    if (collection != nullptr) {
      value_ = collection;
      return Event::close;
    }
  }
  return Event::done;
}

void Walk::skip() {
  Frame& frame = frames_.back();
  frame.value_is_next = false;
  if (frame.kind == Frame::Kind::sorted) {
    frame.index = sorted_.size();
    return;
  }
  frame.kind = Frame::Kind::elements;
  frame.at = frame.end = nullptr;
}

void Walk::open(const Value& collection) {
  Frame frame{Frame::Kind::elements, &collection, nullptr, nullptr, nullptr, 0, 0, 0, false};
  Object* object = ValueAccess::raw(collection);
  switch (ValueAccess::tag(collection)) {
    case Tag::vector:
      if (object->form == form::kBlock) {
        auto* block = static_cast<Block*>(object);
        frame.at = block->values();
        frame.end = frame.at + block->count;
      } else {
        frame.kind = Frame::Kind::vector_trie;
        frame.object = object;
      }
      break;
    case Tag::list:
      frame.kind = Frame::Kind::cons;
      frame.object = object->form == form::kEmptyList ? nullptr : object;
      break;
    case Tag::tagged:
      frame.at = &static_cast<TaggedObject*>(object)->value;
      frame.end = frame.at + 1;
      break;
    case Tag::map:
    case Tag::set:
      if (order_ == Order::sorted) return push_sorted(collection);
      if (object->form == form::kRecord) {
        frame.kind = Frame::Kind::record;
        frame.object = object;
      } else if (const Value& root = static_cast<Trie*>(object)->root; !root.is_nil()) {
        return push_node(&collection, root);
      }
      break;
    default:
      break;
  }
  frames_.push_back(frame);
}

void Walk::push_node(const Value* collection, const Value& node) {
  auto* n = ValueAccess::object<TrieNode>(node);
  const auto kind = n->form == form::kCollision ? Frame::Kind::collision : Frame::Kind::node;
  frames_.push_back(
      {kind, collection, n->slots(), nullptr, nullptr, 0, n->present, n->children, false});
}

void Walk::push_sorted(const Value& collection) {
  const std::size_t start = sorted_.size();
  if (collection.is_map()) {
    std::vector<std::pair<const Value*, const Value*>> entries;
    for (Entry e : collection.entries()) entries.emplace_back(&e.key, &e.value);
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return compare(*a.first, *b.first) < 0; });
    for (const auto& [key, value] : entries) {
      sorted_.push_back(key);
      sorted_.push_back(value);
    }
  } else {
    for (const Value& item : collection.items()) sorted_.push_back(&item);
    std::sort(sorted_.begin() + static_cast<std::ptrdiff_t>(start), sorted_.end(),
              [](const Value* a, const Value* b) { return compare(*a, *b) < 0; });
  }
  frames_.push_back(
      {Frame::Kind::sorted, &collection, nullptr, nullptr, nullptr, start, 0, 0, false, start});
}

const Value* Walk::step(bool& ended) {
  Frame& f = frames_.back();
  const bool is_map_slot = f.value_is_next;
  switch (f.kind) {
    case Frame::Kind::elements:
      if (f.at != f.end) return f.at++;
      break;
    case Frame::Kind::vector_trie: {
      if (f.at != f.end) return f.at++;
      auto* trie = static_cast<const VectorTrie*>(f.object);
      if (f.index == trie->count) break;
      const Run run = run_at(trie, f.index);
      f.index += run.count;
      f.at = run.first;
      f.end = run.first + run.count;
      return f.at++;
    }
    case Frame::Kind::cons: {
      auto* cons = static_cast<Cons*>(const_cast<Object*>(f.object));
      if (cons == nullptr) break;
      f.object = cons->rest.is_nil() ? nullptr : ValueAccess::raw(cons->rest);
      return &cons->first;
    }
    case Frame::Kind::record: {
      auto* record = static_cast<const Record*>(f.object);
      if (f.index == record->shape->size()) break;
      const std::uint32_t i = static_cast<std::uint32_t>(f.index);
      const std::uint32_t slot = order_ == Order::by_hash ? record->shape->by_hash()[i] : i;
      f.value_is_next = !is_map_slot;
      if (!is_map_slot) return &record->shape->key(slot);
      ++f.index;
      return &record->values()[slot];
    }
    case Frame::Kind::collision:
    case Frame::Kind::node: {
      if (is_map_slot) {
        f.value_is_next = false;
        return f.at++;
      }
      if (f.rest == 0) break;
      // A node knows by its slots' tag whether they are entries of a map or elements of a set; the tag of the
      // collection at the bottom of this run of frames says it.
      std::size_t at = frames_.size() - 1;
      while (frames_[at].collection == nullptr) --at;
      const bool is_map = frames_[at].collection->is_map();
      bool is_child = false;
      if (f.kind == Frame::Kind::node) {
        const std::uint32_t bit = f.rest & (0U - f.rest);
        f.rest ^= bit;
        is_child = (f.children & bit) != 0;
      } else {
        --f.rest;
      }
      const Value* slot = f.at;
      f.at += is_child && is_map ? 2 : 1;
      if (is_child) {
        push_node(nullptr, *slot);
        return nullptr;
      }
      f.value_is_next = is_map;
      return slot;
    }
    case Frame::Kind::sorted:
      if (f.index != sorted_.size()) return sorted_[f.index++];
      break;
  }
  ended = true;
  return nullptr;
}

}  // namespace onyx::edn
