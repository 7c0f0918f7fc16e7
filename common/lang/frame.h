// The slots of one call of a compiled function.
#pragma once

#include "common/edn/shape.h"
#include "common/edn/value.h"
#include "common/lang/call.h"

namespace onyx::lang {

struct Code;
class Closure;

struct Frame {
  Value* slots;
  Call& call;
  const Code* code;           // for the trace
  const Closure* closure;     // captures; nullptr when the code has none
  bool is_recurring = false;  // recur has set the slots of its loop, which shall turn
};

// Where a node last found its key: the slot in maps of `shape`, or -1 when they lack it and adding it gives `with_key`.
// One per node and Instance.
struct InlineCache {
  const edn::Shape* shape = nullptr;
  const edn::Shape* with_key = nullptr;
  int slot = -1;
};

// Slots of the value stack that are given back on every way out.
class Slots {
 public:
  Slots(Call& call, std::size_t count) : call_(call), values_(call.take(count)), count_(count) {}
  ~Slots() { call_.give_back(values_, count_); }
  Slots(const Slots&) = delete;
  Slots& operator=(const Slots&) = delete;

  Value* data() { return values_; }
  Value& operator[](std::size_t i) { return values_[i]; }
  std::span<Value> span() { return {values_, count_}; }

 private:
  Call& call_;
  Value* values_;
  std::size_t count_;
};

}  // namespace onyx::lang
