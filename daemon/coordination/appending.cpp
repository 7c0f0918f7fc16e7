#include "daemon/coordination/appending.h"

#include "common/base/check.h"
#include "daemon/coordination/entry_edn.h"

namespace onyx::coordination {

namespace {

bool is_ambiguous(const Error& error) {
  return error.code() == ErrorCode::unavailable || error.code() == ErrorCode::deadline_exceeded;
}

}  // namespace

Appending::Appending(const Draft& draft, GroupId writer, std::int64_t seq, Position known)
    : writer_(std::move(writer)),
      seq_(seq),
      text_(encode(draft, writer_, seq)),
      known_(known),
      step_(Append{}) {}

void Appending::appended(const Result<Position>& result, bool session_over) {
  ONYX_CHECK(std::holds_alternative<Append>(step_), "entry {} of {}", seq_, writer_.text());
  if (result.has_value()) {
    known_ = *result;
    step_ = Done{result};
  } else if (!is_ambiguous(result.error())) {
    step_ = Done{result};
  } else {
    // Unknown outcome: look whether it is there before writing again.
    trouble_ = result.error();
    ask_or_end(AskNewest{}, session_over);
  }
}

void Appending::newest(const Result<Position>& result, bool session_over) {
  if (!result.has_value()) return ask_or_end(Pause{}, session_over);
  newest_ = *result;
  look_from(known_ + 1);
}

void Appending::read(const Result<std::optional<LogEntry>>& result, bool session_over) {
  const Position position = std::get<Read>(step_).position;
  if (!result.has_value()) return ask_or_end(Pause{}, session_over);
  const std::optional<LogEntry>& entry = *result;
  if (entry && entry->writer == writer_ && entry->seq == seq_) {
    known_ = position;
    step_ = Done{position};
    return;
  }
  look_from(position + 1);  // one that is not there any more has been collected
}

void Appending::paused(bool session_over) { ask_or_end(AskNewest{}, session_over); }

void Appending::look_from(Position position) {
  if (position <= newest_) {
    step_ = Read{position};
  } else {
    step_ = Append{};
  }
}

void Appending::ask_or_end(Step ask, bool session_over) {
  if (session_over) {
    step_ = Done{tl::unexpected(*trouble_)};
  } else {
    step_ = std::move(ask);
  }
}

}  // namespace onyx::coordination
