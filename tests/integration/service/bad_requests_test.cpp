// A real onyxd under requests that no client of ours would make. After each, nothing in the cluster has changed, and a job
// runs to its end.
#include <arpa/inet.h>
#include <grpc/support/log.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <functional>
#include <limits>
#include <random>

#include "common/api/error_codec.h"
#include "onyx/v1/cluster_service.grpc.pb.h"
#include "onyx/v1/job_service.grpc.pb.h"
#include "onyx/v1/log_service.grpc.pb.h"
#include "tests/integration/service/onyxd_process.h"

namespace onyx::service {
namespace {

using grpc::StatusCode;

constexpr auto kGuard = std::chrono::seconds(60);

const std::string kHello = R"({:job-name "hello"
 :workflow [[:in :f] [:f :out]]
 :functions [(ns t) (defn f [segment] (update segment :n inc))]
 :catalog [{:onyx/name :in :onyx/plugin :onyx.plugin.seq/input :onyx/type :input :onyx/medium :seq
            :seq/sequential [{:n 1}] :onyx/n-peers 1 :onyx/batch-size 10}
           {:onyx/name :f :onyx/type :function :onyx/fn :t/f :onyx/batch-size 10 :onyx/max-peers 1}
           {:onyx/name :out :onyx/plugin :onyx.plugin.seq/output :onyx/type :output :onyx/medium :seq
            :onyx/max-peers 1 :onyx/batch-size 10}]
 :task-scheduler :onyx.task-scheduler/balanced})";

class Daemon {
 public:
  explicit Daemon(int descriptors_max = 0) : process(descriptors_max) {
    gpr_set_log_function([](gpr_log_func_args*) {});
    channel = connect();
  }

  // A connection of its own.
  std::shared_ptr<grpc::Channel> connect() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetMaxReceiveMessageSize(-1);
    return grpc::CreateCustomChannel(process.address(), grpc::InsecureChannelCredentials(),
                                     arguments);
  }

  std::int64_t position() {
    v1::VersionResponse response;
    const grpc::Status status = call([&](grpc::ClientContext& context) {
      return v1::ClusterService::NewStub(connect())->Version(&context, {}, &response);
    });
    INFO(status.error_message());
    REQUIRE(status.ok());
    return response.position();
  }

  // Nothing was written since `before`, and a job runs to its end on connections of its own.
  void check_unharmed(std::int64_t before) {
    INFO(process.log());
    REQUIRE(process.is_running());
    CHECK(position() == before);
    check_serves();
  }

  void check_serves() {
    REQUIRE(process.is_running());
    const auto stub = v1::JobService::NewStub(connect());
    v1::SubmitRequest request;
    request.mutable_job()->set_text(kHello);
    v1::SubmitResponse submitted;
    const grpc::Status status = call(
        [&](grpc::ClientContext& context) { return stub->Submit(&context, request, &submitted); });
    INFO(status.error_message());
    REQUIRE(status.ok());
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kGuard);
    v1::AwaitRequest await;
    await.set_job(submitted.job().id());
    const auto reader = stub->Await(&context, await);
    v1::Job job;
    while (reader->Read(&job)) {
    }
    CHECK(reader->Finish().ok());
    CHECK(job.ref().state() == v1::JOB_STATE_COMPLETED);
  }

  // With a deadline as a guard.
  static grpc::Status call(const std::function<grpc::Status(grpc::ClientContext&)>& make) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kGuard);
    return make(context);
  }

  // The bytes as they are, whatever the method takes.
  grpc::Status send(const std::string& method, const std::string& bytes) {
    grpc::GenericStub stub(channel);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kGuard);
    grpc::CompletionQueue queue;
    grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    grpc::Status status;
    const auto pending = stub.PrepareUnaryCall(&context, method, request, &queue);
    pending->StartCall();
    pending->Finish(&response, &status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    return status;
  }

  OnyxdProcess process;
  std::shared_ptr<grpc::Channel> channel;
};

class Socket {
 public:
  static Socket to_path(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    return Socket(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  static Socket to_port(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return Socket(AF_INET, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }

  void send(const std::string& bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
      const ssize_t count = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) return;  // the daemon has had enough
      sent += static_cast<std::size_t>(count);
    }
  }

 private:
  Socket(int family, const sockaddr* address, socklen_t size)
      : fd_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    REQUIRE(fd_ >= 0);
    REQUIRE(::connect(fd_, address, size) == 0);
  }

