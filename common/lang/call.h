// One running evaluation: its limits, where it may pause, and the stack its locals live on.
//
// Shape:   a Call is made once per Instance and used for one evaluation after another; begin() resets what is counted.
// Limits:  steps, depth of calls, bytes allocated, length of a realised sequence, native stack. Hitting one throws
//          BudgetExceeded, which the language's `try` does not see.
// Thread:  one evaluation at a time, but poll() may pause it and go on with it on another thread: nothing here or in a
//          native function keeps a lock, a thread-local's address or a C++ `catch` block open across step().
// Units:   a step is a call of a function, a turn of a loop, or an element taken from a sequence.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/edn/value.h"

namespace onyx::lang {

using edn::Value;

struct Limits {
  std::int64_t steps = 10'000'000;
  std::int32_t depth = 1'000;
  std::uint64_t bytes = 64ull * 1024 * 1024;
  std::uint64_t sequence_length = 1'000'000;
};

enum class Limit : std::uint8_t { steps, depth, bytes, sequence_length, nesting, cancelled };

std::string_view name_of(Limit limit);  // "steps per call" …

// A limit was hit. Thrown through native functions up to Instance::call; never caught in between.
struct BudgetExceeded {
  Limit limit;
  std::string message;
};

// Where an evaluation lets others go on. Called every few thousand steps; returns true when the evaluation shall
// continue, false when it shall end (Limit::cancelled), which unwinds its stack.
class Yield {
 public:
  virtual ~Yield() = default;
  virtual bool poll() = 0;
};

// Where println and prn write: a line at a time, without the line feed.
class LineSink {
 public:
  virtual ~LineSink() = default;
  virtual void line(std::string_view text) = 0;
};

// Values may not nest deeper than this; deeper ones end the call (Limit::nesting).
inline constexpr std::uint16_t kNestingMax = 1'000;

// A depth with this bit set belongs to a value that is, or somewhere holds, a lazy sequence. Containers take it over
// from their elements, because a container's depth is one more than that of its deepest element.
inline constexpr std::uint16_t kLazyDepth = 0x8000;

struct InlineCache;

class Call {
 public:
  explicit Call(const Limits& limits = {}, Yield* yield = nullptr, LineSink* lines = nullptr);
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  // Before each evaluation: all counters start again. `stack_limit` is the lowest address that the native stack may
  // reach (a reserve for native code is kept above it); nullptr allows kStackBytesDefault below the caller.
  void begin(const void* stack_limit = nullptr);

  // --- for native functions ---
  // Counts one step. Call it once per element in every native loop.
  void step() {
    if (--countdown_ <= 0) [[unlikely]]
      pause();
  }
  // Counts memory that the pool does not see (buffers of std::string, std::vector), before it is used.
  void charge(std::size_t bytes) {
    charged_ += bytes;
    if (bytes > kChargeUnchecked) check_bytes();
  }
  // Before an element number `length` is kept of a sequence that is being realised.
  void check_length(std::uint64_t length) const {
    if (length > limits_.sequence_length) [[unlikely]]
      exceed_length();
  }
  // Refuses values nested too deep.
  void check_nesting(const Value& value) const {
    if ((value.depth() & ~kLazyDepth) > kNestingMax) [[unlikely]]
      exceed_nesting();
  }
  // The same of a container for the value, before the value goes in.
  void check_nesting_around(const Value& value) const {
    if ((value.depth() & ~kLazyDepth) >= kNestingMax) [[unlikely]]
      exceed_nesting();
  }
  void check_bytes();
  // Before recursion in native code that does not go through invoke().
  void check_stack() const {
    if (__builtin_frame_address(0) < stack_limit_) [[unlikely]]
      exceed_depth();
  }
  void print_line(std::string_view text);

  // --- for compiled code ---
  // `stack_bytes` is what the function's own body may need of the native stack.
  void enter(std::size_t stack_bytes) {
    step();
    if (depth_ >= limits_.depth ||
        static_cast<const char*>(__builtin_frame_address(0)) - stack_bytes < stack_limit_)
        [[unlikely]] {
      exceed_depth();
    }
    ++depth_;
  }
  void leave() { --depth_; }

  // `count` slots, all nil, on top of the value stack; give_back in reverse order, after making them nil again.
  Value* take(std::size_t count) {
    if (top_ + count > end_) [[unlikely]]
      return take_from_next_chunk(count);
    Value* slots = top_;
    top_ += count;
    return slots;
  }
  void give_back(Value* slots, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) slots[i] = Value();
    top_ = slots;
    if (slots == begin_) [[unlikely]]
      leave_chunk();
  }

  // Steps counted so far; deterministic for equal code and arguments.
  std::int64_t steps_used() const;
  const Limits& limits() const { return limits_; }
  void set_limits(const Limits& limits) { limits_ = limits; }
  void set_hooks(Yield* yield, LineSink* lines) {
    yield_ = yield;
    lines_ = lines;
  }

  static constexpr std::size_t kStackBytesDefault = 4 * 1024 * 1024;
#ifdef ONYX_SANITIZED
  static constexpr std::size_t kStackReserve = 256 * 1024;
#else
  static constexpr std::size_t kStackReserve = 32 * 1024;
#endif

  // Of the Instance that evaluates: what compiled code finds by index.
  struct Bindings {
    Value* globals = nullptr;  // the values of definitions
    InlineCache* caches = nullptr;
  };
  Bindings bindings;

 private:
  static constexpr std::int64_t kStepsPerPause = 2'048;
  static constexpr std::size_t kChargeUnchecked = 4'096;
  static constexpr std::size_t kChunkValues = 1'024;

  struct Chunk {
    std::unique_ptr<Value[]> values;
    std::size_t size;
    Value* resume_top;  // where the chunk below goes on
  };

  void pause();
  [[noreturn]] void exceed_depth() const;
  [[noreturn]] void exceed_length() const;
  [[noreturn]] void exceed_nesting() const;
  Value* take_from_next_chunk(std::size_t count);
  void leave_chunk();

  std::int64_t countdown_ = kStepsPerPause;
  const void* stack_limit_ = nullptr;
  std::int32_t depth_ = 0;
  Value* top_ = nullptr;
  Value* end_ = nullptr;
  Value* begin_ = nullptr;  // of the current chunk, nullptr while it is the first
  Limits limits_;
  Yield* yield_;
  LineSink* lines_;
  std::int64_t steps_before_ = 0;                // counted at earlier pauses
  std::int64_t steps_granted_ = kStepsPerPause;  // since then: steps_granted_ - countdown_
  std::uint64_t charged_ = 0;                    // bytes of earlier threads, and charge()
  std::uint64_t allocated_at_start_ = 0;         // allocated_bytes() when this thread took over
  std::vector<Chunk> chunks_;
};

}  // namespace onyx::lang
