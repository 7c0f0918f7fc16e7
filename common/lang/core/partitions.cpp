#include <deque>
#include <optional>

#include "common/lang/core/areas.h"
#include "common/lang/core/lazy.h"
#include "common/lang/core/transducers.h"

namespace onyx::lang::core {

namespace {

std::int64_t size_of(std::string_view function, const Value& value) {
  const std::int64_t n = whole_of(function, value);
  if (n <= 0) {
    raise(ErrorClass::illegal_argument, std::string(function) + " needs a size and a step above 0");
  }
  return n;
}

// Parts of n elements, the next starting `step` after the last. What is short at the end is filled from the padding,
// if there is one (`partition`), or kept short (`partition-all`), or left out.
class Parts final : public Producer {
 public:
  Parts(const Value& source, std::string_view function, std::int64_t n, std::int64_t step)
      : cursor_(source, function), n_(n), step_(step) {
    holds(source);
  }
  void pad_with(const Value& padding) {
    holds(padding);
    padding_.emplace(padding, "partition");
  }
  void keep_short() { keeps_short_ = true; }

  bool next(Call& call, Value& out) override {
    if (is_over_ || !fill(call)) return false;
    std::vector<Value> part(window_.begin(), window_.end());
    call.charge(part.size() * sizeof(Value));
    if (static_cast<std::int64_t>(part.size()) < n_) {
      is_over_ = !keeps_short_;
      Value item;
      while (padding_ && static_cast<std::int64_t>(part.size()) < n_ &&
             padding_->next(call, item)) {
        keep(call, part, std::move(item));
      }
    }
    out = Value::list(std::move(part));
    advance(call);
    return true;
  }

 private:
  // The window gets up to n elements; false when no part starts here.
  bool fill(Call& call) {
    Value item;
    while (static_cast<std::int64_t>(window_.size()) < n_ && cursor_.next(call, item)) {
      call.check_length(window_.size());
      call.charge(sizeof(Value));
      window_.push_back(std::move(item));
    }
    if (window_.empty()) return false;
    return static_cast<std::int64_t>(window_.size()) == n_ || padding_ || keeps_short_;
  }

  void advance(Call& call) {
    Value skipped;
    for (std::int64_t left = step_; left > 0; --left) {
      if (!window_.empty()) {
        call.step();
        window_.pop_front();
      } else if (!cursor_.next(call, skipped)) {
        is_over_ = true;
        return;
      }
    }
  }

  SeqCursor cursor_;
  std::int64_t n_;
  std::int64_t step_;
  std::optional<SeqCursor> padding_;
  bool keeps_short_ = false;
  bool is_over_ = false;
  std::deque<Value> window_;
};

Value partition(Call&, Args args) {
  const std::int64_t n = size_of("partition", args[0]);
  const std::int64_t step = args.size() > 2 ? size_of("partition", args[1]) : n;
  auto parts = std::make_unique<Parts>(args.back(), "partition", n, step);
  if (args.size() == 4) parts->pad_with(args[2]);
  return Sequence::make(std::move(parts));
}

Value partition_all(Call&, Args args) {
  const std::int64_t n = size_of("partition-all", args[0]);
  if (args.size() == 1) return partition_all_transducer(n);
  const std::int64_t step = args.size() == 3 ? size_of("partition-all", args[1]) : n;
  auto parts = std::make_unique<Parts>(args.back(), "partition-all", n, step);
  parts->keep_short();
  return Sequence::make(std::move(parts));
}

Value partition_by(Call&, Args args) {
  if (args.size() == 1) return partition_by_transducer(std::move(args[0]));
  const Callee f(std::move(args[0]));
  struct Ahead {
    Value item;
    Value key;
  };
  return lazy({&f.value(), &args[1]},
              [f, cursor = SeqCursor(args[1], "partition-by"), ahead = std::optional<Ahead>(),
               is_over = false](Call& c, Value& out) mutable {
                Value item;
                if (!ahead) {
                  if (is_over || !cursor.next(c, item)) return false;
                  Value key = f(c, Value(item));
                  ahead = Ahead{std::move(item), std::move(key)};
                }
                std::vector<Value> part;
                keep(c, part, std::move(ahead->item));
                const Value key = std::move(ahead->key);
                ahead.reset();
                while (cursor.next(c, item)) {
                  Value next_key = f(c, Value(item));
                  if (!equal(c, key, next_key)) {
                    ahead = Ahead{std::move(item), std::move(next_key)};
                    break;
                  }
                  keep(c, part, std::move(item));
                }
                is_over = !ahead;
                out = Value::list(std::move(part));
                return true;
              });
}

Value split_at(Call& call, Args args) {
  const std::int64_t n = whole_of("split-at", args[0]);
  SeqCursor cursor(std::move(args[1]), "split-at");
  std::vector<Value> front;
  Value item;
  while (static_cast<std::int64_t>(front.size()) < n && cursor.next(call, item)) {
    keep(call, front, std::move(item));
  }
  return pair(Value::list(std::move(front)), cursor.rest());
}

Value split_with(Call& call, Args args) {
  const Callee f(std::move(args[0]));
  SeqCursor cursor(std::move(args[1]), "split-with");
  std::vector<Value> front;
  Value item;
  while (cursor.next(call, item)) {
    if (!f(call, Value(item)).is_truthy()) {
      return pair(Value::list(std::move(front)), cons(call, std::move(item), cursor.rest()));
    }
    keep(call, front, std::move(item));
  }
  return pair(Value::list(std::move(front)), Value::list());
}

constexpr Native kPartitionsTable[] = {
    {kCore, "partition", 2, 4, partition,
     "Lists of n elements each, the next starting step after the last; a short one at the end is "
     "dropped, or padded."},
    {kCore, "partition-all", 1, 3, partition_all,
     "Lists of n elements each, the last perhaps shorter; a transducer without a collection."},
    {kCore, "partition-by", 1, 2, partition_by,
     "Lists of elements in a row with the same (f element); a transducer without a collection."},
    {kCore, "split-at", 2, 2, split_at, "A vector of the first n elements and the others."},
    {kCore, "split-with", 2, 2, split_with,
     "A vector of the elements before the first for which f is false, and the others."},
};

}  // namespace

std::span<const Native> partitions_table() { return kPartitionsTable; }

}  // namespace onyx::lang::core
