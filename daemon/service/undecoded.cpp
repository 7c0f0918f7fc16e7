#include "daemon/service/undecoded.h"

#include <fmt/format.h>

#include <string_view>

#include "common/api/error_codec.h"

namespace onyx::service {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::Interceptor;
using grpc::experimental::InterceptorBatchMethods;
using grpc::experimental::ServerRpcInfo;

class Undecoded final : public Interceptor {
 public:
  Undecoded(const ServerRpcInfo& info, const std::string& daemon) : info_(info), daemon_(daemon) {}

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS) &&
        is_of_grpc(methods->GetSendStatus())) {
      methods->ModifySendStatus(api::to_status(
          Error(ErrorCode::invalid_argument,
                fmt::format("the request cannot be decoded: it is none that {} takes, or a text in "
                            "it is not valid UTF-8",
                            info_.method()),
                "NET-09"),
          daemon_));
    }
    methods->Proceed();
  }

 private:
  bool is_of_grpc(const grpc::Status& status) const {
    const bool is_stream = info_.type() == ServerRpcInfo::Type::SERVER_STREAMING;
    const auto code = is_stream ? grpc::StatusCode::UNIMPLEMENTED : grpc::StatusCode::INTERNAL;
    return status.error_code() == code && status.error_message().empty() &&
           status.error_details().empty();
  }

  const ServerRpcInfo& info_;
  const std::string& daemon_;
};

class Factory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit Factory(std::string daemon) : daemon_(std::move(daemon)) {}
  Interceptor* CreateServerInterceptor(ServerRpcInfo* info) override {
    const bool is_ours = std::string_view(info->method()).starts_with("/onyx.v1.");
    return is_ours ? new Undecoded(*info, daemon_) : nullptr;
  }

 private:
  const std::string daemon_;
};

}  // namespace

Interceptors make_interceptors(const std::string& daemon) {
  Interceptors made;
  made.push_back(std::make_unique<Factory>(daemon));
  return made;
}

}  // namespace onyx::service
