#include "daemon/messaging/wire/vocabulary.h"

#include <algorithm>

#include "daemon/messaging/wire/format.h"
#include "daemon/messaging/wire/writer.h"

namespace onyx::messaging::wire {

namespace {

constexpr std::uint8_t kKeywordKey = 0;
constexpr std::uint8_t kStringKey = 1;

tl::unexpected<Error> malformed(const char* what) {
  return failure(ErrorCode::invalid_argument, std::string("a definition ") + what, "NET-15");
}

}  // namespace

std::uint32_t Numbers::add(const void* what) {
  if (count_ * 2 >= slots_.size()) {
    std::vector<Slot> old = std::move(slots_);
    slots_.assign(std::max<std::size_t>(64, old.size() * 2), {});
    mask_ = slots_.size() - 1;
    for (const Slot& slot : old) {
      if (slot.what == nullptr) continue;
      std::size_t i = place(slot.what);
      while (slots_[i & mask_].what != nullptr) ++i;
      slots_[i & mask_] = slot;
    }
  }
  std::size_t i = place(what);
  while (slots_[i & mask_].what != nullptr) ++i;
  slots_[i & mask_] = {what, count_};
  return count_++;
}

bool Announced::fits(std::size_t bytes) {
  if (bytes > kNameBytesMax || bytes_ + bytes > kDefinedBytesMax) return false;
  bytes_ += bytes;
  return true;
}

std::optional<std::uint32_t> Announced::add_name(const edn::Name* name) {
  if (names_.size() >= kNamesMax || !fits(name->text.size())) return std::nullopt;
  new_names_.push_back(name);
  return names_.add(name);
}

std::optional<std::uint32_t> Announced::other_shape(const edn::Shape* shape) {
  auto number = shapes_.find(shape);
  if (!number.has_value()) {
    if (shapes_.size() >= kShapesMax) return std::nullopt;
    for (const edn::Value& key : shape->keys()) {
      if (key.is_keyword() ? !name(key.name()).has_value() : !fits(key.as_string().size()))
        return std::nullopt;
    }
    new_shapes_.push_back(shape);
    number = shapes_.add(shape);
  }
  last_shape_ = shape;
  last_number_ = *number;
  return number;
}

void Announced::write_news(ByteBuffer& out) {
  Writer writer(out);
  writer.number(names_.size() - new_names_.size());
  writer.number(new_names_.size());
  for (const edn::Name* name : new_names_) writer.text(name->text);
  writer.need(0);
  writer.number(shapes_.size() - new_shapes_.size());
  writer.number(new_shapes_.size());
  for (const edn::Shape* shape : new_shapes_) {
    writer.need(0);
    writer.number(shape->size());
    for (const edn::Value& key : shape->keys()) {
      writer.need(0);
      if (key.is_keyword()) {
        writer.byte(kKeywordKey);
        writer.number(*names_.find(key.name()));
      } else {
        writer.byte(kStringKey);
        writer.text(key.as_string());
      }
    }
  }
  writer.done();
  new_names_.clear();
  new_shapes_.clear();
}

Result<void> Learnt::learn(Reader& body) {
  if (body.number() != names_.size()) return malformed("of names does not continue the last one");
  const std::size_t names = body.count(1);
  if (names_.size() + names > kNamesMax) return malformed("has too many names");
  for (std::size_t i = 0; i < names; ++i) {
    const std::string_view text = body.text(kNameBytesMax);
    bytes_ += text.size();
    if (text.empty() || bytes_ > kDefinedBytesMax)
      return malformed("has an empty or too long name");
    const edn::Name* name = edn::intern(text);
    if (name == nullptr) {
      return failure(ErrorCode::resource_exhausted,
                     "this process has no room for another keyword: keep such keys as strings",
                     "NET-15");
    }
    names_.push_back(name);
  }
  if (body.number() != shapes_.size()) return malformed("of shapes does not continue the last one");
  const std::size_t shapes = body.count(1);
  if (shapes_.size() + shapes > kShapesMax) return malformed("has too many shapes");
  for (std::size_t i = 0; i < shapes; ++i) {
    const std::size_t size = body.count(2);
    if (!body.ok() || size > edn::kShapeKeysMax) return malformed("has a shape with too many keys");
    Shape learnt;
    for (std::size_t k = 0; k < size; ++k) {
      edn::Value key;
      switch (body.byte()) {
        case kKeywordKey: {
          const edn::Name* keyword = name(body.number());
          if (keyword == nullptr) return malformed("has a shape with an unknown name");
          key = edn::Value::keyword(keyword);
          break;
        }
        case kStringKey: {
          const std::string_view text = body.text(kNameBytesMax);
          bytes_ += text.size();
          if (bytes_ > kDefinedBytesMax) return malformed("has too long keys");
          key = edn::Value::string(text);
          break;
        }
        default:
          return malformed("has a key that is neither keyword nor string");
      }
      if (std::find(learnt.keys.begin(), learnt.keys.end(), key) != learnt.keys.end())
        return malformed("has a shape with a key twice");
      learnt.keys.push_back(std::move(key));
    }
    if (!body.ok()) return malformed("is cut short");
    learnt.shape = edn::Shape::of(learnt.keys);
    shapes_.push_back(std::move(learnt));
  }
  if (!body.ok() || !body.at_end()) return malformed("is cut short or too long");
  return {};
}

}  // namespace onyx::messaging::wire
