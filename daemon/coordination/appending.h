// One entry on its way into the log, exactly once, although a create may fail without saying whether it happened.
//
//      Append ── known outcome ─────────────────────────▶ Done
//        │ ▲
//        │ └── not there ──┐
//        └─ unknown ─▶ AskNewest ─▶ Read, Read, … ─ there ▶ Done
//                        ▲ │ unknown
//                        └─┴─ Pause             unknown, and the session is over ─▶ Done (the error)
//
// Shape:   step() says what to do; its outcome is told by the call of the same name, which leads to the next step.
// Thread:  a value; the outbox's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "common/base/ids.h"
#include "common/base/result.h"
#include "daemon/coordination/entry.h"

namespace onyx::coordination {

class Appending {
 public:
  struct Append {};     // create an entry with text()
  struct AskNewest {};  // the newest position of the log
  struct Read {         // this entry, if it is still there
    Position position;
  };
  struct Pause {};  // before asking again
  struct Done {
    Result<Position> result;
  };
  using Step = std::variant<Append, AskNewest, Read, Pause, Done>;

  // `known`: this writer's earlier entries lie at or before this position.
  Appending(const Draft& draft, GroupId writer, std::int64_t seq, Position known);

  const Step& step() const { return step_; }
  const std::string& text() const { return text_; }
  Position known() const { return known_; }

  // `session_over`: nothing can be asked in this session any more.
  void appended(const Result<Position>& result, bool session_over);
  void newest(const Result<Position>& result, bool session_over);
  void read(const Result<std::optional<LogEntry>>& result, bool session_over);
  void paused(bool session_over);

 private:
  void look_from(Position position);
  void ask_or_end(Step ask, bool session_over);

  GroupId writer_;
  std::int64_t seq_;
  std::string text_;
  Position known_;
  Position newest_ = -1;
  std::optional<Error> trouble_;  // of the last create
  Step step_;
};

}  // namespace onyx::coordination
