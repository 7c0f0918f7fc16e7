// From a path into a value to the place in its text.
#include "common/edn/objects.h"
#include "common/edn/reader.h"

namespace onyx::edn {

namespace {

// The index among `place`'s children of the key or element, or -1.
std::ptrdiff_t child_by_hash(const Place& place, const Value& key, std::size_t stride) {
  const std::uint64_t hash = stable_hash(key);
  for (std::size_t i = 0; i < place.children.size(); i += stride) {
    if (place.children[i].hash == hash) return static_cast<std::ptrdiff_t>(i);
  }
  return -1;
}

}  // namespace

Span locate(const Value& root, const Place& place, const std::vector<Value>& path, bool of_key) {
  const Value* value = &root;
  const Place* at = &place;
  for (std::size_t i = 0; i < path.size(); ++i) {
    // A path does not mention tags.
    while (value->is(Kind::tagged) && !at->children.empty()) {
      value = &value->tagged_value();
      at = &at->children[0];
    }
    const Value& step = path[i];
    const Value* next = nullptr;
    std::ptrdiff_t child = -1;
    if (value->is_sequential()) {
      if (!step.is_integer() || step.as_integer() < 0 ||
          static_cast<std::uint64_t>(step.as_integer()) >= value->count()) {
        break;
      }
      child = step.as_integer();
      next = &value->at(static_cast<std::size_t>(child));
    } else if (value->is_map() || value->is_set()) {
      next = value->find(step);
      if (next != nullptr) child = child_by_hash(*at, step, value->is_map() ? 2 : 1);
    }
    if (next == nullptr || child < 0) break;
    if (value->is_map()) {
      if (of_key && i + 1 == path.size()) return at->children[static_cast<std::size_t>(child)].span;
      ++child;
    }
    if (static_cast<std::size_t>(child) >= at->children.size()) break;
    at = &at->children[static_cast<std::size_t>(child)];
    value = next;
  }
  return at->span;
}

}  // namespace onyx::edn
