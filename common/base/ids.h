// Strong ids. Two ids of different kinds never compare, convert or mix.
//
// Shape:   ids of groups, peers and jobs are UUID texts, lower case, compared by text; task ids are the task names
//          without the colon ("in", "my.ns/parse").
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace onyx {

template <class Tag>
class TextId {
 public:
  TextId() = default;
  explicit TextId(std::string text) : text_(std::move(text)) {}

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const TextId&) const = default;

 private:
  std::string text_;
};

using GroupId = TextId<struct GroupIdTag>;
using PeerId = TextId<struct PeerIdTag>;
using JobId = TextId<struct JobIdTag>;
using TaskId = TextId<struct TaskIdTag>;

using Position = std::int64_t;  // index of an entry in the coordination log; -1 before the first
using ReplicaVersion = std::int64_t;  // position of a job's last allocation change; -1 for none
using Epoch = std::int64_t;   // number of a barrier within one replica version; -1 before recovery
using SlotId = std::int32_t;  // a peer's stable number within its task, dense from 0

}  // namespace onyx

template <class Tag>
struct std::hash<onyx::TextId<Tag>> {
  std::size_t operator()(const onyx::TextId<Tag>& id) const noexcept {
    return std::hash<std::string>()(id.text());
  }
};
