// Groups, peers, replica and garbage collection to their messages and back.
#pragma once

#include "common/api/views.h"
#include "onyx/v1/cluster_service.pb.h"

namespace onyx::api {

void encode(const VersionView& view, v1::VersionResponse* message);
VersionView decode(const v1::VersionResponse& message);

void encode(const GroupView& view, v1::Group* message);
GroupView decode(const v1::Group& message);

void encode(const ClusterView& view, v1::Cluster* message);
ClusterView decode(const v1::Cluster& message);

void encode(const GroupDetailView& view, v1::GroupDetail* message);
GroupDetailView decode(const v1::GroupDetail& message);

void encode(const PeerView& view, v1::Peer* message);
PeerView decode(const v1::Peer& message);

void encode(const AddPeersView& view, v1::AddPeersResponse* message);
AddPeersView decode(const v1::AddPeersResponse& message);

void encode(const RemovePeerView& view, v1::RemovePeerResponse* message);
RemovePeerView decode(const v1::RemovePeerResponse& message);

void encode(const DrainView& view, v1::DrainGroupResponse* message);
DrainView decode(const v1::DrainGroupResponse& message);

void encode(const UndrainView& view, v1::UndrainGroupResponse* message);
UndrainView decode(const v1::UndrainGroupResponse& message);

void encode(const std::vector<SimulationStep>& steps, v1::SimulateRequest* message);
std::vector<SimulationStep> decode(const v1::SimulateRequest& message);
void encode(const SimulationView& view, v1::Simulation* message);
SimulationView decode(const v1::Simulation& message);

void encode(const ReplicaView& view, v1::GetReplicaResponse* message);
ReplicaView decode(const v1::GetReplicaResponse& message);

void encode(const ReplicaDiffView& view, v1::DiffReplicaResponse* message);
ReplicaDiffView decode(const v1::DiffReplicaResponse& message);

void encode(const GcView& view, v1::CollectGarbageResponse* message);
GcView decode(const v1::CollectGarbageResponse& message);

}  // namespace onyx::api
