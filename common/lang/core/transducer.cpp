#include "common/lang/core/transducer.h"

#include <deque>
#include <memory>

#include "common/lang/core/lazy.h"
#include "common/lang/core/reduction.h"

namespace onyx::lang::core {

namespace {

class Stage final : public Function {
 public:
  Stage(const StageKind& kind, Value next, Value f, std::int64_t n)
      : kind_(kind), state_{Callee(std::move(next)), Callee(std::move(f)), n} {
    holds(state_.next.value());
    holds(state_.f.value());
  }

  Value call(Call& call, std::span<Value> args) const override {
    call.step();
    call.check_stack();
    switch (args.size()) {
      case 0:
        return state_.next(call);
      case 1:
        return kind_.end == nullptr ? state_.next(call, std::move(args[0]))
                                    : kind_.end(call, state_, std::move(args[0]));
      default:
        return kind_.step(call, state_, std::move(args[0]), args.subspan(1));
    }
  }
  std::string_view name() const override { return kind_.name; }
  bool accepts(std::size_t) const override { return true; }

 private:
  const StageKind& kind_;
  mutable StageState state_;
};

class Transducer final : public Function {
 public:
  Transducer(const StageKind& kind, Value f, std::int64_t n)
      : kind_(kind), f_(std::move(f)), n_(n) {
    holds(f_);
  }

  Value call(Call& call, std::span<Value> args) const override {
    if (args.size() != 1) raise_arity("a transducer", args.size(), "1");
    call.step();
    Value stage = Value::extension(new Stage(kind_, std::move(args[0]), f_, n_));
    call.check_nesting(stage);
    return stage;
  }
  std::string_view name() const override { return kind_.name; }
  bool accepts(std::size_t n) const override { return n == 1; }

 private:
  const StageKind& kind_;
  Value f_;
  std::int64_t n_;
};

// The last reducing function of a lazy transformation: what reaches it waits to be taken.
class Tray final : public Function {
 public:
  Value call(Call& call, std::span<Value> args) const override {
    if (args.size() < 2) return args.empty() ? Value() : std::move(args[0]);
    call.charge(sizeof(Value));
    call.check_length(items.size());
    items.push_back(std::move(args[1]));
    return std::move(args[0]);
  }
  std::string_view name() const override { return "sequence"; }
  bool accepts(std::size_t) const override { return true; }

  mutable std::deque<Value> items;
};

}  // namespace

Value make_transducer(const StageKind& kind, Value f, std::int64_t n) {
  return Value::extension(new Transducer(kind, std::move(f), n));
}

Value transduced(Call& call, Value transducer, std::vector<Value> sources) {
  auto* tray = new Tray;
  Value tray_value = Value::extension(tray);
  Value stage = invoke(call, transducer, Value(tray_value));
  std::vector<SeqCursor> cursors;
  for (Value& source : sources) cursors.emplace_back(std::move(source), "sequence");
  const Value held = stage;
  return lazy({&held}, [tray, tray_value, stage = Callee(std::move(stage)),
                        cursors = std::move(cursors), ended = false](Call& c, Value& out) mutable {
    std::vector<Value> args(cursors.size() + 1);
    while (tray->items.empty()) {
      if (ended) return false;
      args[0] = Value();
      bool has_all = true;
      for (std::size_t i = 0; i < cursors.size() && has_all; ++i) {
        has_all = cursors[i].next(c, args[i + 1]);
      }
      if (!has_all || is_reduced(stage.apply(c, args))) {
        stage(c, Value());
        ended = true;
      }
    }
    out = std::move(tray->items.front());
    tray->items.pop_front();
    return true;
  });
}

}  // namespace onyx::lang::core
