#include "daemon/runtime/outbox.h"

#include <chrono>
#include <thread>

#include "daemon/cluster/coordination_log.h"
#include "daemon/coordination/entry_edn.h"

namespace onyx::runtime {

namespace {
constexpr std::chrono::milliseconds kBetweenTries{50};

bool is_ambiguous(const Error& error) {
  return error.code() == ErrorCode::unavailable || error.code() == ErrorCode::deadline_exceeded;
}
}  // namespace

Outbox::Outbox(cluster::Cluster& cluster, GroupId writer, Position start_at, std::size_t capacity)
    : cluster_(cluster),
      writer_(std::move(writer)),
      known_(start_at - 1),
      queue_(capacity),
      thread_("outbox", [this] { work(); }) {}

Outbox::~Outbox() { close(); }

bool Outbox::append(coordination::Draft draft, Done done) {
  return queue_.push({std::move(draft), std::move(done)});
}

void Outbox::close() {
  queue_.close();
  thread_.join();
}

void Outbox::work() {
  while (auto item = queue_.pop()) {
    auto result = append_exactly_once(item->draft);
    if (item->done) item->done(std::move(result));
  }
}

Result<Position> Outbox::append_exactly_once(const coordination::Draft& draft) {
  const std::int64_t seq = next_seq_++;
  const std::string text = coordination::encode(draft, writer_, seq);
  for (;;) {
    auto appended = cluster_.log().append(text);
    if (appended.has_value()) {
      known_ = *appended;
      return appended;
    }
    if (!is_ambiguous(appended.error())) return appended;
    // Unknown outcome: look whether it is there before writing again.
    for (;;) {
      if (cluster_.session() == cluster::SessionState::expired) return appended;
      auto found = find(seq);
      if (found.has_value()) {
        if (found->has_value()) return **found;
        break;
      }
      std::this_thread::sleep_for(kBetweenTries);
    }
  }
}

Result<std::optional<Position>> Outbox::find(std::int64_t seq) {
  ONYX_ASSIGN_OR_RETURN(const Position newest, cluster_.log().newest());
  for (Position position = known_ + 1; position <= newest; ++position) {
    ONYX_ASSIGN_OR_RETURN(const auto stored, cluster_.log().read(position));
    if (!stored.has_value()) continue;  // collected already
    const auto entry = coordination::decode(stored->text, stored->position, stored->created_at_ms);
    if (entry.writer == writer_ && entry.seq == seq) return std::optional<Position>(position);
  }
  return std::optional<Position>();
}

}  // namespace onyx::runtime
