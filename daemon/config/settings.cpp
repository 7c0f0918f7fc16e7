#include "daemon/config/settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/edn/reader.h"
#include "common/model/information_model.h"
#include "common/model/validation.h"

namespace onyx::config {

namespace {

using edn::Value;

// The value in the file, or the model's default, or nil.
Value value_of(const Value& config, std::string_view key) {
  if (const Value* found = config.find(key)) return *found;
  for (const auto section : {model::Section::peer_config, model::Section::daemon}) {
    if (auto by_default = model::default_of(section, key)) return *by_default;
  }
  return {};
}

std::string text_of(const Value& value) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_keyword()) return value.name()->text;
  return {};
}

std::vector<std::string> texts_of(const Value& value) {
  std::vector<std::string> out;
  if (value.is_sequential()) {
    for (const Value& item : value.items()) out.push_back(text_of(item));
  }
  return out;
}

template <class T>
void take_integer(const Value& config, std::string_view key, T& out) {
  const Value value = value_of(config, key);
  if (value.is_integer()) out = T(value.as_integer());
}

// The flags as keys of the file, so that they are judged alike.
Value with_flags(Value config, const Flags& flags) {
  const auto put = [&](std::string_view key, Value value) {
    config = std::move(config).assoc(Value::keyword(key), std::move(value));
  };
  const auto put_default = [&](std::string_view key, Value value) {
    if (config.find(key) == nullptr) put(key, std::move(value));
  };
  if (flags.peers.has_value())
    put("onyxd/peers", Value::integer(static_cast<std::int64_t>(*flags.peers)));
  if (!flags.listen.empty()) {
    std::vector<Value> listen;
    for (const std::string& address : flags.listen) listen.push_back(Value::string(address));
    put("onyxd/listen", Value::vector(std::move(listen)));
  }
  if (flags.state_dir.has_value()) put("onyxd/state-dir", Value::string(*flags.state_dir));
  if (flags.tenancy.has_value()) put("onyx/tenancy-id", Value::string(*flags.tenancy));
  if (flags.log_level.has_value()) put("onyxd/log-level", Value::keyword(*flags.log_level));
  if (flags.is_dev) {
    put_default("onyx/tenancy-id", Value::string("dev"));
    put_default("onyx.peer/job-scheduler", Value::keyword("onyx.job-scheduler/balanced"));
    put_default("zookeeper/address", Value::string("in-memory"));
    put_default("onyxd/file-roots", Value::vector({Value::string("/")}));
  }
  return config;
}

std::optional<edn::Diagnostic> too_many_peers(const model::JobText& judged,
                                              const edn::Document& document) {
  const Value* peers = judged.value.is_map() ? judged.value.find("onyxd/peers") : nullptr;
  if (peers == nullptr || !peers->is_integer()) return std::nullopt;
  if (peers->as_integer() <= static_cast<std::int64_t>(kPeersMax)) return std::nullopt;
  edn::Diagnostic found;
  found.code = "CFG-04";
  found.message =
      fmt::format(":onyxd/peers must be at most {}; found {}", kPeersMax, peers->as_integer());
  found.path = {Value::keyword("onyxd/peers")};
  found.help = "onyxctl peer add N  adds more to a running daemon";
  if (judged.place != nullptr) {
    found.file = std::string(judged.file);
    found.span = edn::locate(document.value, document.place, found.path);
  }
  return found;
}

// A site in the log is the host, a blank, and its addresses.
std::optional<edn::Diagnostic> host_with_blank(const model::JobText& judged,
                                               const edn::Document& document) {
  const Value* host = judged.value.is_map() ? judged.value.find("onyxd/host") : nullptr;
  if (host == nullptr || !host->is_string()) return std::nullopt;
  const std::string name(host->as_string());
  if (!name.empty() && name.find_first_of(" \t\r\n") == std::string::npos) return std::nullopt;
  edn::Diagnostic found;
  found.code = "CFG-04";
  found.message = fmt::format(":onyxd/host must be a name without blanks; found {:?}", name);
  found.path = {Value::keyword("onyxd/host")};
  found.help = "leave it out to use the system's host name";
  if (judged.place != nullptr) {
    found.file = std::string(judged.file);
    found.span = edn::locate(document.value, document.place, found.path);
  }
  return found;
}

}  // namespace

tl::expected<Loaded, Refused> load(const Flags& flags, const std::string& file_text) {
  Value written = Value::map();
  edn::Document document;
  if (flags.config_file.has_value()) {
    auto read = edn::read_document(file_text, *flags.config_file);
    if (!read.has_value()) return tl::unexpected(Refused{{read.error()}, file_text});
    document = std::move(*read);
    written = document.value;
  }
  const Value config = written.is_map() ? with_flags(written, flags) : written;
  const model::JobText judged{
      config, flags.config_file.has_value() ? &document.place : nullptr,
      flags.config_file.has_value() ? *flags.config_file : std::string_view()};
  auto found = model::validate_peer_config(judged);
  for (const auto check : {too_many_peers, host_with_blank}) {
    if (auto wrong = check(judged, document)) found.push_back(std::move(*wrong));
  }
  if (model::has_errors(found)) return tl::unexpected(Refused{std::move(found), file_text});

  Loaded loaded;
  loaded.warnings = std::move(found);
  Settings& s = loaded.settings;
  s.is_dev = flags.is_dev;
  const Value tenancy = value_of(config, "onyx/tenancy-id");
  s.tenancy = text_of(tenancy);
  if (!flags.is_dev) s.zookeeper = text_of(value_of(config, "zookeeper/address"));
  s.zookeeper_auth_file = text_of(value_of(config, "onyxd/zookeeper-auth-file"));
  const Value may_be_open = value_of(config, "onyxd/zookeeper-open?");
  s.may_zookeeper_be_open = may_be_open == Value::boolean(true);
  s.job_scheduler = text_of(value_of(config, "onyx.peer/job-scheduler"));
  s.tags = texts_of(value_of(config, "onyx.peer/tags"));
  std::sort(s.tags.begin(), s.tags.end());
  s.tags.erase(std::unique(s.tags.begin(), s.tags.end()), s.tags.end());
  take_integer(config, "onyxd/peers", s.peers);
  s.host = text_of(value_of(config, "onyxd/host"));
  s.listen = texts_of(value_of(config, "onyxd/listen"));
  s.data_listen = text_of(value_of(config, "onyxd/data-listen"));
  const auto bind_addr = text_of(value_of(config, "onyx.messaging/bind-addr"));
  if (!bind_addr.empty()) s.data_host = bind_addr;
  // The model's port counts where TCP is asked for.
  if (!bind_addr.empty() || config.find("onyx.messaging/peer-port") != nullptr)
    take_integer(config, "onyx.messaging/peer-port", s.data_port);
  s.state_dir = text_of(value_of(config, "onyxd/state-dir"));
  s.file_roots = texts_of(value_of(config, "onyxd/file-roots"));
  take_integer(config, "onyxd/workers", s.workers);
  if (const auto level = text_of(value_of(config, "onyxd/log-level")); !level.empty())
    s.log_level = level;
  take_integer(config, "onyx.peer/inbox-capacity", s.inbox_capacity);
  take_integer(config, "onyx.peer/outbox-capacity", s.outbox_capacity);
  take_integer(config, "onyx.zookeeper/session-timeout-ms", s.session_timeout);
  take_integer(config, "onyx.peer/join-failure-back-off", s.join_back_off);
  take_integer(config, "onyx.peer/coordinator-barrier-period-ms", s.barrier_period);
  s.peer_config = config;
  return loaded;
}

}  // namespace onyx::config
