#include "daemon/service/server.h"

#include <grpc/support/log.h>
#include <grpcpp/grpcpp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "common/api/error_codec.h"
#include "onyx/v1/cluster_service.grpc.pb.h"
#include "onyx/v1/job_service.grpc.pb.h"
#include "onyx/v1/log_service.grpc.pb.h"
#include "tests/unit/daemon/service/fake_backend.h"

namespace onyx::service {
namespace {

namespace fs = std::filesystem;

const std::string kId = "6f1c02d9-0000-4000-8000-000000000001";

struct Daemon {
  Daemon() {
    gpr_set_log_function([](gpr_log_func_args*) {});
    std::string pattern = (fs::temp_directory_path() / "onyx-service-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    directory = pattern;
    backend.jobs = {a_job(kId, "clicks", JobState::running)};
  }
  ~Daemon() {
    server.reset();
    fs::remove_all(directory);
  }

  std::string socket() const { return directory + "/onyxd.sock"; }

  void start() {
    auto started = Server::start(backend, {"unix:" + socket()}, "onyxd test");
    REQUIRE(started);
    server = std::move(*started);
  }

  std::shared_ptr<grpc::Channel> channel() {
    if (!server) start();
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, api::kMetadataBytesMax);
    return grpc::CreateCustomChannel("unix:" + socket(), grpc::InsecureChannelCredentials(),
                                     arguments);
  }

