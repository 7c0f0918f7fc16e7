// The output of every task that has successors: routed segments, to the peers of the next tasks.
//
// Shape:   one publisher per successor. put() places copies; flush() and offer() hand over and say whether all could; each
//          publisher is asked by itself, so a slow one does not hold the others back.
// Thread:  the task's.
// Errors:  an exception of a grouping function.
#pragma once

#include <memory>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/dataflow/evaluator.h"
#include "daemon/dataflow/flow_conditions.h"
#include "daemon/dataflow/grouping.h"
#include "daemon/dataflow/router.h"
#include "daemon/messaging/messenger.h"

namespace onyx::task {

class MessengerOutput {
 public:
  using Done = tl::expected<void, edn::Value>;

  // `grouping` by successor, in the order of the publishers; it and the evaluator outlive this.
  MessengerOutput(std::vector<std::unique_ptr<messaging::Publisher>> publishers,
                  const std::vector<dataflow::GroupBy>& grouping, dataflow::Evaluator& evaluator);

  // Everything to the successors of `to`; `segments` is left empty.
  Done put_all(std::vector<edn::Value>& segments, dataflow::RouteMask to);
  Done put_routed(std::vector<dataflow::Routed>& routed);

  // False: not everything yet, call again. Begins anew after it gave true.
  bool flush();
  bool offer(const barrier::Barrier& barrier);

 private:
  struct Lane {
    std::unique_ptr<messaging::Publisher> publisher;
    dataflow::Grouper grouper;
    bool is_done = false;  // in the round of flush() or offer() that is going on
  };

  Done put(Lane& lane, edn::Value segment);
  tl::expected<SlotId, edn::Value> slot_of(Lane& lane, const edn::Value& segment);
  template <class Try>
  bool round(Try&& attempt);

  std::vector<Lane> lanes_;
  dataflow::Evaluator& evaluator_;
};

}  // namespace onyx::task
