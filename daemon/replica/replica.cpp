#include "daemon/replica/replica.h"

#include <tuple>

namespace onyx::replica {

namespace {

bool same_spec(const std::shared_ptr<const JobSpec>& a, const std::shared_ptr<const JobSpec>& b) {
  return a == b || (a && b && *a == *b);
}

// A peer without what indexes it: two replicas may number their pools differently.
auto facts(const Peer& peer) {
  return std::tie(peer.id, peer.group, peer.site, peer.tags, peer.seat);
}

bool same_peers(const OrderedMap<Peer>& a, const OrderedMap<Peer>& b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(),
                    [](const Peer& x, const Peer& y) { return facts(x) == facts(y); });
}

}  // namespace

bool Job::operator==(const Job& other) const {
  return id == other.id && submitted_at == other.submitted_at &&
         submitted_at_ms == other.submitted_at_ms && same_spec(spec, other.spec) &&
         seats == other.seats && coordinator == other.coordinator && version == other.version &&
         restarts == other.restarts && failures == other.failures &&
         last_failure == other.last_failure;
}

bool FinishedJob::operator==(const FinishedJob& other) const {
  return id == other.id && name == other.name && state == other.state &&
         submitted_at == other.submitted_at && ended_at == other.ended_at &&
         submitted_at_ms == other.submitted_at_ms && ended_at_ms == other.ended_at_ms &&
         reason == other.reason && by == other.by && version == other.version &&
         restarts == other.restarts && same_spec(spec, other.spec);
}

bool Replica::operator==(const Replica& other) const {
  return version == other.version && parameters == other.parameters &&
         membership == other.membership && groups == other.groups &&
         same_peers(peers, other.peers) && writers == other.writers && jobs == other.jobs &&
         finished == other.finished && collected_at == other.collected_at &&
         collected_at_ms == other.collected_at_ms;
}

Replica base_replica(const Parameters& parameters) {
  Replica replica;
  replica.parameters = Cow<Parameters>(parameters);
  return replica;
}

}  // namespace onyx::replica
