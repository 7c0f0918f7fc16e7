#include "daemon/onyxd.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <filesystem>
#include <future>
#include <thread>

#include "common/api/local_socket.h"
#include "daemon/config/credentials_file.h"
#include "daemon/data_plane.h"
#include "daemon/plugins/built_in.h"
#include "daemon/query/replica_feed.h"
#include "daemon/random_ids.h"
#include "daemon/runtime/peer_group.h"
#include "daemon/service/daemon_backend.h"
#include "daemon/service/listen.h"
#include "daemon/service/server.h"
#include "daemon/version.h"
#include "daemon/zookeeper/embedded/server.h"
#include "daemon/zookeeper/warden/session_keeper.h"
#include "daemon/zookeeper/zookeeper_cluster.h"

namespace onyx {

namespace {

std::string host_name(const config::Settings& settings) {
  if (!settings.host.empty()) return settings.host;
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "localhost";
}

WallTimeMs wall_now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Result<std::vector<std::string>> canonical_roots(const std::vector<std::string>& roots) {
  std::vector<std::string> out;
  for (const std::string& root : roots) {
    std::error_code error;
    const auto path = std::filesystem::canonical(root, error);
    if (error) {
      return failure(ErrorCode::invalid_argument,
                     fmt::format(":onyxd/file-roots names {}: {}", root, error.message()),
                     "CFG-10");
    }
    out.push_back(path.string());
  }
  return out;
}

// What only has to run once on a worker.
class ProbeStrand final : public runtime::Strand {
 public:
  explicit ProbeStrand(std::shared_ptr<std::promise<void>> done) : done_(std::move(done)) {}
  runtime::Ran run(Instant) override {
    done_->set_value();
    return runtime::Ran::finished;
  }

 private:
  std::shared_ptr<std::promise<void>> done_;
};

runtime::GroupSettings group_settings(const config::Settings& settings,
                                      std::vector<std::string> roots) {
  runtime::GroupSettings out;
  out.peers = settings.peers;
  out.tags = settings.tags;
  out.host = host_name(settings);
  out.open_transport = open_data_plane(settings);
  out.parameters.job_scheduler = settings.job_scheduler == "onyx.job-scheduler/greedy"
                                     ? replica::JobScheduler::greedy
                                 : settings.job_scheduler == "onyx.job-scheduler/percentage"
                                     ? replica::JobScheduler::percentage
                                     : replica::JobScheduler::balanced;
  out.job_scheduler = settings.job_scheduler;
  out.stop_daemon = [] { ::kill(::getpid(), SIGTERM); };  // main() waits for it
  out.join_back_off = settings.join_back_off;
  out.inbox_capacity = settings.inbox_capacity;
  out.outbox_capacity = settings.outbox_capacity;
  out.execution.tenancy = settings.tenancy;
  out.execution.peer_config = settings.peer_config;
  out.execution.file_roots = std::move(roots);
  out.execution.barrier_period = settings.barrier_period;
  return out;
}

}  // namespace

// In the order of construction: each needs only those above it.
struct Onyxd::Parts {
  config::Settings settings;
  RandomIds ids;
  std::filesystem::path temporary_dir;  // removed at the end; empty: none
  std::unique_ptr<zookeeper::embedded::Server> embedded;
  std::string zookeeper;
  std::unique_ptr<zookeeper::SessionKeeper>
      keeper;  // null: the sessions die with this process anyway
  std::shared_ptr<plugins::OutputStore> outputs = std::make_shared<plugins::OutputStore>();
  plugins::Registry plugins;
  std::unique_ptr<runtime::Workers> workers;
  query::ReplicaFeed feed;
  std::unique_ptr<runtime::PeerGroup> group;
  std::unique_ptr<service::DaemonBackend> backend;
  std::unique_ptr<service::Server> server;

