// Changes of the replica to their messages and back.
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <vector>

#include "common/api/views.h"
#include "onyx/v1/replica.pb.h"

namespace onyx::api {

using ReplicaChangeMessages = google::protobuf::RepeatedPtrField<v1::ReplicaChange>;

void encode(const std::vector<ReplicaChangeView>& changes, ReplicaChangeMessages* messages);
std::vector<ReplicaChangeView> decode(const ReplicaChangeMessages& messages);

}  // namespace onyx::api
