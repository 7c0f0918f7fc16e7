#include "daemon/task/messenger_output.h"

#include <bit>
#include <utility>

#include "common/base/check.h"

namespace onyx::task {

MessengerOutput::MessengerOutput(std::vector<std::unique_ptr<messaging::Publisher>> publishers,
                                 const std::vector<dataflow::GroupBy>& grouping,
                                 dataflow::Evaluator& evaluator)
    : evaluator_(evaluator) {
  ONYX_CHECK(publishers.size() == grouping.size(), "{} publishers for {} successors",
             publishers.size(), grouping.size());
  lanes_.reserve(publishers.size());
  for (std::size_t i = 0; i < publishers.size(); ++i) {
    lanes_.push_back({std::move(publishers[i]), dataflow::Grouper(grouping[i]), false});
  }
}

MessengerOutput::Done MessengerOutput::put_all(std::vector<edn::Value>& segments,
                                               dataflow::RouteMask to) {
  for (dataflow::RouteMask left = to; left != 0; left &= left - 1) {
    Lane& lane = lanes_[static_cast<std::size_t>(std::countr_zero(left))];
    const bool is_last = (left & (left - 1)) == 0;
    if (is_last && !lane.grouper.group_by().is_grouped()) {
      lane.publisher->put_all(segments);
      continue;
    }
    for (edn::Value& segment : segments) {
      if (Done done = put(lane, is_last ? std::move(segment) : segment); !done.has_value())
        return done;
    }
  }
  segments.clear();
  return {};
}

MessengerOutput::Done MessengerOutput::put_routed(std::vector<dataflow::Routed>& routed) {
  for (dataflow::Routed& one : routed) {
    for (dataflow::RouteMask left = one.to; left != 0; left &= left - 1) {
      Lane& lane = lanes_[static_cast<std::size_t>(std::countr_zero(left))];
      const bool is_last = (left & (left - 1)) == 0;
      if (Done done = put(lane, is_last ? std::move(one.segment) : one.segment); !done.has_value())
        return done;
    }
  }
  routed.clear();
  return {};
}

MessengerOutput::Done MessengerOutput::put(Lane& lane, edn::Value segment) {
  if (!lane.grouper.group_by().is_grouped()) {
    lane.publisher->put(std::move(segment));
    return {};
  }
  const auto slot = slot_of(lane, segment);
  if (!slot.has_value()) return tl::unexpected(slot.error());
  lane.publisher->put(std::move(segment), *slot);
  return {};
}

tl::expected<SlotId, edn::Value> MessengerOutput::slot_of(Lane& lane, const edn::Value& segment) {
  const SlotId slots = lane.publisher->slots();
  const dataflow::GroupBy& group_by = lane.grouper.group_by();
  if (group_by.kind != dataflow::GroupBy::Kind::function)
    return lane.grouper.slot_of(segment, slots);
  edn::Value argument = segment;
  const dataflow::Evaluated group = evaluator_.call(group_by.function, {&argument, 1});
  if (!group.has_value()) return tl::unexpected(group.error());
  return dataflow::slot_of(*group, slots);
}

template <class Try>
bool MessengerOutput::round(Try&& attempt) {
  bool all = true;
  for (Lane& lane : lanes_) {
    lane.is_done = lane.is_done || attempt(*lane.publisher);
    all = all && lane.is_done;
  }
  if (all) {
    for (Lane& lane : lanes_) lane.is_done = false;
  }
  return all;
}

bool MessengerOutput::flush() {
  return round([](messaging::Publisher& publisher) { return publisher.flush(); });
}

bool MessengerOutput::offer(const barrier::Barrier& barrier) {
  return round([&](messaging::Publisher& publisher) { return publisher.offer(barrier); });
}

}  // namespace onyx::task
