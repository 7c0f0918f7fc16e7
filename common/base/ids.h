// Strong ids. Two ids of different kinds never compare, convert or mix.
//
// Shape:   ids of groups, peers and jobs are UUID texts, lower case, in the order of their texts; any other text is an
//          id too. Task ids are the task names without the colon ("in", "my.ns/parse").
// Units:   a UUID is held as its 128 bits: to copy and to compare one costs no more than two numbers. Its text is made
//          when it is asked for.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace onyx {

// The 128 bits of a UUID, the first digit highest. Never zero where ids use it: that is the empty text.
struct UuidBits {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  auto operator<=>(const UuidBits&) const = default;
};

// Nothing unless the text is exactly what uuid_text() prints.
std::optional<UuidBits> uuid_bits(std::string_view text);
std::string uuid_text(UuidBits bits);

// What the ids of all kinds have in common.
class UuidOrText {
 public:
  UuidOrText() = default;
  explicit UuidOrText(std::string_view text);

  bool empty() const { return bits_ == UuidBits{} && other_ == nullptr; }
  std::string text() const;
  std::size_t hash() const noexcept {
    return other_ == nullptr ? static_cast<std::size_t>(bits_.high ^ bits_.low) : hash_of_text();
  }

 protected:
  bool equals(const UuidOrText& other) const {
    return other_ == nullptr && other.other_ == nullptr ? bits_ == other.bits_ : texts_equal(other);
  }
  std::strong_ordering compare(const UuidOrText& other) const {
    return other_ == nullptr && other.other_ == nullptr ? bits_ <=> other.bits_
                                                        : compare_texts(other);
  }

 private:
  bool texts_equal(const UuidOrText& other) const;
  std::strong_ordering compare_texts(const UuidOrText& other) const;
  std::size_t hash_of_text() const noexcept;

  UuidBits bits_;
  std::shared_ptr<const std::string> other_;  // a text that is no UUID
};

template <class Tag>
class UuidId : public UuidOrText {
 public:
  using UuidOrText::UuidOrText;

  friend bool operator==(const UuidId& a, const UuidId& b) { return a.equals(b); }
  friend std::strong_ordering operator<=>(const UuidId& a, const UuidId& b) { return a.compare(b); }
};

template <class Tag>
class TextId {
 public:
  TextId() = default;
  explicit TextId(std::string text) : text_(std::move(text)) {}

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  std::size_t hash() const noexcept { return std::hash<std::string>()(text_); }
  auto operator<=>(const TextId&) const = default;

 private:
  std::string text_;
};

using GroupId = UuidId<struct GroupIdTag>;
using PeerId = UuidId<struct PeerIdTag>;
using JobId = UuidId<struct JobIdTag>;
using TaskId = TextId<struct TaskIdTag>;

using Position = std::int64_t;  // index of an entry in the coordination log; -1 before the first
using ReplicaVersion = std::int64_t;  // position of a job's last allocation change; -1 for none
using Epoch = std::int64_t;   // number of a barrier within one replica version; -1 before recovery
using SlotId = std::int32_t;  // a peer's stable number within its task, dense from 0

}  // namespace onyx

template <class Tag>
struct std::hash<onyx::UuidId<Tag>> {
  std::size_t operator()(const onyx::UuidId<Tag>& id) const noexcept { return id.hash(); }
};
template <class Tag>
struct std::hash<onyx::TextId<Tag>> {
  std::size_t operator()(const onyx::TextId<Tag>& id) const noexcept { return id.hash(); }
};
