// try, catch, finally, throw. Budget errors pass through all of them.
#pragma once

#include <utility>

#include "common/lang/nodes/call.h"

namespace onyx::lang {

class TryNode final : public Node {
 public:
  struct Catch {
    bool only_exception_info;
    std::uint32_t slot;
    NodePtr body;
  };
  TryNode(NodePtr body, std::vector<Catch> catches, NodePtr finally)
      : body_(std::move(body)), catches_(std::move(catches)), finally_(std::move(finally)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override;

 private:
  Value guarded(Frame& frame) const;

  NodePtr body_;
  std::vector<Catch> catches_;
  NodePtr finally_;  // may be null
};

class ThrowNode final : public Node {
 public:
  ThrowNode(NodePtr exception, PositionPtr position)
      : exception_(std::move(exception)), position_(std::move(position)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override { exception_->mark(live); }

 private:
  NodePtr exception_;
  PositionPtr position_;
};

}  // namespace onyx::lang
