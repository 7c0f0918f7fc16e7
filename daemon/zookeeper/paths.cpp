#include "daemon/zookeeper/paths.h"

#include <fmt/format.h>

#include <charconv>

namespace onyx::zookeeper {
namespace {

constexpr std::string_view kUnescaped =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:";
constexpr std::string_view kEntry = "/entry-";

}  // namespace

std::string escape_part(std::string_view part) {
  std::string escaped;
  const bool is_dots = part == "." || part == "..";
  for (const char c : part) {
    if (!is_dots && kUnescaped.find(c) != std::string_view::npos) {
      escaped += c;
    } else {
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return escaped.empty() ? "%" : escaped;
}

std::string unescape_part(std::string_view part) {
  std::string text;
  for (std::size_t i = 0; i < part.size(); ++i) {
    unsigned int byte = 0;
    const char* const digits = part.data() + i + 1;
    if (part[i] == '%' && i + 2 < part.size() &&
        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      text += static_cast<char>(byte);
      i += 2;
    } else if (part[i] != '%') {
      text += part[i];
    }
  }
  return text;
}

Position position_in(std::string_view entry_path) {
  const std::size_t dash = entry_path.rfind('-');
  if (dash == std::string_view::npos) return -1;
  const std::string_view digits = entry_path.substr(dash + 1);
  Position position = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), position);
  const bool is_whole = error == std::errc() && end == digits.data() + digits.size();
  return is_whole && !digits.empty() ? position : -1;
}

Paths::Paths(std::string_view tenancy)
    : tenancy_(escape_part(tenancy)), root_("/onyx/" + tenancy_) {}

std::string Paths::entry(Position position) const {
  return fmt::format("{}/log{}{:010d}", root_, kEntry, position);
}

std::string Paths::pulse(const GroupId& group) const {
  return pulses() + "/" + escape_part(group.text());
}

std::string Paths::job_hash(const JobId& job) const {
  return root_ + "/job-hash/" + escape_part(job.text());
}

std::string Paths::job_submitted(const JobId& job) const {
  return root_ + "/job-submitted/" + escape_part(job.text());
}

std::string Paths::exception(const JobId& job) const {
  return root_ + "/exception/" + escape_part(job.text());
}

std::string Paths::chunk(const JobId& job, std::string_view kind) const {
  const std::size_t slash = kind.find('/');
  std::string path =
      fmt::format("{}/{}/{}", root_, escape_part(kind.substr(0, slash)), escape_part(job.text()));
  if (slash != std::string_view::npos) path += "/" + escape_part(kind.substr(slash + 1));
  return path;
}

std::string Paths::parts(std::string_view sha256) const {
  return fmt::format("{}/parts/{}", root_, sha256);
}

std::string Paths::coordinate(const JobId& job) const {
  return fmt::format("/onyx-savepoints/latest/{}/{}", tenancy_, escape_part(job.text()));
}

std::vector<std::string> Paths::skeleton() const {
  std::vector<std::string> nodes = {"/onyx", root_};
  for (const char* folder : {"log", "pulse", "origin", "log-parameters", "job-hash",
                             "job-submitted", "exception", "parts"}) {
    nodes.push_back(fmt::format("{}/{}", root_, folder));
  }
  for (const char* kind : {"catalog", "workflow", "flow", "lifecycles", "windows", "triggers",
                           "job-metadata", "job-name", "job-config", "resume-point", "task"}) {
    nodes.push_back(fmt::format("{}/{}", root_, kind));
  }
  nodes.insert(nodes.end(), {"/onyx-savepoints", "/onyx-savepoints/latest",
                             "/onyx-savepoints/latest/" + tenancy_, "/onyx-global-metadata"});
  return nodes;
}

bool is_shared(std::string_view path) {
  constexpr std::string_view kNames = "/onyx-global-metadata";
  return path == "/onyx" || path == "/onyx-savepoints" || path == "/onyx-savepoints/latest" ||
         path == kNames || path.starts_with(std::string(kNames) + "/");
}

std::string name_history(std::string_view name) {
  return "/onyx-global-metadata/" + escape_part(name);
}

std::string submission_prefix(std::string_view name) { return name_history(name) + "/submission-"; }

std::string submission(std::string_view name, std::int64_t number) {
  return fmt::format("{}{:010d}", submission_prefix(name), number);
}

std::string parent_path(std::string_view path) {
  return std::string(path.substr(0, path.rfind('/')));
}

}  // namespace onyx::zookeeper
