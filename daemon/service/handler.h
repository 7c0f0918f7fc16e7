// Around every handler: what the request says that we do not know, deadline, exceptions, and the status that a refusal
// becomes.
//
// Thread:  any of gRPC's.
#pragma once

#include <grpcpp/server_context.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <string>

#include "common/api/error_codec.h"
#include "daemon/service/backend.h"
#include "daemon/service/known.h"
#include "daemon/service/limits.h"

namespace onyx::service {

// What the services share; owned by the Server, outlives them.
struct Shared {
  Backend& backend;
  std::string daemon;  // who signs errors
  std::atomic<bool> is_stopping{false};
};

inline Call call_of(const grpc::ServerContext& context, const Shared& shared,
                    std::chrono::seconds cap = kCallMax) {
  const auto remaining = context.deadline() - std::chrono::system_clock::now();
  const auto allowed = std::min<std::chrono::nanoseconds>(remaining, cap);
  return {std::chrono::steady_clock::now() + allowed,
          [&context, &shared] { return shared.is_stopping.load() || context.IsCancelled(); }};
}

// A refusal that quotes what it was given does not outgrow the metadata it travels in.
inline Refusal shortened(Refusal refusal) {
  const std::string text = refusal.error.text();
  if (text.size() <= kRefusalBytesMax) return refusal;
  std::size_t end = kRefusalBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  refusal.error = Error(refusal.error.code(), text.substr(0, end) + " …", refusal.error.rule());
  return refusal;
}

inline grpc::Status status_of(const Shared& shared, const Refusal& refusal) {
  return to_status(shortened(refusal), shared.daemon);
}

// Runs `handler`, which answers the request and returns Answer<void>.
template <class Handler>
grpc::Status handle(const Shared& shared, const google::protobuf::Message& request,
                    Handler&& handler) {
  try {
    if (shared.is_stopping) {
      return status_of(shared, Error(ErrorCode::unavailable, "the daemon is shutting down"));
    }
    if (Answer<void> known = check_known(request); !known) {
      return status_of(shared, known.error());
    }
    if (Answer<void> answer = handler(); !answer) return status_of(shared, answer.error());
    return grpc::Status::OK;
  } catch (const std::exception& e) {
    return status_of(shared,
                     Error(ErrorCode::internal, std::string("a defect in onyxd: ") + e.what()));
  }
}

}  // namespace onyx::service
