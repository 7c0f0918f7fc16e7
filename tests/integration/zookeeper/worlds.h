// The three places the cluster's seams are tested against: in memory, the in-memory ZooKeeper, a real ZooKeeper 3.8.
//
// Shape:   a world is made for one test case. All its sessions see one store; its tenancy is its own.
#pragma once

#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <utility>

#include "daemon/cluster/cluster.h"
#include "daemon/cluster/coordinate_store.h"
#include "daemon/cluster/coordination_log.h"
#include "daemon/cluster/job_store.h"
#include "daemon/cluster/log_parameters.h"
#include "daemon/cluster/memory_cluster.h"
#include "daemon/cluster/pulses.h"
#include "daemon/concurrency/bounded_queue.h"
#include "daemon/zookeeper/embedded/server.h"
#include "daemon/zookeeper/zookeeper_cluster.h"
#include "tests/support/zookeeper_server.h"

namespace onyx {

inline std::string fresh_tenancy() {
  static std::atomic<int> count = 0;
  return "tenancy-" + std::to_string(++count);
}

// What comes from other threads. take() fails the test when nothing comes for a long time.
template <class T>
class Mailbox {
 public:
  void put(T item) { queue_.push(std::move(item)); }

  T take() {
    std::optional<T> item =
        queue_.pop_until(std::chrono::steady_clock::now() + std::chrono::seconds(60));
    REQUIRE(item.has_value());
    return std::move(*item);
  }

  bool is_empty() const { return queue_.size() == 0; }

 private:
  concurrency::BoundedQueue<T> queue_{1'000'000};
};

class MemoryWorld {
 public:
  std::unique_ptr<cluster::Cluster> open(cluster::OnSession on_session = {}) {
    return open_tenancy(tenancy, std::move(on_session));
  }
  std::unique_ptr<cluster::Cluster> open_tenancy(const std::string& name,
                                                 cluster::OnSession on_session = {}) {
    return store_.open(name, std::move(on_session));
  }
  void expire_sessions() { store_.expire_all(); }

  const std::string tenancy = fresh_tenancy();

 private:
  cluster::MemoryCluster store_;
};

// What the two ZooKeepers have in common.
class ZookeeperWorld {
 public:
  std::unique_ptr<cluster::Cluster> open(cluster::OnSession on_session = {}) {
    return open_tenancy(tenancy, std::move(on_session));
  }
  std::unique_ptr<cluster::Cluster> open_tenancy(const std::string& name,
                                                 cluster::OnSession on_session = {}) {
    options.address = address();
    options.tenancy = name;
    auto opened = zookeeper::open_cluster(options, std::move(on_session));
    if (!opened) FAIL(opened.error().text());
    return std::move(*opened);
  }
  virtual ~ZookeeperWorld() = default;
  virtual std::string address() const = 0;

  const std::string tenancy = fresh_tenancy();
  zookeeper::ClusterOptions options = defaults();

 private:
  static zookeeper::ClusterOptions defaults() {
    zookeeper::ClusterOptions options;
    options.session_timeout = std::chrono::seconds(30);
    options.call_deadline = std::chrono::seconds(30);
    options.connect_deadline = std::chrono::seconds(30);
    return options;
  }
};

class EmbeddedWorld : public ZookeeperWorld {
 public:
  EmbeddedWorld() : server(std::move(*zookeeper::embedded::Server::start())) {}
  std::string address() const override { return server->address(); }
  void expire_sessions() { server->expire_sessions(); }

  const std::unique_ptr<zookeeper::embedded::Server> server;
};

// One server for all test cases of the process: it takes a second to start.
class RealWorld : public ZookeeperWorld {
 public:
  std::string address() const override { return shared_server().address(); }
  static support::ZookeeperServer& shared_server() {
    static support::ZookeeperServer server;
    return server;
  }
};

}  // namespace onyx
