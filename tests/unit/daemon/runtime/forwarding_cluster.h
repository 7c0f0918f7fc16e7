// A cluster that passes every call on, for tests that want one of them to behave otherwise.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "daemon/cluster/cluster.h"
#include "daemon/cluster/coordinate_store.h"
#include "daemon/cluster/coordination_log.h"
#include "daemon/cluster/job_store.h"
#include "daemon/cluster/log_parameters.h"
#include "daemon/cluster/pulses.h"

namespace onyx::runtime {

class ForwardingCluster : public cluster::Cluster, public cluster::CoordinationLog {
 public:
  explicit ForwardingCluster(std::unique_ptr<cluster::Cluster> inner) : inner_(std::move(inner)) {}

  cluster::CoordinationLog& log() override { return *this; }
  cluster::JobStore& jobs() override { return inner_->jobs(); }
  cluster::Pulses& pulses() override { return inner_->pulses(); }
  cluster::LogParameters& parameters() override { return inner_->parameters(); }
  cluster::CoordinateStore& coordinates() override { return inner_->coordinates(); }
  cluster::SessionState session() const override { return inner_->session(); }
  std::chrono::milliseconds session_timeout() const override { return inner_->session_timeout(); }
  std::shared_ptr<const cluster::Fence> fence() const override { return inner_->fence(); }
  void close() override { inner_->close(); }

  Result<Position> append(std::string_view text) override { return inner_->log().append(text); }
  Result<std::optional<cluster::StoredEntry>> read(Position position) override {
    return inner_->log().read(position);
  }
  Result<Position> newest() override { return inner_->log().newest(); }
  Result<cluster::Origin> origin() override { return inner_->log().origin(); }
  Result<void> set_origin(const cluster::Origin& next, Position current) override {
    return inner_->log().set_origin(next, current);
  }
  Result<void> truncate(Position below) override { return inner_->log().truncate(below); }
  std::unique_ptr<cluster::Follower> follow(
      Position from, std::function<void(cluster::LogEvent)> on_event) override {
    return inner_->log().follow(from, std::move(on_event));
  }

 private:
  const std::unique_ptr<cluster::Cluster> inner_;
};

}  // namespace onyx::runtime
