#include "daemon/runtime/outbox.h"

#include <chrono>
#include <thread>

#include "daemon/cluster/coordination_log.h"
#include "daemon/cluster/fence.h"
#include "daemon/coordination/appending.h"
#include "daemon/coordination/entry_edn.h"

namespace onyx::runtime {

namespace {
constexpr std::chrono::milliseconds kBetweenTries{50};
}  // namespace

Outbox::Outbox(cluster::Cluster& cluster, GroupId writer, Position start_at, std::size_t capacity)
    : cluster_(cluster),
      fence_(cluster.fence()),
      writer_(std::move(writer)),
      known_(start_at - 1),
      queue_(capacity),
      thread_("outbox", [this] { work(); }) {}

Outbox::~Outbox() { close(); }

bool Outbox::append(coordination::Draft draft, Done done) {
  return queue_.push({std::move(draft), std::move(done)});
}

bool Outbox::append_now(coordination::Draft draft, Done done) {
  return queue_.push_over({std::move(draft), std::move(done)});
}

void Outbox::close() {
  closing_.store(true);
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
  using coordination::Appending;
  Appending appending(draft, writer_, next_seq_++, known_);
  const auto session_over = [&] { return cluster_.session() == cluster::SessionState::dead; };
  for (;;) {
    while (!fence_->is_open() && !session_over()) {
      if (closing_.load()) {
        return failure(ErrorCode::unavailable,
                       "ZooKeeper has not answered for long, and the group "
                       "ends");
      }
      std::this_thread::sleep_for(kBetweenTries);
    }
    const Appending::Step step = appending.step();
    if (const auto* done = std::get_if<Appending::Done>(&step)) {
      known_ = appending.known();
      return done->result;
    }
    if (std::holds_alternative<Appending::Append>(step)) {
      const auto appended = cluster_.log().append(appending.text());
      appending.appended(appended, session_over());
    } else if (std::holds_alternative<Appending::AskNewest>(step)) {
      const auto newest = cluster_.log().newest();
      appending.newest(newest, session_over());
    } else if (const auto* at = std::get_if<Appending::Read>(&step)) {
      const auto entry = read(at->position);
      appending.read(entry, session_over());
    } else {
      std::this_thread::sleep_for(kBetweenTries);
      appending.paused(session_over());
    }
  }
}

Result<std::optional<coordination::LogEntry>> Outbox::read(Position position) {
  ONYX_ASSIGN_OR_RETURN(const auto stored, cluster_.log().read(position));
  if (!stored.has_value()) return std::optional<coordination::LogEntry>();
  return std::optional(coordination::decode(stored->text, stored->position, stored->created_at_ms));
}

}  // namespace onyx::runtime
