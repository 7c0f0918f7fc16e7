// Collections whose elements are expressions.
#pragma once

#include <utility>

#include "common/edn/shape.h"
#include "common/lang/nodes/operand.h"

namespace onyx::lang {

class VectorNode final : public Node {
 public:
  explicit VectorNode(std::vector<NodePtr> items) : items_(std::move(items)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override { items_.mark(live); }

 private:
  Arguments items_;
};

// Elements that are equal at run time are an error, as in Clojure.
class SetNode final : public Node {
 public:
  SetNode(std::vector<NodePtr> items, PositionPtr position)
      : items_(std::move(items)), position_(std::move(position)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override { items_.mark(live); }

 private:
  Arguments items_;
  PositionPtr position_;
};

// {:a x :b y}: keys that make up a shape.
class RecordNode final : public Node {
 public:
  RecordNode(const edn::Shape* shape, std::vector<NodePtr> values)
      : shape_(shape), values_(std::move(values)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override { values_.mark(live); }

 private:
  const edn::Shape* shape_;
  Arguments values_;
};

class MapNode final : public Node {
 public:
  // Key, value, key, value …
  MapNode(std::vector<NodePtr> parts, PositionPtr position)
      : parts_(std::move(parts)), position_(std::move(position)) {}
  Value eval(Frame& frame) const override;
  void mark(Liveness& live) override { parts_.mark(live); }

 private:
  Arguments parts_;
  PositionPtr position_;
};

}  // namespace onyx::lang
