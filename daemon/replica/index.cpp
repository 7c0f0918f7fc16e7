#include "daemon/replica/index.h"

#include <algorithm>
#include <map>

#include "common/base/check.h"
#include "daemon/replica/queries.h"

namespace onyx::replica {

namespace {

std::int32_t pool_index(Replica& replica, const std::vector<std::string>& tags,
                        const std::optional<std::vector<std::string>>& plugins) {
  const auto& pools = *replica.pools;
  const auto found = std::find_if(pools.begin(), pools.end(), [&](const Pool& pool) {
    return pool.capability.tags == tags && pool.capability.plugins == plugins;
  });
  if (found != pools.end()) return static_cast<std::int32_t>(found - pools.begin());
  replica.pools.edit().push_back({.capability = {tags, plugins}});
  return static_cast<std::int32_t>(replica.pools->size() - 1);
}

void enter_pool(Replica& replica, Peer& peer, const Group& group) {
  peer.pool = pool_index(replica, peer.tags, group.plugins);
  Pool& pool = replica.pools.edit()[static_cast<std::size_t>(peer.pool)];
  ++pool.peers;
  pool.idle.put({peer.id});
}

}  // namespace

std::int32_t requirement_index(Replica& replica, const Requirement& requirement) {
  const auto& known = *replica.requirements;
  const auto found = std::find(known.begin(), known.end(), requirement);
  if (found != known.end()) return static_cast<std::int32_t>(found - known.begin());
  replica.requirements.edit().push_back(requirement);
  return static_cast<std::int32_t>(replica.requirements->size() - 1);
}

void add_peer(Replica& replica, Peer peer, const Group& group) {
  if (group.joined) enter_pool(replica, peer, group);
  replica.peers.put(std::move(peer));
}

void enter_pool(Replica& replica, const PeerId& id) {
  Peer* peer = replica.peers.edit(id);
  ONYX_CHECK(peer != nullptr && peer->pool < 0, "peer {}", id.text());
  const Group* group = replica.groups.find(peer->group);
  ONYX_CHECK(group != nullptr, "peer {} of group {}", id.text(), peer->group.text());
  enter_pool(replica, *peer, *group);
}

void leave_pool(Replica& replica, const PeerId& id) {
  Peer* peer = replica.peers.edit(id);
  ONYX_CHECK(peer != nullptr && !peer->seat, "peer {}", id.text());
  if (peer->pool < 0) return;
  Pool& pool = replica.pools.edit()[static_cast<std::size_t>(peer->pool)];
  --pool.peers;
  pool.idle.erase(id);
  peer->pool = -1;
}

void reindex(Replica& replica) {
  replica.pools = {};
  replica.requirements = {};
  std::vector<PeerId> ids;
  for (const Peer& peer : replica.peers) ids.push_back(peer.id);
  std::map<Capability, std::int32_t> seen;
  for (const PeerId& id : ids) {
    const Peer& peer = *replica.peers.find(id);
    const Group* group = replica.groups.find(peer.group);
    std::int32_t index = -1;
    if (group != nullptr && group->joined) {
      const Capability capability{peer.tags, group->plugins};
      const auto [at, added] =
          seen.emplace(capability, static_cast<std::int32_t>(replica.pools->size()));
      if (added) replica.pools.edit().push_back({.capability = capability});
      index = at->second;
      Pool& pool = replica.pools.edit()[static_cast<std::size_t>(index)];
      ++pool.peers;
      if (!peer.seat) pool.idle.put({id});
    }
    if (peer.pool != index) replica.peers.edit(id)->pool = index;
  }
  std::vector<Position> jobs;
  for (const Job& job : replica.jobs) jobs.push_back(job.submitted_at);
  for (const Position at : jobs) {
    Job& job = *replica.jobs.edit(at);
    job.requirements.clear();
    for (const TaskSpec& task : job.spec->tasks) {
      job.requirements.push_back(requirement_index(replica, requirement_of(task)));
    }
  }
}

}  // namespace onyx::replica