  int fd_;
};

std::string frame(std::uint32_t length, std::uint8_t type, std::uint8_t flags, std::uint32_t stream,
                  const std::string& payload) {
  std::string out;
  for (const int shift : {16, 8, 0}) out += static_cast<char>(length >> shift);
  out += static_cast<char>(type);
  out += static_cast<char>(flags);
  for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(stream >> shift);
  return out + payload;
}

std::vector<std::string> garbage() {
  const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  const std::string settings = frame(0, 4, 0, 0, "");
  std::mt19937 random(7);
  std::string noise;
  for (int i = 0; i < 100'000; ++i) noise += static_cast<char>(random());
  std::vector<std::string> out = {
      "",
      "\n",
      "hello",
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /" + std::string(1'000'000, 'a'),
      std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + noise.substr(0, 500),
      noise,
      std::string(100'000, '\0'),
      preface.substr(0, 10),
      preface,
      preface + noise,
      preface + settings,
      preface + settings + noise,
      preface + frame(0xffffff, 4, 0, 0, noise),                          // longer than allowed
      preface + settings + frame(16'384, 0, 0, 1, noise.substr(0, 100)),  // cut short, no stream
      preface + settings + frame(5, 1, 4, 1, noise.substr(0, 5)),         // no header block
      preface + settings + frame(5, 1, 4, 0, "\x82\x86\x84\x41\x8a"),     // headers on stream 0
      preface + settings + frame(4, 8, 0, 0, std::string(4, '\0')),       // a window of nothing
      preface + settings + frame(0, 9, 0, 1, ""),                         // continues nothing
  };
  // Headers that grow without end.
  std::string continued = preface + settings + frame(1, 1, 0, 1, "\x82");
  for (int i = 0; i < 10'000; ++i) continued += frame(1, 9, 0, 1, "\x82");
  out.push_back(continued);
  // Streams opened and reset as fast as it goes.
  std::string resets = preface + settings;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    resets +=
        frame(1, 1, 4, 2 * i + 1, "\x82") + frame(4, 3, 0, 2 * i + 1, std::string("\0\0\0\x08", 4));
  }
  out.push_back(resets);
  return out;
}

void check_undecoded(const grpc::Status& status) {
  CHECK(status.error_code() == StatusCode::INVALID_ARGUMENT);
  const api::Refusal refusal = api::from_status(status);
  CHECK(refusal.error.rule() == "NET-09");
  CHECK_THAT(refusal.error.message(), Catch::Contains("UTF-8"));
}

}  // namespace

TEST_CASE("onyxd: bytes that are no gRPC end their connection only", "[onyxd]") {
  Daemon daemon;
  const std::int64_t before = daemon.position();
  std::vector<Socket> open;
  for (const std::string& bytes : garbage()) {
    open.push_back(Socket::to_path(daemon.process.path()));
    open.back().send(bytes);
    open.push_back(Socket::to_port(daemon.process.port()));
    open.back().send(bytes);
  }
  daemon.check_unharmed(before);
  open.clear();
  daemon.check_serves();
}

TEST_CASE("onyxd: a message that cannot be decoded is refused", "[onyxd]") {
  Daemon daemon;
  const std::int64_t before = daemon.position();
  const std::string field_1 = "\x0a";  // of the length that follows
  for (const char* method : {"/onyx.v1.JobService/Submit", "/onyx.v1.JobService/Validate",
                             "/onyx.v1.JobService/Kill", "/onyx.v1.JobService/Get",
                             "/onyx.v1.JobService/RunCase", "/onyx.v1.ClusterService/AddPeers",
                             "/onyx.v1.ClusterService/RemovePeer", "/onyx.v1.LogService/Read"}) {
    for (const std::string& bytes : {std::string("\xff\xff\xff\xff"), field_1 + "\x7f" + "short",
                                     field_1 + "\xff\xff\xff\xff\x07", std::string("\x0b\x0b\x0b"),
                                     std::string(1'000, '\x0b'), std::string(5, '\0')}) {
      INFO(method << " " << bytes.size());
      check_undecoded(daemon.send(method, bytes));
    }
  }
  CHECK(daemon.send("/onyx.v1.JobService/Nonsense", "").error_code() == StatusCode::UNIMPLEMENTED);
  CHECK(daemon.send("/onyx.v2.JobService/Submit", "").error_code() == StatusCode::UNIMPLEMENTED);
  CHECK(daemon.send("nonsense", "").error_code() == StatusCode::UNIMPLEMENTED);
  daemon.check_unharmed(before);
}

TEST_CASE("onyxd: a text that is not UTF-8 is refused, in calls and in streams", "[onyxd]") {
  Daemon daemon;
  const std::int64_t before = daemon.position();
  const std::string field_1 = "\x0a";  // of the length that follows
  const std::string text = "\x02\xc3\x28";
  check_undecoded(
      daemon.send("/onyx.v1.JobService/Submit", field_1 + "\x06" + field_1 + "\x04{\xff\xfe}"));
  for (const char* method : {"Kill", "Get", "ExplainJob", "Output", "Await"})
    check_undecoded(daemon.send(std::string("/onyx.v1.JobService/") + method, field_1 + text));
  for (const char* method : {"RemovePeer", "DrainGroup", "GetGroup"})
    check_undecoded(daemon.send(std::string("/onyx.v1.ClusterService/") + method, field_1 + text));
  check_undecoded(daemon.send("/onyx.v1.LogService/Follow", "\xff\xff\xff\xff"));
  // What a handler says stays as it is.
  CHECK(daemon.send("/onyx.v1.JobService/Kill", field_1 + "\x02xx").error_code() ==
        StatusCode::NOT_FOUND);
  daemon.check_unharmed(before);
}

TEST_CASE("onyxd: a message that is too long is RESOURCE_EXHAUSTED", "[onyxd]") {
  Daemon daemon;
  const std::int64_t before = daemon.position();
  const auto jobs = v1::JobService::NewStub(daemon.channel);
  v1::SubmitRequest request;
  v1::SubmitResponse response;
  for (const std::size_t bytes : {18u << 20, (16u << 20) + 1}) {
    request.mutable_job()->set_text(std::string(bytes, ' '));
    const grpc::Status status = Daemon::call(
        [&](grpc::ClientContext& context) { return jobs->Submit(&context, request, &response); });
    CHECK(status.error_code() == StatusCode::RESOURCE_EXHAUSTED);
  }
  // Within the limit of a message, in a very great number of files.
  request.mutable_job()->set_text(kHello);
  for (int i = 0; i < 200'000; ++i) request.add_functions()->set_file("f.clj");
  const grpc::Status files = Daemon::call(
      [&](grpc::ClientContext& context) { return jobs->Submit(&context, request, &response); });
  CHECK(files.error_code() == StatusCode::RESOURCE_EXHAUSTED);
  daemon.check_unharmed(before);
}

TEST_CASE("onyxd: what is missing or out of range is named", "[onyxd]") {
  Daemon daemon;
  const std::int64_t before = daemon.position();
  const auto jobs = v1::JobService::NewStub(daemon.channel);
  const auto cluster = v1::ClusterService::NewStub(daemon.channel);
  const auto log = v1::LogService::NewStub(daemon.channel);
  const auto code_of = [](const std::function<grpc::Status(grpc::ClientContext&)>& make) {
    const grpc::Status status = Daemon::call(make);
    INFO(status.error_message());
    if (!status.ok()) CHECK_FALSE(status.error_message().empty());
    return status.error_code();
  };

  v1::SubmitResponse submitted;
  v1::SubmitRequest submit;
  CHECK(code_of([&](auto& c) { return jobs->Submit(&c, submit, &submitted); }) ==
        StatusCode::INVALID_ARGUMENT);
  submit.mutable_job()->set_text(kHello);
  for (const char* id : {"1", "not-a-uuid", "6f1c02d9-0000-4000-8000-00000000000g"}) {
    submit.set_id(id);
    CHECK(code_of([&](auto& c) { return jobs->Submit(&c, submit, &submitted); }) ==
          StatusCode::INVALID_ARGUMENT);
  }
  v1::KillResponse killed;
  CHECK(code_of([&](auto& c) { return jobs->Kill(&c, {}, &killed); }) ==
        StatusCode::INVALID_ARGUMENT);
  v1::KillRequest kill;
  kill.set_job(std::string(1'000'000, 'x'));
  CHECK(code_of([&](auto& c) { return jobs->Kill(&c, kill, &killed); }) == StatusCode::NOT_FOUND);
  v1::Job job;
  CHECK(code_of([&](auto& c) { return jobs->Get(&c, {}, &job); }) == StatusCode::INVALID_ARGUMENT);
  v1::Why why;
  CHECK(code_of([&](auto& c) { return jobs->ExplainJob(&c, {}, &why); }) ==
        StatusCode::INVALID_ARGUMENT);
  v1::OutputResponse output;
  CHECK(code_of([&](auto& c) { return jobs->Output(&c, {}, &output); }) ==
        StatusCode::INVALID_ARGUMENT);
  v1::RunCaseResponse ran;
  CHECK(code_of([&](auto& c) { return jobs->RunCase(&c, {}, &ran); }) ==
        StatusCode::INVALID_ARGUMENT);
  v1::AddPeersResponse added;
  v1::AddPeersRequest add;
  for (const std::int32_t count : {0, -1, std::numeric_limits<std::int32_t>::min(),
                                   std::numeric_limits<std::int32_t>::max(), 1'001}) {
    add.set_count(count);
    CHECK(code_of([&](auto& c) { return cluster->AddPeers(&c, add, &added); }) ==
          StatusCode::INVALID_ARGUMENT);
  }
  v1::RemovePeerResponse removed;
  CHECK(code_of([&](auto& c) { return cluster->RemovePeer(&c, {}, &removed); }) ==
        StatusCode::INVALID_ARGUMENT);
  v1::ReadLogResponse read;
  v1::ReadLogRequest range;
  for (const std::int64_t from : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1},
                                  std::numeric_limits<std::int64_t>::max()}) {
    range.set_from(from);
    range.set_limit(std::numeric_limits<std::uint32_t>::max());
    CHECK(code_of([&](auto& c) { return log->Read(&c, range, &read); }) == StatusCode::OK);
    v1::FollowLogRequest follow;
    follow.set_from(from);
    grpc::ClientContext context;
    const auto reader = log->Follow(&context, follow);
    context.TryCancel();
    CHECK(reader->Finish().error_code() == StatusCode::CANCELLED);
  }
  daemon.check_unharmed(before);
}

TEST_CASE("onyxd: a field or a value that this version does not know is refused", "[onyxd]") {
  Daemon daemon;
  const std::int64_t before = daemon.position();
  const auto jobs = v1::JobService::NewStub(daemon.channel);
  v1::ListJobsRequest list;
  list.add_states(static_cast<v1::JobState>(99));
  v1::ListJobsResponse listed;
  const grpc::Status state = Daemon::call(
      [&](grpc::ClientContext& context) { return jobs->List(&context, list, &listed); });
  CHECK(state.error_code() == StatusCode::INVALID_ARGUMENT);
  CHECK_THAT(state.error_message(), Catch::Contains("states") && Catch::Contains("99"));

  v1::AwaitRequest await;
  await.set_job("x");
  await.set_until(static_cast<v1::AwaitRequest::Until>(7));
  grpc::ClientContext context;
  const auto reader = jobs->Await(&context, await);
  v1::Job job;
  CHECK_FALSE(reader->Read(&job));
  CHECK(reader->Finish().error_code() == StatusCode::INVALID_ARGUMENT);

  const std::string field_15 = std::string("\x7a") + "\x01x";
  for (const char* method :
       {"/onyx.v1.JobService/Submit", "/onyx.v1.JobService/List",
        "/onyx.v1.ClusterService/CollectGarbage", "/onyx.v1.LogService/Read"}) {
    const grpc::Status status = daemon.send(method, field_15);
    INFO(method);
    CHECK(status.error_code() == StatusCode::INVALID_ARGUMENT);
    CHECK_THAT(status.error_message(), Catch::Contains("15"));
  }
  // In a message inside the request too.
  CHECK_THAT(
      daemon.send("/onyx.v1.JobService/Submit", std::string("\x0a\x03") + field_15).error_message(),
      Catch::Contains("job") && Catch::Contains("15"));
  daemon.check_unharmed(before);
}

TEST_CASE("onyxd: a deadline that has passed, or is about to, leaves at most what was asked",
          "[onyxd]") {
  Daemon daemon;
  const std::int64_t before = daemon.position();
  const auto jobs = v1::JobService::NewStub(daemon.channel);
  v1::SubmitRequest request;
  request.mutable_job()->set_text(kHello);
  request.set_id("6f1c02d9-0000-4000-8000-000000000001");
  v1::SubmitResponse response;
  const auto submit = [&](std::chrono::microseconds within) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + within);
    return jobs->Submit(&context, request, &response);
  };
  CHECK(submit(-std::chrono::hours(1)).error_code() == StatusCode::DEADLINE_EXCEEDED);
  daemon.check_unharmed(before);
  grpc::Status status;
  for (int within_us = 100;; within_us += within_us / 4) {
    status = submit(std::chrono::microseconds(within_us));
    if (status.ok()) break;
    REQUIRE(status.error_code() == StatusCode::DEADLINE_EXCEEDED);
  }
  v1::ListJobsResponse listed;
  CHECK(Daemon::call([&](auto& c) { return jobs->List(&c, {}, &listed); }).ok());
  CHECK(listed.jobs_size() == 2);  // one of them of check_unharmed()
  daemon.check_serves();
}

TEST_CASE("onyxd: a call without a deadline is answered, one that is cancelled is given up",
          "[onyxd]") {
  Daemon daemon;
  const auto jobs = v1::JobService::NewStub(daemon.channel);
  v1::ListJobsResponse listed;
  grpc::ClientContext unlimited;
  CHECK(jobs->List(&unlimited, {}, &listed).ok());
  v1::SubmitRequest request;
  request.mutable_job()->set_text(kHello);
  request.set_id("6f1c02d9-0000-4000-8000-000000000002");
  for (int i = 0; i < 30; ++i) {  // fewer than may run at once
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    v1::SubmitResponse response;
    grpc::Status status;
    const auto pending = jobs->AsyncSubmit(&context, request, &queue);
    pending->Finish(&response, &status, nullptr);
    context.TryCancel();
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    if (!status.ok()) CHECK(status.error_code() == StatusCode::CANCELLED);
  }
  // At most what was asked for has happened, and once.
  const grpc::Status after = Daemon::call([&](auto& c) { return jobs->List(&c, {}, &listed); });
  INFO(after.error_code() << " " << after.error_message());
  CHECK(after.ok());
  CHECK(listed.jobs_size() <= 1);
  daemon.check_serves();
}

TEST_CASE("onyxd: streams that are cancelled cost nothing", "[onyxd]") {
  Daemon daemon;
  const std::int64_t before = daemon.position();
  const auto log = v1::LogService::NewStub(daemon.channel);
  for (int i = 0; i < 500; ++i) {
    grpc::ClientContext context;
    const auto reader = log->Follow(&context, {});
    v1::LogEvent event;
    for (int read = 0; read < i % 3; ++read) CHECK(reader->Read(&event));
    context.TryCancel();
    CHECK(reader->Finish().error_code() == StatusCode::CANCELLED);
  }
  daemon.check_unharmed(before);
}

TEST_CASE("onyxd: ten thousand streams of one connection leave the others alone", "[onyxd]") {
  Daemon daemon;
  const std::int64_t before = daemon.position();
  const auto log = v1::LogService::NewStub(daemon.channel);
  struct Open {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientAsyncReader<v1::LogEvent>> reader;
    grpc::Status status;
  };
  grpc::CompletionQueue queue;
  std::vector<std::unique_ptr<Open>> streams;
  for (int i = 0; i < 10'000; ++i) {
    auto open = std::make_unique<Open>();
    open->reader = log->AsyncFollow(&open->context, {}, &queue, nullptr);
    streams.push_back(std::move(open));
  }
  daemon.check_unharmed(before);
  for (const auto& open : streams) open->context.TryCancel();
  for (const auto& open : streams) open->reader->Finish(&open->status, open.get());
  std::size_t finished = 0;
  void* tag = nullptr;
  bool ok = false;
  while (finished < streams.size() && queue.Next(&tag, &ok)) finished += tag != nullptr ? 1 : 0;
  for (const auto& open : streams) {
    REQUIRE(open->status.error_code() == StatusCode::CANCELLED);
  }
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
  daemon.check_serves();
}

TEST_CASE("onyxd: silent connections do not keep others out", "[onyxd]") {
  Daemon daemon;
  const std::int64_t before = daemon.position();
  std::vector<Socket> idle;
  for (int i = 0; i < 200; ++i) {
    idle.push_back(Socket::to_path(daemon.process.path()));
    idle.push_back(Socket::to_port(daemon.process.port()));
  }
  daemon.check_unharmed(before);
}

TEST_CASE("onyxd: it serves again when connections that took every descriptor have gone",
          "[onyxd]") {
  Daemon daemon(200);
  daemon.check_serves();
  {
    std::vector<Socket> idle;
    for (int i = 0; i < 150; ++i) {
      idle.push_back(Socket::to_port(daemon.process.port()));
      idle.push_back(Socket::to_path(daemon.process.path()));
    }
  }
  daemon.check_serves();
}

TEST_CASE("onyxd: a follower that does not read holds nobody up and loses nothing", "[onyxd]") {
  Daemon daemon;
  const auto log = v1::LogService::NewStub(daemon.connect());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kGuard);
  const auto reader = log->Follow(&context, {});
  // More than its connection holds.
  const auto jobs = v1::JobService::NewStub(daemon.channel);
  const std::string reason(200'000, 'r');
  for (int i = 0; i < 40; ++i) {
    v1::SubmitRequest submit;
    submit.mutable_job()->set_text(kHello);
    // Waits for a peer that is not there, so that it can be killed.
    std::string& text = *submit.mutable_job()->mutable_text();
    text.replace(text.find(":onyx/max-peers 1"), 17, ":onyx/min-peers 100");
    v1::SubmitResponse submitted;
    REQUIRE(Daemon::call([&](auto& c) { return jobs->Submit(&c, submit, &submitted); }).ok());
    v1::KillRequest kill;
    kill.set_job(submitted.job().id());
    kill.set_reason(reason);
    v1::KillResponse killed;
    REQUIRE(Daemon::call([&](auto& c) { return jobs->Kill(&c, kill, &killed); }).ok());
  }
  daemon.check_serves();
  const std::int64_t newest = daemon.position();
  v1::LogEvent event;
  for (std::int64_t position = 0; position <= newest; ++position) {
    REQUIRE(reader->Read(&event));
    REQUIRE(event.entry().position() == position);
  }
  context.TryCancel();
  reader->Finish();
  daemon.check_serves();
}

TEST_CASE("onyxd: a reason too long for the log is cut, names and ids too long for it are refused",
          "[onyxd]") {
  Daemon daemon;
  const auto jobs = v1::JobService::NewStub(daemon.channel);
  v1::SubmitRequest submit;
  submit.mutable_job()->set_text(kHello);
  std::string& text = *submit.mutable_job()->mutable_text();
  text.replace(text.find(":onyx/max-peers 1"), 17, ":onyx/min-peers 100");
  v1::SubmitResponse submitted;
  REQUIRE(Daemon::call([&](auto& c) { return jobs->Submit(&c, submit, &submitted); }).ok());
  v1::KillRequest kill;
  kill.set_job(submitted.job().id());
  kill.set_reason(std::string(2'000'000, 'r'));
  v1::KillResponse killed;
  CHECK(Daemon::call([&](auto& c) { return jobs->Kill(&c, kill, &killed); }).ok());
  daemon.check_serves();

  const std::int64_t after = daemon.position();
  const auto refused = [&](const std::string& what, const std::string& by) {
    submit.mutable_job()->set_text(kHello);
    text.replace(text.find(what), what.size(), by);
    const grpc::Status status =
        Daemon::call([&](auto& c) { return jobs->Submit(&c, submit, &submitted); });
    INFO(status.error_message().substr(0, 200));
    CHECK(status.error_code() == StatusCode::INVALID_ARGUMENT);
    const api::Refusal refusal = api::from_status(status);
    std::string codes = refusal.error.rule();
    for (const edn::Diagnostic& found : refusal.diagnostics) codes += found.code + " ";
    return codes;
  };
  for (const std::size_t bytes : {1'100u, 100'000u, 900'000u}) {
    CHECK(refused("\"hello\"", "\"" + std::string(bytes, 'n') + "\"") == "JOB-04 ");
    CHECK_THAT(refused(":onyx/name :f", ":onyx/name :" + std::string(bytes, 'n')),
               Catch::Contains("CAT-01"));
  }
  submit.set_id(std::string(100'000, 'a'));
  CHECK(refused("hello", "hello") == "JOB-06 ");
  daemon.check_unharmed(after);
}

}  // namespace onyx::service
