// A compiled form: a tree of nodes that evaluate themselves over the slots of a frame.
//
// Shape:   immutable once mark() has run over the whole function; what changes at run time is in Frame and InlineCache.
//          A local is moved out of its slot where it is used for the last time, so that an update of a collection that
//          nobody else holds works in place. mark() finds these places: it goes through the nodes in the reverse order
//          of evaluation. Where the order does not matter (reading a local has no effect), nodes evaluate the plain
//          locals among their operands last.
// Errors:  eval throws Thrown or BudgetExceeded.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/edn/diagnostic.h"
#include "common/edn/value.h"
#include "common/lang/frame.h"

namespace onyx::lang {

// Which slots are still needed, seen from the end of a function backwards.
class Liveness {
 public:
  explicit Liveness(std::size_t slots) : live_(slots, false) {}

  // Notes a use of the slot; true when no later one exists.
  bool use(std::size_t slot) {
    const bool is_last = !live_[slot];
    live_[slot] = true;
    return is_last;
  }
  void merge(const Liveness& other) {
    for (std::size_t i = 0; i < live_.size(); ++i) {
      if (other.live_[i]) live_[i] = true;
    }
  }

 private:
  std::vector<bool> live_;
};

class Node {
 public:
  virtual ~Node() = default;

  virtual Value eval(Frame& frame) const = 0;
  virtual bool test(Frame& frame) const { return eval(frame).is_truthy(); }
  virtual void mark(Liveness& live) = 0;

  // A node that can lend its value without making a copy. It evaluates nothing but locals and constants, and the
  // pointer is good until anything else is evaluated.
  virtual bool can_lend() const { return false; }
  virtual const Value* lend(Frame&) const { return nullptr; }

  // True when this node moves the slot's value out as the very last thing, after everything that may fail: an exception
  // leaves the value in its slot, unchanged. False where it is not known. Asked after mark(); of records only.
  virtual bool takes_last(std::uint32_t) const { return false; }

  virtual const Value* constant() const { return nullptr; }
  virtual int local_slot() const { return -1; }
};

using NodePtr = std::unique_ptr<Node>;

// Where a node stands in the text, for the trace of an exception.
struct Position {
  std::shared_ptr<const std::string> file;
  edn::Span span;
  std::string form;
};
using PositionPtr = std::shared_ptr<const Position>;

}  // namespace onyx::lang
