#include <signal.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cstdio>

#include "daemon/config/config_file.h"
#include "daemon/config/settings.h"
#include "daemon/onyxd.h"
#include "daemon/version.h"
#include "daemon/watchdog.h"

namespace {

// As docs/cli.md has them for onyxctl too.
constexpr int kUsage = 2;
constexpr int kInvalid = 3;
constexpr int kUnreachable = 8;

int exit_code(const onyx::Error& error) {
  switch (error.code()) {
    case onyx::ErrorCode::invalid_argument:
      return kInvalid;
    case onyx::ErrorCode::unavailable:
    case onyx::ErrorCode::deadline_exceeded:
      return kUnreachable;
    default:
      return 1;
  }
}

void print_diagnostics(const std::vector<onyx::edn::Diagnostic>& diagnostics,
                       const std::string& text) {
  const bool colour = ::isatty(STDERR_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  for (const auto& diagnostic : diagnostics) {
    std::fputs(onyx::edn::render(diagnostic, text, colour).c_str(), stderr);
    std::fputc('\n', stderr);
  }
}

void start_logging(const std::string& level) {
  auto logger = spdlog::stderr_color_mt("onyxd");
  // Under systemd the journal has the time.
  logger->set_pattern(std::getenv("JOURNAL_STREAM") != nullptr ? "%l %v"
                                                               : "%Y-%m-%dT%H:%M:%S.%e %l %v");
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(logger));
}

// Before the first thread is made, so that all inherit it and sigwait() gets the signals.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"onyxd: one daemon of an Onyx cluster; onyxctl talks to it."};
  onyx::config::Flags flags;
  std::string config_file, state_dir, tenancy, log_level;
  std::size_t peers = 0;
  app.add_flag("--dev", flags.is_dev, "development: an in-memory ZooKeeper inside this process");
  app.add_option("--config", config_file, "EDN file with the peer configuration and :onyxd/… keys");
  auto* peers_option = app.add_option("--peers", peers, "virtual peers to start (default 8)")
                           ->check(CLI::Range(std::size_t{1}, onyx::config::kPeersMax));
  app.add_option("--listen", flags.listen,
                 "unix:/path or HOST:PORT (loopback); repeatable; port 0 picks one");
  app.add_option("--state-dir", state_dir,
                 "where data is kept (default: a fresh temporary directory)");
  app.add_option("--tenancy", tenancy, "the cluster's name space, over :onyx/tenancy-id");
  app.add_option("--log-level", log_level, "trace, debug, info, warn or error")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error"}));
  app.set_version_flag("--version", std::string("onyxd ") + onyx::kVersion);
  app.footer(
      "Examples:\n"
      "  onyxd --dev --listen 127.0.0.1:0\n"
      "  onyxd --config /etc/onyx/onyxd.edn");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    return app.exit(asked);
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "onyxd: %s\nonyxd --help shows every flag\n", error.what());
    return kUsage;
  }
  if (!flags.is_dev && config_file.empty()) {
    std::fprintf(stderr,
                 "onyxd: give --dev, --config FILE, or both\nonyxd --help shows every flag\n");
    return kUsage;
  }
  std::string text;
  if (!config_file.empty()) {
    flags.config_file = config_file;
    auto read = onyx::config::read_config_file(config_file);
    if (!read.has_value()) {
      std::fprintf(stderr, "onyxd: %s\n", read.error().text().c_str());
      return kInvalid;
    }
    text = std::move(*read);
  }
  if (peers_option->count() > 0) flags.peers = peers;
  if (!state_dir.empty()) flags.state_dir = state_dir;
  if (!tenancy.empty()) flags.tenancy = tenancy;
  if (!log_level.empty()) flags.log_level = log_level;

  auto loaded = onyx::config::load(flags, text);
  if (!loaded.has_value()) {
    print_diagnostics(loaded.error().diagnostics, loaded.error().text);
    return kInvalid;
  }
  start_logging(loaded->settings.log_level);
  print_diagnostics(loaded->warnings, text);

  const sigset_t signals = block_signals();
  auto daemon = onyx::Onyxd::start(std::move(loaded->settings));
  if (!daemon.has_value()) {
    const std::string& rule = daemon.error().rule();
    std::fprintf(stderr, "onyxd: %s%s\n", daemon.error().text().c_str(),
                 rule.empty() ? "" : (" (onyxctl explain " + rule + ")").c_str());
    return exit_code(daemon.error());
  }
  {
    onyx::Watchdog watchdog([&](std::uint64_t within_us) { return (*daemon)->gets_on(within_us); });
    std::printf("%s\n", (*daemon)->ready_line().c_str());
    std::fflush(stdout);
    ::sd_notify(0, "READY=1");

    int received = 0;
    sigwait(&signals, &received);
    spdlog::info("{} received, leaving the cluster", received == SIGTERM ? "SIGTERM" : "SIGINT");
    ::sd_notify(0, "STOPPING=1");
  }
  daemon->reset();
  spdlog::info("stopped");
  return 0;
}
