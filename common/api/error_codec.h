// Refusal and Diagnostic to their messages, and to and from a gRPC status.
//
// Shape:   the status carries the code and the whole text; its details are a serialized onyx.v1.ErrorDetail with every
//          diagnostic. Details travel as metadata, which has a limit: past kDetailBytesMax the last diagnostics are left
//          out and a note on the last that fits says how many. Both ends allow kMetadataBytesMax.
// Errors:  a status without readable details becomes a Refusal with the status's text.
#pragma once

#include <grpcpp/support/status.h>

#include <string>

#include "common/api/refusal.h"
#include "onyx/v1/error.pb.h"

namespace onyx::api {

inline constexpr int kMetadataBytesMax = 512 * 1024;
inline constexpr std::size_t kDetailBytesMax = 256 * 1024;

void encode(const edn::Diagnostic& diagnostic, v1::Diagnostic* message);
edn::Diagnostic decode(const v1::Diagnostic& message);

grpc::StatusCode grpc_code(ErrorCode code);
ErrorCode error_code(grpc::StatusCode code);

// `daemon`: who says so.
grpc::Status to_status(const Refusal& refusal, const std::string& daemon);
Refusal from_status(const grpc::Status& status);

// Whether a daemon said this, or the transport.
bool has_detail(const grpc::Status& status);

}  // namespace onyx::api
