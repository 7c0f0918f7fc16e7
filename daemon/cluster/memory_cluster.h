// The cluster's memory inside this process: what all sessions that were opened on it share. No
// server, no disk.
//
// Shape:   one MemoryCluster is one store; open() gives a session of one tenancy.
// Thread:  any. Followers have a thread each, as with the real store.
// Errors:  as the seams say; a session that was expired with expire_all() answers `unavailable`.
#pragma once

#include <memory>
#include <string>

#include "common/base/clock.h"
#include "daemon/cluster/cluster.h"

namespace onyx::cluster {

class MemoryStore;

class MemoryCluster {
 public:
  // `clock` stamps the entries; the real one when null.
  explicit MemoryCluster(const Clock* clock = nullptr);
  ~MemoryCluster();

  std::unique_ptr<Cluster> open(const std::string& tenancy, OnSession on_session = {});

  // Ends every open session as a server does that has not heard from it: the pulses go, the
  // sessions learn it.
  void expire_all();

  // What every open session says of itself from now on: fenced, as one that has heard nothing for long, or connected.
  void fence_all(bool are_fenced);

 private:
  std::shared_ptr<MemoryStore> store_;
};

}  // namespace onyx::cluster