  FakeBackend backend;
  std::unique_ptr<Server> server;
  std::string directory;
};

grpc::Status kill(const std::shared_ptr<grpc::Channel>& channel, const std::string& job,
                  grpc::ClientContext& context) {
  v1::JobService::Stub stub(channel);
  v1::KillRequest request;
  request.set_job(job);
  v1::KillResponse response;
  return stub.Kill(&context, request, &response);
}

}  // namespace

TEST_CASE("server: port 0 is reported as the port that was found, and answers", "[service]") {
  Daemon daemon;
  auto started =
      Server::start(daemon.backend, {"127.0.0.1:0", "unix:" + daemon.socket()}, "onyxd test");
  REQUIRE(started);
  REQUIRE((*started)->addresses().size() == 2);
  const std::string tcp = (*started)->addresses()[0];
  CHECK(tcp.rfind("127.0.0.1:", 0) == 0);
  CHECK(tcp != "127.0.0.1:0");
  CHECK((*started)->addresses()[1] == "unix:" + daemon.socket());
  v1::ClusterService::Stub stub(grpc::CreateChannel(tcp, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  v1::VersionResponse response;
  CHECK(stub.Version(&context, {}, &response).ok());
}

TEST_CASE("server: an address that others can reach is refused", "[service]") {
  Daemon daemon;
  const auto started = Server::start(daemon.backend, {"0.0.0.0:0"}, "onyxd test");
  REQUIRE(!started);
  CHECK(started.error().message().find("TLS") != std::string::npos);
}

TEST_CASE("server: a taken port and a live socket are refused, by name", "[service]") {
  Daemon daemon;
  auto first = Server::start(daemon.backend, {"127.0.0.1:0", "unix:" + daemon.socket()}, "a");
  REQUIRE(first);
  const std::string tcp = (*first)->addresses()[0];
  const auto port = Server::start(daemon.backend, {tcp}, "b");
  REQUIRE(!port);
  CHECK(port.error().message().find(tcp) != std::string::npos);
  const auto socket = Server::start(daemon.backend, {"unix:" + daemon.socket()}, "b");
  REQUIRE(!socket);
  CHECK(socket.error().message().find("another daemon") != std::string::npos);
  CHECK(fs::exists(daemon.socket()));
}

TEST_CASE("server: a socket that a dead daemon left is replaced, another file is not",
          "[service]") {
  Daemon daemon;
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, daemon.socket().c_str(), sizeof address.sun_path - 1);
  REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  ::close(fd);
  daemon.start();
  struct stat status {};
  REQUIRE(::stat(daemon.socket().c_str(), &status) == 0);
  CHECK((status.st_mode & 0007) == 0);
  daemon.server.reset();
  CHECK(!fs::exists(daemon.socket()));

  std::ofstream(daemon.socket()) << "mine";
  const auto started = Server::start(daemon.backend, {"unix:" + daemon.socket()}, "b");
  REQUIRE(!started);
  CHECK(started.error().message().find("not a socket") != std::string::npos);
  CHECK(fs::file_size(daemon.socket()) == 4);
}

TEST_CASE("server: a directory that is missing is an error that names the address", "[service]") {
  Daemon daemon;
  const auto started =
      Server::start(daemon.backend, {"unix:" + daemon.directory + "/none/x.sock"}, "a");
  REQUIRE(!started);
  CHECK(started.error().message().find("none/x.sock") != std::string::npos);
}

TEST_CASE("server: an exception in a handler is INTERNAL with its text, and the next call works",
          "[service]") {
  Daemon daemon;
  daemon.backend.on_kill = [](const Call&) { throw std::runtime_error("on purpose"); };
  const auto channel = daemon.channel();
  grpc::ClientContext first;
  const grpc::Status failed = kill(channel, "clicks", first);
  CHECK(failed.error_code() == grpc::StatusCode::INTERNAL);
  CHECK(failed.error_message().find("on purpose") != std::string::npos);
  daemon.backend.on_kill = nullptr;
  grpc::ClientContext second;
  CHECK(kill(channel, "clicks", second).ok());
}

TEST_CASE("server: a message over the limit is RESOURCE_EXHAUSTED before any handler",
          "[service]") {
  Daemon daemon;
  v1::JobService::Stub stub(daemon.channel());
  v1::SubmitRequest request;
  request.mutable_job()->set_text(std::string(18u << 20, ' '));
  v1::SubmitResponse response;
  grpc::ClientContext context;
  CHECK(stub.Submit(&context, request, &response).error_code() ==
        grpc::StatusCode::RESOURCE_EXHAUSTED);
  CHECK(daemon.backend.submissions.empty());
}

TEST_CASE("server: a handler sees its caller's deadline, capped without one", "[service]") {
  Daemon daemon;
  Instant deadline;
  daemon.backend.on_kill = [&](const Call& call) { deadline = call.deadline; };
  const auto channel = daemon.channel();
  const Instant before = std::chrono::steady_clock::now();
  grpc::ClientContext limited;
  limited.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  CHECK(kill(channel, "clicks", limited).ok());
  // gRPC rounds a deadline up on its way.
  CHECK(deadline < std::chrono::steady_clock::now() + std::chrono::seconds(30));
  CHECK(deadline > before);
  grpc::ClientContext unlimited;
  CHECK(kill(channel, "clicks", unlimited).ok());
  CHECK(deadline <= std::chrono::steady_clock::now() + std::chrono::seconds(60));
  CHECK(deadline >= before + std::chrono::seconds(60));
}

TEST_CASE("server: a handler learns that its caller has gone", "[service]") {
  Daemon daemon;
  std::atomic<bool> is_entered{false};
  std::atomic<bool> was_abandoned{false};
  daemon.backend.on_kill = [&](const Call& call) {
    is_entered = true;
    while (!call.is_abandoned()) std::this_thread::yield();
    was_abandoned = true;
  };
  const auto channel = daemon.channel();
  grpc::ClientContext context;
  std::thread canceller([&] {
    while (!is_entered) std::this_thread::yield();
    context.TryCancel();
  });
  CHECK(kill(channel, "clicks", context).error_code() == grpc::StatusCode::CANCELLED);
  canceller.join();
  daemon.server.reset();
  CHECK(was_abandoned);
}

TEST_CASE("server: a cancelled stream gives its subscription back", "[service]") {
  Daemon daemon;
  v1::JobService::Stub stub(daemon.channel());
  grpc::ClientContext context;
  v1::AwaitRequest request;
  request.set_job("clicks");
  const auto reader = stub.Await(&context, request);
  v1::Job job;
  REQUIRE(reader->Read(&job));
  CHECK(daemon.backend.watchers() == 1);
  context.TryCancel();
  CHECK(reader->Finish().error_code() == grpc::StatusCode::CANCELLED);
  while (daemon.backend.watchers() != 0) std::this_thread::yield();
}

TEST_CASE("server: await ends with the last view, of a job that has ended or runs", "[service]") {
  Daemon daemon;
  v1::JobService::Stub stub(daemon.channel());
  v1::AwaitRequest request;
  request.set_job("clicks");
  grpc::ClientContext context;
  const auto reader = stub.Await(&context, request);
  v1::Job job;
  REQUIRE(reader->Read(&job));
  CHECK(job.ref().state() == v1::JOB_STATE_RUNNING);
  daemon.backend.publish(a_job(kId, "clicks", JobState::completed));
  REQUIRE(reader->Read(&job));
  CHECK(job.ref().state() == v1::JOB_STATE_COMPLETED);
  CHECK(!reader->Read(&job));
  CHECK(reader->Finish().ok());

  daemon.backend.publish(a_job(kId, "clicks", JobState::running));
  request.set_until(v1::AwaitRequest::UNTIL_RUNNING);
  grpc::ClientContext running;
  const auto second = stub.Await(&running, request);
  REQUIRE(second->Read(&job));
  CHECK(!second->Read(&job));
  CHECK(second->Finish().ok());
}

TEST_CASE("server: a stream that cannot begin ends with the reason", "[service]") {
  Daemon daemon;
  v1::JobService::Stub stub(daemon.channel());
  v1::AwaitRequest request;
  request.set_job("nothing");
  grpc::ClientContext context;
  const auto reader = stub.Await(&context, request);
  v1::Job job;
  CHECK(!reader->Read(&job));
  const grpc::Status status = reader->Finish();
  CHECK(status.error_code() == grpc::StatusCode::NOT_FOUND);
  CHECK(!api::from_status(status).candidates.empty());
}

TEST_CASE("server: a follower gets a gap for what gc took, then every entry in order",
          "[service]") {
  Daemon daemon;
  daemon.backend.log.origin = 10;
  daemon.backend.log.newest = 400;
  for (Position p = 10; p <= 400; ++p) {
    daemon.backend.log.entries.push_back({p, 1, "gc", "", "", "{}", false});
  }
  v1::LogService::Stub stub(daemon.channel());
  v1::FollowLogRequest request;
  grpc::ClientContext context;
  const auto reader = stub.Follow(&context, request);
  v1::LogEvent event;
  REQUIRE(reader->Read(&event));
  REQUIRE(event.has_gap());
  CHECK(event.gap().from() == 0);
  CHECK(event.gap().to() == 9);
  for (Position p = 10; p <= 400; ++p) {
    REQUIRE(reader->Read(&event));
    REQUIRE(event.entry().position() == p);
  }
  daemon.backend.append({401, 1, "gc", "", "", "{}", false});
  REQUIRE(reader->Read(&event));
  CHECK(event.entry().position() == 401);
  context.TryCancel();
  reader->Finish();
}

TEST_CASE("server: stop ends streams at once and says why", "[service]") {
  Daemon daemon;
  v1::JobService::Stub stub(daemon.channel());
  v1::AwaitRequest request;
  request.set_job("clicks");
  grpc::ClientContext context;
  const auto reader = stub.Await(&context, request);
  v1::Job job;
  REQUIRE(reader->Read(&job));
  daemon.server->stop();
  CHECK(!reader->Read(&job));
  CHECK(reader->Finish().error_code() == grpc::StatusCode::UNAVAILABLE);
  CHECK(daemon.backend.watchers() == 0);
  daemon.server->stop();  // idempotent
}

TEST_CASE("server: stop tells a handler that waits", "[service]") {
  Daemon daemon;
  std::atomic<bool> is_entered{false};
  daemon.backend.on_kill = [&](const Call& call) {
    is_entered = true;
    while (!call.is_abandoned()) std::this_thread::yield();
  };
  const auto channel = daemon.channel();
  std::thread caller([&] {
    grpc::ClientContext context;
    kill(channel, "clicks", context);
  });
  while (!is_entered) std::this_thread::yield();
  daemon.server->stop();
  caller.join();
}

}  // namespace onyx::service
