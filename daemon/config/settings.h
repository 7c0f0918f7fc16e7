// What one daemon is told: the configuration file, with the flags over it, and the model's defaults below.
//
// Shape:   the file is one EDN map of peer-config keys and :onyxd/… keys; names, types and defaults are rows of
//          common/model. A flag replaces the key it stands for.
// Errors:  diagnostics with file, line and column; all at once.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "common/edn/diagnostic.h"
#include "common/edn/value.h"

namespace onyx::config {

// Of one group at its start: they are announced in one log entry.
inline constexpr std::size_t kPeersMax = 10'000;

struct Flags {
  bool is_dev = false;
  std::optional<std::string> config_file;
  std::optional<std::size_t> peers;
  std::vector<std::string> listen;
  std::optional<std::string> state_dir;
  std::optional<std::string> tenancy;
  std::optional<std::string> log_level;
};

struct Settings {
  bool is_dev = false;
  std::string tenancy;
  std::string zookeeper;               // empty with --dev: the in-memory one
  std::string zookeeper_auth_file;     // empty: none
  bool may_zookeeper_be_open = false;  // although there is one
  std::string job_scheduler;           // "onyx.job-scheduler/balanced"
  std::vector<std::string> tags;
  std::size_t peers = 8;
  std::string host;                     // empty: the system's name
  std::vector<std::string> listen;      // empty: the local socket
  std::string data_listen;              // of the data plane, the only address; empty: the two below
  std::string data_host = "127.0.0.1";  // over TCP, beside a Unix socket
  std::int64_t data_port = 0;           // 0: the system picks one
  std::string state_dir;                // empty: a fresh temporary directory
  std::vector<std::string> file_roots;  // "/" allows any
  std::size_t workers = 0;              // 0: as many as cores
  std::string log_level = "info";
  std::size_t inbox_capacity = 1'000;
  std::size_t outbox_capacity = 1'000;
  std::chrono::milliseconds session_timeout{4'000};
  std::chrono::milliseconds join_back_off{200};
  std::chrono::milliseconds barrier_period{1'000};
  edn::Value peer_config;  // the whole map, for tasks
};

struct Loaded {
  Settings settings;
  std::vector<edn::Diagnostic> warnings;
};
struct Refused {
  std::vector<edn::Diagnostic> diagnostics;
  std::string text;  // of the file, for carets
};

// `file_text` is the content of flags.config_file; empty without one.
tl::expected<Loaded, Refused> load(const Flags& flags, const std::string& file_text);

}  // namespace onyx::config