  Result<void> make_state_dir();
  Result<void> start_zookeeper();
  Result<void> start_group();
  Result<void> start_service();
  ~Parts();
};

Result<void> Onyxd::Parts::make_state_dir() {
  std::error_code error;
  if (!settings.state_dir.empty()) {
    std::filesystem::create_directories(settings.state_dir, error);
    if (error) {
      return failure(
          ErrorCode::invalid_argument,
          fmt::format("state directory {} cannot be made: {}", settings.state_dir, error.message()),
          "CFG-10");
    }
    return {};
  }
  std::string name = (std::filesystem::temp_directory_path(error) / "onyxd-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    return failure(ErrorCode::unavailable, "no temporary directory can be made below " + name);
  }
  temporary_dir = name;
  settings.state_dir = name;
  return {};
}

Result<void> Onyxd::Parts::start_zookeeper() {
  zookeeper = settings.zookeeper;
  if (!settings.is_dev) {
    auto started =
        zookeeper::SessionKeeper::start(zookeeper::warden_path(), zookeeper::ticket_file_path());
    if (started.has_value()) {
      keeper = std::move(*started);
    } else {
      spdlog::warn(
          "no warden: if this daemon is killed, the others notice only when its ZooKeeper "
          "session has timed out: {}",
          started.error().text());
    }
    return {};
  }
  ONYX_ASSIGN_OR_RETURN(embedded, zookeeper::embedded::Server::start());
  zookeeper = embedded->address();
  return {};
}

Result<void> Onyxd::Parts::start_group() {
  ONYX_ASSIGN_OR_RETURN(auto roots, canonical_roots(settings.file_roots));
  plugins::add_built_in(plugins, outputs);
  const std::size_t threads =
      settings.workers != 0 ? settings.workers : std::max(1u, std::thread::hardware_concurrency());
  workers = std::make_unique<runtime::Workers>(threads);
  zookeeper::ClusterOptions options;
  options.address = zookeeper;
  options.tenancy = settings.tenancy;
  options.session_timeout = settings.session_timeout;
  options.may_be_open = settings.may_zookeeper_be_open;
  if (!settings.zookeeper_auth_file.empty()) {
    ONYX_ASSIGN_OR_RETURN(options.digest, config::read_credentials(settings.zookeeper_auth_file));
  } else if (!settings.is_dev) {
    spdlog::warn(
        "no :onyxd/zookeeper-auth-file: everybody who reaches ZooKeeper can read and change "
        "tenancy {}",
        settings.tenancy);
  }
  if (keeper != nullptr) {
    options.watch.opened = [this](const zookeeper::SessionKey& key) {
      keeper->opened({key.id, key.password, zookeeper});
    };
    options.watch.closed = [this](std::int64_t session) { keeper->closed(session); };
  }
  runtime::GroupSettings of_group = group_settings(settings, std::move(roots));
  of_group.outputs = outputs;
  of_group.version = kVersion;
  group = std::make_unique<runtime::PeerGroup>(
      std::move(of_group),
      [options](cluster::OnSession on_session) {
        return zookeeper::open_cluster(options, std::move(on_session));
      },
      plugins, *workers, ids, [this](const runtime::AppliedEntry& entry) { feed.applied(entry); },
      [this](const replica::Replica& replica, Position origin) {
        feed.start_from(replica, origin);
      });
  return group->start();
}

Result<void> Onyxd::Parts::start_service() {
  service::DaemonFacts facts;
  facts.version = kVersion;
  facts.tenancy = settings.tenancy;
  facts.host = host_name(settings);
  facts.zookeeper = settings.is_dev ? "in memory, " + zookeeper : zookeeper;
  facts.job_scheduler = settings.job_scheduler;
  facts.peer_config = settings.peer_config;
  facts.tags = settings.tags;
  facts.is_dev = settings.is_dev;
  facts.started_ms = wall_now_ms();
  backend = std::make_unique<service::DaemonBackend>(std::move(facts), *group, feed, plugins,
                                                     outputs, ids);
  std::vector<std::string> listen = settings.listen;
  if (listen.empty()) {
    ONYX_ASSIGN_OR_RETURN(const std::string socket, api::socket_to_listen_on());
    listen.push_back("unix:" + socket);
  }
  ONYX_ASSIGN_OR_RETURN(server,
                        service::Server::start(*backend, listen, "onyxd " + host_name(settings)));
  server->set_serving(true);
  return {};
}

Onyxd::Parts::~Parts() {
  if (server != nullptr) {
    server->set_serving(false);
    server->stop();
  }
  server.reset();
  backend.reset();
  if (group != nullptr) group->stop();
  group.reset();
  if (workers != nullptr) workers->stop();
  workers.reset();
  embedded.reset();
  keeper.reset();
  std::error_code ignored;
  if (!temporary_dir.empty()) std::filesystem::remove_all(temporary_dir, ignored);
}

Onyxd::Onyxd(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Result<std::unique_ptr<Onyxd>> Onyxd::start(config::Settings settings) {
  auto parts = std::make_unique<Parts>();
  parts->settings = std::move(settings);
  // Before anything is joined that would have to be left again.
  for (const std::string& address : parts->settings.listen) {
    ONYX_TRY(service::parse_listen(address));
  }
  ONYX_TRY(check_data_plane(parts->settings));
  ONYX_TRY(parts->make_state_dir());
  ONYX_TRY(parts->start_zookeeper());
  ONYX_TRY(parts->start_group());
  ONYX_TRY(parts->start_service());
  return std::unique_ptr<Onyxd>(new Onyxd(std::move(parts)));
}

Onyxd::~Onyxd() = default;

const std::vector<std::string>& Onyxd::addresses() const { return parts_->server->addresses(); }

std::string Onyxd::ready_line() const {
  const auto self = parts_->group->handle();
  return fmt::format("onyxd ready api={} zookeeper={} group={} peers={}",
                     fmt::join(addresses(), ","), parts_->zookeeper,
                     self.has_value() ? self->group.text() : "-", parts_->settings.peers);
}

bool Onyxd::gets_on(std::uint64_t within_us) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::microseconds(within_us);
  auto done = std::make_shared<std::promise<void>>();
  auto ran = done->get_future();
  parts_->workers->add({std::make_shared<ProbeStrand>(done)});
  return ran.wait_until(deadline) == std::future_status::ready &&
         parts_->group->answers_by(deadline);
}

}  // namespace onyx
