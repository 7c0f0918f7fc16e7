#include "daemon/zookeeper/zookeeper_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "daemon/cluster/refusals.h"
#include "daemon/zookeeper/large_text.h"
#include "daemon/zookeeper/log_follower.h"
#include "daemon/zookeeper/text_format.h"

namespace onyx::zookeeper {

using cluster::Origin;
using cluster::StoredEntry;

namespace {

constexpr std::string_view kOrigin = "onyx/origin/1";
constexpr std::string_view kTruncated = "onyx/truncated/1";
constexpr Position kDeleteBatch = 100;
constexpr int kOriginReadsMax = 5;

std::string pointer_text(Position position, std::string_view stored_replica) {
  return fmt::format("{} position={}\n{}", kOrigin, position, stored_replica);
}

std::string watermark_text(Position below) { return fmt::format("{} below={}", kTruncated, below); }

}  // namespace

Position newest_position(const NodeStat& log_node) {
  // changes = creates + deletes, children = creates - deletes.
  return (static_cast<Position>(log_node.child_changes) + log_node.child_count) / 2 - 1;
}

Result<Position> ZookeeperLog::append(std::string_view text) {
  if (text.size() > cluster::kEntryBytesMax) return cluster::entry_too_large(text.size());
  const Reply reply =
      session_.handle().create(paths_.entry_prefix(), text, CreateMode::sequential).wait();
  if (!reply.ok()) return failure_of(reply, "appending to the log");
  return position_in(reply.text);
}

Result<std::optional<StoredEntry>> ZookeeperLog::read(Position position) {
  const std::string path = paths_.entry(position);
  Reply reply = session_.repeat([&] { return session_.handle().get(path); });
  if (reply.code == Code::no_node) return std::nullopt;
  if (!reply.ok()) return failure_of(reply, fmt::format("reading log entry {}", position));
  return StoredEntry{position, std::move(reply.text), reply.stat.created_at_ms};
}

Result<Position> ZookeeperLog::newest() {
  const Reply reply = session_.repeat([&] {
    session_.handle().sync(paths_.log());
    return session_.handle().exists(paths_.log());
  });
  if (!reply.ok()) return failure_of(reply, "reading the length of the log");
  return newest_position(reply.stat);
}

Result<ZookeeperLog::Pointer> ZookeeperLog::read_pointer() {
  const std::string path = paths_.origin();
  Reply reply = session_.repeat([&] {
    session_.handle().sync(path);
    return session_.handle().get(path);
  });
  if (reply.code == Code::no_node) {
    const std::string text = pointer_text(-1, {});
    const Reply created = session_.repeat([&] { return session_.handle().create(path, text); });
    if (!created.ok() && created.code != Code::node_exists) {
      return failure_of(created, "creating the origin");
    }
    reply = session_.repeat([&] { return session_.handle().get(path); });
  }
  if (!reply.ok()) return failure_of(reply, "reading the origin");
  const std::optional<std::int64_t> position = number_in(reply.text, kOrigin, "position");
  const std::size_t line_end = reply.text.find('\n');
  if (!position || line_end == std::string::npos) {
    return failure(ErrorCode::internal,
                   fmt::format("{} does not hold an origin of this version; it begins with \"{}\"",
                               path, reply.text.substr(0, 40)));
  }
  return Pointer{*position, reply.text.substr(line_end + 1), reply.stat.version};
}

Result<Origin> ZookeeperLog::origin() {
  for (int reads = 1;; ++reads) {
    ONYX_ASSIGN_OR_RETURN(Pointer pointer, read_pointer());
    Result<std::string> replica = load_large(session_, paths_, std::move(pointer.stored_replica));
    if (replica) return Origin{pointer.position, std::move(*replica)};
    // The parts went while we were reading them: the origin has moved on.
    if (replica.error().code() != ErrorCode::not_found || reads == kOriginReadsMax) {
      return failure(std::move(replica).error().with_context("reading the origin"));
    }
  }
}

Result<void> ZookeeperLog::set_origin(const Origin& next, Position expected_current) {
  if (next.position <= expected_current) return cluster::origin_goes_back(next, expected_current);
  ONYX_ASSIGN_OR_RETURN(const Pointer current, read_pointer());
  if (current.position != expected_current) {
    return cluster::origin_moved(current.position, expected_current);
  }
  ONYX_ASSIGN_OR_RETURN(const std::string stored, store_large(session_, paths_, next.replica_text));
  const Reply reply =
      session_.handle()
          .set(paths_.origin(), pointer_text(next.position, stored), current.version)
          .wait();
  if (reply.code == Code::bad_version) {
    return failure(ErrorCode::aborted,
                   fmt::format("the origin has moved from position {}: another garbage collection "
                               "was first",
                               expected_current));
  }
  if (!reply.ok()) return failure_of(reply, "setting the origin");
  return drop_large(session_, paths_, current.stored_replica);
}

Result<ZookeeperLog::Watermark> ZookeeperLog::read_watermark() {
  const std::string path = paths_.truncated();
  const std::string first = watermark_text(0);
  const Reply created = session_.repeat([&] { return session_.handle().create(path, first); });
  if (created.ok()) return Watermark{};
  if (created.code != Code::node_exists) return failure_of(created, "reading the low watermark");
  const Reply reply = session_.repeat([&] { return session_.handle().get(path); });
  if (!reply.ok()) return failure_of(reply, "reading the low watermark");
  const std::optional<std::int64_t> below = number_in(reply.text, kTruncated, "below");
  if (!below) return failure(ErrorCode::internal, fmt::format("{} is not a watermark", path));
  return Watermark{*below, reply.stat.version};
}

Result<void> ZookeeperLog::delete_entries(Position from, Position below) {
  std::vector<Call> calls;
  for (Position position = from; position < below; ++position) {
    calls.push_back(session_.handle().remove(paths_.entry(position)));
  }
  for (Call& call : calls) {
    const Reply reply = call.wait();
    if (!reply.ok() && reply.code != Code::no_node) {
      return failure_of(reply, "deleting log entries");
    }
  }
  return {};
}

Result<void> ZookeeperLog::truncate(Position below) {
  ONYX_ASSIGN_OR_RETURN(const Pointer pointer, read_pointer());
  if (below > pointer.position + 1) {
    return cluster::origin_does_not_cover(below, pointer.position);
  }
  ONYX_ASSIGN_OR_RETURN(Watermark mark, read_watermark());
  while (mark.below < below) {
    const Position batch_end = std::min(below, mark.below + kDeleteBatch);
    ONYX_TRY(delete_entries(mark.below, batch_end));
    const std::string text = watermark_text(batch_end);
    const Reply reply = session_.handle().set(paths_.truncated(), text, mark.version).wait();
    if (reply.ok()) {
      mark = {batch_end, reply.stat.version};
    } else if (reply.code == Code::bad_version) {
      ONYX_ASSIGN_OR_RETURN(mark, read_watermark());  // another truncate is at work
    } else {
      return failure_of(reply, "moving the low watermark");
    }
  }
  return {};
}

std::unique_ptr<cluster::Follower> ZookeeperLog::follow(
    Position from, std::function<void(cluster::LogEvent)> on_event) {
  return std::make_unique<LogFollower>(session_, paths_, *this, from, std::move(on_event));
}

}  // namespace onyx::zookeeper
