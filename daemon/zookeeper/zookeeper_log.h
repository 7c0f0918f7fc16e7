// The coordination log on ZooKeeper: entries are sequential znodes, the origin is one znode that is
// set by version.
//
// Shape:   the number of the newest entry is read off the log node's counts; its children are never
//          listed.
// Source:  coordination in docs/formats/znodes.md; Onyx log/zookeeper.
#pragma once

#include "daemon/cluster/coordination_log.h"
#include "daemon/zookeeper/client/session.h"
#include "daemon/zookeeper/paths.h"

namespace onyx::zookeeper {

class ZookeeperLog final : public cluster::CoordinationLog {
 public:
  ZookeeperLog(Session& session, const Paths& paths) : session_(session), paths_(paths) {}

  Result<Position> append(std::string_view text) override;
  Result<std::optional<cluster::StoredEntry>> read(Position position) override;
  Result<Position> newest() override;
  Result<cluster::Origin> origin() override;
  Result<void> set_origin(const cluster::Origin& next, Position expected_current) override;
  Result<void> truncate(Position below) override;
  std::unique_ptr<cluster::Follower> follow(
      Position from, std::function<void(cluster::LogEvent)> on_event) override;

 private:
  struct Pointer {
    Position position = -1;
    std::string stored_replica;  // inline, or a manifest of parts
    std::int32_t version = 0;
  };
  struct Watermark {
    Position below = 0;
    std::int32_t version = 0;
  };

  Result<Pointer> read_pointer();
  Result<Watermark> read_watermark();
  Result<void> delete_entries(Position from, Position below);

  Session& session_;
  const Paths paths_;
};

// The position of the newest entry ever created under a log node with these counts.
Position newest_position(const NodeStat& log_node);

}  // namespace onyx::zookeeper
