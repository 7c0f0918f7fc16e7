// Names and shapes that one direction of a connection refers to by number.
//
// Shape:   Announced is the sender's side: it gives numbers, in order, and remembers what has not been sent yet. Learnt is
//          the receiver's side. Both refuse past the limits of format.h; what is refused is written out in full.
// Thread:  the connection's.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/edn/shape.h"
#include "common/edn/value.h"
#include "daemon/messaging/wire/byte_buffer.h"
#include "daemon/messaging/wire/reader.h"

namespace onyx::messaging::wire {

// Address → number, by open addressing.
class Numbers {
 public:
  // nullopt when it has none yet.
  std::optional<std::uint32_t> find(const void* what) const {
    if (slots_.empty()) return std::nullopt;
    for (std::size_t i = place(what);; ++i) {
      const Slot& slot = slots_[i & mask_];
      if (slot.what == what) return slot.number;
      if (slot.what == nullptr) return std::nullopt;
    }
  }
  std::uint32_t add(const void* what);
  std::uint32_t size() const { return count_; }

 private:
  struct Slot {
    const void* what = nullptr;
    std::uint32_t number = 0;
  };
  std::size_t place(const void* what) const {
    return reinterpret_cast<std::uintptr_t>(what) * 0x9e3779b97f4a7c15U >> 32;
  }

  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  std::uint32_t count_ = 0;
};

class Announced {
 public:
  // The number, given now if need be; nullopt past a limit.
  std::optional<std::uint32_t> name(const edn::Name* name) {
    if (const auto known = names_.find(name)) return known;
    return add_name(name);
  }
  std::optional<std::uint32_t> shape(const edn::Shape* shape) {
    if (shape == last_shape_) return last_number_;
    return other_shape(shape);
  }

  bool has_news() const { return !new_names_.empty() || !new_shapes_.empty(); }
  // The body of a define frame with everything new, at the end of `out`.
  void write_news(ByteBuffer& out);

 private:
  std::optional<std::uint32_t> add_name(const edn::Name* name);
  std::optional<std::uint32_t> other_shape(const edn::Shape* shape);
  bool fits(std::size_t bytes);

  Numbers names_;
  Numbers shapes_;
  const edn::Shape* last_shape_ = nullptr;
  std::uint32_t last_number_ = 0;
  std::size_t bytes_ = 0;  // of all texts defined; <= kDefinedBytesMax
  std::vector<const edn::Name*> new_names_;
  std::vector<const edn::Shape*> new_shapes_;
};

class Learnt {
 public:
  struct Shape {
    const edn::Shape* shape = nullptr;  // nullptr: this process has no room for it
    std::vector<edn::Value> keys;
  };

  // Takes the body of a define frame.
  Result<void> learn(Reader& body);

  const edn::Name* name(std::uint64_t number) const {
    return number < names_.size() ? names_[number] : nullptr;
  }
  const Shape* shape(std::uint64_t number) const {
    return number < shapes_.size() ? &shapes_[number] : nullptr;
  }

 private:
  std::vector<const edn::Name*> names_;
  std::vector<Shape> shapes_;
  std::size_t bytes_ = 0;
};

}  // namespace onyx::messaging::wire
