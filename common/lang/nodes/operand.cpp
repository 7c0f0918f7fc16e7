#include "common/lang/nodes/operand.h"

namespace onyx::lang {

Arguments::Arguments(std::vector<NodePtr> nodes) : nodes_(std::move(nodes)) {
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i]->local_slot() < 0) order_.push_back(i);
  }
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i]->local_slot() >= 0) order_.push_back(i);
  }
}

void Arguments::mark(Liveness& live) const {
  for (auto i = order_.rbegin(); i != order_.rend(); ++i) nodes_[*i]->mark(live);
}

}  // namespace onyx::lang
