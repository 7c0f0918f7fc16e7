#include "daemon/service/resolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace onyx::service {
namespace {

constexpr std::size_t kCandidatesMax = 10;

std::string_view name_of(JobState state) {
  switch (state) {
    case JobState::submitted:
      return "submitted";
    case JobState::waiting:
      return "waiting";
    case JobState::running:
      return "running";
    case JobState::completed:
      return "completed";
    case JobState::killed:
      return "killed";
  }
  return "";
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string describe(const JobRef& job) {
  return fmt::format("{}  {}  {}", job.id.text(), job.name.empty() ? "-" : job.name,
                     name_of(job.state));
}

// Newest first, so that what was done last is what is shown when not all fit.
Refusal ambiguous(std::string_view typed, const std::vector<const JobRef*>& fits) {
  Refusal refusal(Error(ErrorCode::invalid_argument,
                        fmt::format("{} jobs fit `{}`", fits.size(), typed), "NET-46"));
  refusal.is_ambiguous = true;
  for (auto it = fits.rbegin(); it != fits.rend(); ++it) {
    if (refusal.candidates.size() == kCandidatesMax) break;
    refusal.candidates.push_back(describe(**it));
  }
  return refusal;
}

}  // namespace

Answer<JobId> resolve_job(std::string_view typed, const std::vector<JobRef>& jobs) {
  if (typed.empty()) return failure(ErrorCode::invalid_argument, "no job was named", "NET-45");
  const std::string id = lower(typed);
  std::vector<const JobRef*> named;
  std::vector<const JobRef*> live;
  std::vector<const JobRef*> prefixed;
  for (const JobRef& job : jobs) {
    if (job.id.text() == id) return job.id;
    if (!job.name.empty() && (job.name == typed || ":" + job.name == typed)) {
      named.push_back(&job);
      if (!is_ended(job.state)) live.push_back(&job);
    }
    if (job.id.text().rfind(id, 0) == 0) prefixed.push_back(&job);
  }
  if (live.size() == 1) return live.front()->id;
  if (named.size() == 1) return named.front()->id;
  if (named.size() > 1) {
    return tl::unexpected<Refusal>(ambiguous(typed, live.empty() ? named : live));
  }
  if (prefixed.size() == 1) return prefixed.front()->id;
  if (prefixed.size() > 1) return tl::unexpected<Refusal>(ambiguous(typed, prefixed));
  Refusal refusal(Error(ErrorCode::not_found, fmt::format("no job `{}`", typed), "NET-04"));
  for (auto it = jobs.rbegin(); it != jobs.rend() && refusal.candidates.size() < 5; ++it) {
    refusal.candidates.push_back(describe(*it));
  }
  return tl::unexpected<Refusal>(std::move(refusal));
}

std::optional<JobId> full_id(std::string_view typed) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  const bool fits = std::equal(
      typed.begin(), typed.end(), kForm.begin(), kForm.end(),
      [](unsigned char c, char form) { return form == '-' ? c == '-' : std::isxdigit(c) != 0; });
  return fits ? std::optional(JobId(lower(typed))) : std::nullopt;
}

Answer<GroupId> resolve_group(std::string_view typed, const std::vector<GroupView>& groups) {
  const std::string id = lower(typed);
  std::vector<const GroupView*> fits;
  for (const GroupView& group : groups) {
    if (group.id.text() == id) return group.id;
    const bool is_meant =
        typed.empty() ? group.is_self : group.id.text().rfind(id, 0) == 0 || group.host == typed;
    if (is_meant) fits.push_back(&group);
  }
  if (fits.size() == 1) return fits.front()->id;
  if (typed.empty()) {
    return failure(ErrorCode::unavailable,
                   "this daemon is no member of the cluster at the moment; name a group", "NET-08");
  }
  Refusal refusal(fits.empty()
                      ? Error(ErrorCode::not_found, fmt::format("no group `{}`", typed), "NET-04")
                      : Error(ErrorCode::invalid_argument,
                              fmt::format("{} groups fit `{}`", fits.size(), typed), "NET-46"));
  refusal.is_ambiguous = !fits.empty();
  if (fits.empty()) {
    for (const GroupView& group : groups) fits.push_back(&group);
  }
  for (const GroupView* group : fits) {
    if (refusal.candidates.size() == kCandidatesMax) break;
    refusal.candidates.push_back(fmt::format(
        "{}  {}  {}", group->id.text(), group->host.empty() ? "-" : group->host, group->state));
  }
  return tl::unexpected<Refusal>(std::move(refusal));
}

Answer<PeerId> resolve_peer(std::string_view typed, const std::vector<PeerView>& peers) {
  if (typed.empty()) return failure(ErrorCode::invalid_argument, "no peer was named", "NET-45");
  const std::string id = lower(typed);
  std::vector<const PeerView*> fits;
  for (const PeerView& peer : peers) {
    if (peer.id.text() == id) return peer.id;
    if (peer.id.text().rfind(id, 0) == 0) fits.push_back(&peer);
  }
  if (fits.size() == 1) return fits.front()->id;
  Refusal refusal(fits.empty()
                      ? Error(ErrorCode::not_found, fmt::format("no peer `{}`", typed), "NET-04")
                      : Error(ErrorCode::invalid_argument,
                              fmt::format("{} peers fit `{}`", fits.size(), typed), "NET-46"));
  refusal.is_ambiguous = !fits.empty();
  for (const PeerView* peer : fits) {
    if (refusal.candidates.size() == kCandidatesMax) break;
    refusal.candidates.push_back(
        fmt::format("{}  {}", peer->id.text(), peer->task.empty() ? "idle" : peer->task));
  }
  return tl::unexpected<Refusal>(std::move(refusal));
}

}  // namespace onyx::service
