// The services of proto/onyx/v1, each an adapter from its messages to the Backend.
#pragma once

#include <memory>

namespace grpc {
class Service;
}

namespace onyx::service {

struct Shared;
class OpenStreams;

std::unique_ptr<grpc::Service> make_job_service(Shared& shared, OpenStreams& open);
std::unique_ptr<grpc::Service> make_cluster_service(Shared& shared);
std::unique_ptr<grpc::Service> make_log_service(Shared& shared, OpenStreams& open);

}  // namespace onyx::service
