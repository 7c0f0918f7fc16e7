#include "common/lang/call.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/base/pool.h"

namespace onyx::lang {

std::string_view name_of(Limit limit) {
  switch (limit) {
    case Limit::steps:
      return "steps per call";
    case Limit::depth:
      return "call depth";
    case Limit::bytes:
      return "bytes per call";
    case Limit::sequence_length:
      return "length of a realised sequence";
    case Limit::nesting:
      return "nesting of a value";
    case Limit::cancelled:
      return "cancelled";
  }
  return "";
}

Call::Call(const Limits& limits, Yield* yield, LineSink* lines)
    : limits_(limits), yield_(yield), lines_(lines) {
  chunks_.push_back({std::make_unique<Value[]>(kChunkValues), kChunkValues, nullptr});
  top_ = chunks_.back().values.get();
  end_ = top_ + kChunkValues;
  begin();
}

Call::~Call() = default;

void Call::begin(const void* stack_limit) {
  stack_limit_ = (stack_limit != nullptr
                      ? static_cast<const char*>(stack_limit)
                      : static_cast<const char*>(__builtin_frame_address(0)) - kStackBytesDefault) +
                 kStackReserve;
  countdown_ = std::min(kStepsPerPause, limits_.steps + 1);
  steps_before_ = 0;
  steps_granted_ = countdown_;
  depth_ = 0;
  charged_ = 0;
  allocated_at_start_ = allocated_bytes();
}

std::int64_t Call::steps_used() const { return steps_before_ + steps_granted_ - countdown_; }

void Call::pause() {
  steps_before_ += steps_granted_ - countdown_;
  if (steps_before_ > limits_.steps) {
    steps_granted_ = countdown_ = 1;  // Further steps, of destructors of nothing, stay refused.
    throw BudgetExceeded{
        Limit::steps,
        fmt::format(
            "the call took more than {} steps, which is the limit for steps per call; an endless "
            "loop or sequence?",
            limits_.steps)};
  }
  steps_granted_ = countdown_ = std::min(kStepsPerPause, limits_.steps + 1 - steps_before_);
  check_bytes();
  if (yield_ != nullptr) {
    // The evaluation may go on on another thread, whose count of bytes is its own.
    charged_ += allocated_bytes() - allocated_at_start_;
    const bool goes_on = yield_->poll();
    allocated_at_start_ = allocated_bytes();
    if (!goes_on) throw BudgetExceeded{Limit::cancelled, "the call was ended from outside"};
  }
}

void Call::check_bytes() {
  const std::uint64_t used = charged_ + (allocated_bytes() - allocated_at_start_);
  if (used > limits_.bytes) [[unlikely]] {
    throw BudgetExceeded{
        Limit::bytes, fmt::format("the call used {} bytes of memory, and the limit for bytes per "
                                  "call is {}",
                                  used, limits_.bytes)};
  }
}

void Call::exceed_depth() const {
  throw BudgetExceeded{
      Limit::depth,
      fmt::format("calls were nested more than {} deep, or deeper than the stack allows, "
                  "which is the limit for call depth; use loop and recur, or reduce",
                  depth_)};
}

void Call::exceed_length() const {
  throw BudgetExceeded{
      Limit::sequence_length,
      fmt::format("a sequence of more than {} elements was realised, which is the limit "
                  "for the length of a realised sequence; is it endless?",
                  limits_.sequence_length)};
}

void Call::exceed_nesting() const {
  throw BudgetExceeded{
      Limit::nesting,
      fmt::format("a value was nested more than {} deep, which is the limit for nesting "
                  "of a value",
                  kNestingMax)};
}

void Call::print_line(std::string_view text) {
  if (lines_ != nullptr) lines_->line(text);
}

Value* Call::take_from_next_chunk(std::size_t count) {
  const std::size_t size = std::max(count, kChunkValues);
  chunks_.push_back({std::make_unique<Value[]>(size), size, top_});
  begin_ = chunks_.back().values.get();
  top_ = begin_ + count;
  end_ = begin_ + size;
  return begin_;
}

void Call::leave_chunk() {
  top_ = chunks_.back().resume_top;
  chunks_.pop_back();
  end_ = chunks_.back().values.get() + chunks_.back().size;
  begin_ = chunks_.size() == 1 ? nullptr : chunks_.back().values.get();
}

}  // namespace onyx::lang
