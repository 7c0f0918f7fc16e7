// What a caller hears whose request gRPC cannot decode: it never reaches a handler, and gRPC's own answer is INTERNAL without
// a word, or UNIMPLEMENTED where a stream was asked for.
//
// Shape:   an interceptor that replaces exactly that status by INVALID_ARGUMENT with NET-09; our own never come without text.
// Thread:  any of gRPC's.
#pragma once

#include <grpcpp/support/server_interceptor.h>

#include <memory>
#include <string>
#include <vector>

namespace onyx::service {

using Interceptors =
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>>;

// `daemon`: who signs the errors.
Interceptors make_interceptors(const std::string& daemon);

}  // namespace onyx::service
