#include "daemon/messaging/transport/switchboard_parts.h"

namespace onyx::messaging {

Switchboard::Switchboard(SwitchboardSettings settings) : settings_(std::move(settings)) {}
Switchboard::~Switchboard() = default;

// --- jobs ---

void Switchboard::join(const JobKey& key, JobListener listener) {
  versions_.join(key);
  Job& job = jobs_[key];
  job.listener = std::move(listener);
  if (auto early = early_.extract(key); !early.empty()) {
    early_count_ -= early.mapped().size();
    for (const auto& [from, message] : early.mapped()) job.listener.told(message);
  }
  // What waits for an older version waits in vain.
  for (auto it = early_.begin(); it != early_.end();) {
    if (versions_.judge(it->first) != VersionFilter::Verdict::stale) {
      ++it;
      continue;
    }
    counters_.stale += it->second.size();
    early_count_ -= it->second.size();
    it = early_.erase(it);
  }
  for (auto& [id, line] : lines_) {
    for (auto it = line->unclaimed.begin(); it != line->unclaimed.end();) {
      const wire::ChannelId channel = it->first;
      const bool is_stale = versions_.judge(it->second.job) == VersionFilter::Verdict::stale;
      it = is_stale ? line->unclaimed.erase(it) : std::next(it);
      if (is_stale) refuse(*line, channel);
    }
  }
}

void Switchboard::leave(const JobKey& key) {
  versions_.leave(key);
  const auto found = jobs_.find(key);
  if (found == jobs_.end()) return;
  for (const EndId end : found->second.outgoing) {
    const auto it = outgoing_.find(end);
    Outgoing& outgoing = *it->second;
    const auto line = lines_.find(outgoing.line);
    if (line != lines_.end() && outgoing.number.has_value()) {
      line->second->sends.erase(*outgoing.number);
      if (line->second->link.has_value() && line->second->link->is_open())
        line->second->link->send(wire::Close{*outgoing.number});
    }
    outgoing_.erase(it);
  }
  for (const EndId end : found->second.incoming) {
    const auto it = incoming_.find(end);
    // The sender stands still from now on; its group stops the same version when it reads the log.
    const auto line = lines_.find(it->second->line);
    if (line != lines_.end()) line->second->receives[it->second->number] = 0;
    incoming_.erase(it);
  }
  for (auto& [id, line] : lines_) {
    line->users.erase(key);
    std::erase_if(line->untold, [&](const auto& told) { return told.first == key; });
  }
  jobs_.erase(found);
}

void Switchboard::send(EndId end, const ChannelName& name, const Site& to,
                       std::shared_ptr<Channel> channel, Instant now) {
  const auto job = jobs_.find(name.job);
  if (job == jobs_.end() || job->second.lost.contains(to.group)) return;
  auto outgoing = std::make_unique<Outgoing>();
  outgoing->id = end;
  outgoing->name = name;
  outgoing->to = to.group;
  outgoing->channel = std::move(channel);
  Line& line = line_to(to, now);
  line.users.insert(name.job);
  outgoing->line = line.id;
  job->second.outgoing.insert(end);
  Outgoing& added = *outgoing_.emplace(end, std::move(outgoing)).first->second;
  if (line.link.has_value() && line.link->is_open()) open_on(line, added);
}

void Switchboard::receive(EndId end, const ChannelName& name, const GroupId& from,
                          std::shared_ptr<Channel> channel) {
  const auto job = jobs_.find(name.job);
  if (job == jobs_.end() || job->second.lost.contains(from)) return;
  auto incoming = std::make_unique<Incoming>();
  incoming->id = end;
  incoming->name = name;
  incoming->from = from;
  incoming->channel = std::move(channel);
  job->second.incoming.insert(end);
  Incoming& added = *incoming_.emplace(end, std::move(incoming)).first->second;
  const auto accepted = accepted_.find(from);
  if (accepted == accepted_.end()) return;
  Line& line = *lines_.at(accepted->second);
  for (auto it = line.unclaimed.begin(); it != line.unclaimed.end(); ++it) {
    if (it->second != name) continue;
    const wire::ChannelId number = it->first;
    line.unclaimed.erase(it);
    bind(added, line, number);
    return;
  }
}

void Switchboard::tell(const JobKey& key, const Site& to, const JobMessage& message, Instant now) {
  const auto job = jobs_.find(key);
  if (job == jobs_.end() || job->second.lost.contains(to.group)) return;
  Line& line = line_to(to, now);
  line.users.insert(key);
  if (line.link.has_value() && line.link->is_open() && !is_held_) {
    line.link->send(wire::ToJob{key, message});
  } else {
    line.untold.emplace_back(key, message);
  }
}

// --- time ---

void Switchboard::tick(Instant now) {
  std::vector<std::pair<LinkId, Error>> failed;
  for (auto& [id, line] : lines_) {
    if (line->dial_at.has_value() && *line->dial_at <= now) dial(*line, now);
    if (!line->link.has_value()) continue;
    if (auto ticked = line->link->tick(now); !ticked.has_value())
      failed.emplace_back(id, std::move(ticked).error());
  }
  for (const auto& [id, why] : failed) {
    if (const auto line = lines_.find(id); line != lines_.end()) fail(*line->second, why, now);
  }
}

std::optional<Instant> Switchboard::wake_at() const {
  std::optional<Instant> earliest;
  const auto at = [&](Instant instant) {
    if (!earliest.has_value() || instant < *earliest) earliest = instant;
  };
  for (const auto& [id, line] : lines_) {
    if (line->dial_at.has_value()) at(*line->dial_at);
    if (line->link.has_value()) at(line->link->wake_at());
  }
  return earliest;
}

void Switchboard::close() {
  for (auto& [id, line] : lines_) {
    if (line->link.has_value())
      line->link->give_up(Error(ErrorCode::unavailable, "this group leaves"));
  }
}

TransportCounters Switchboard::counters() const {
  TransportCounters sum = counters_;
  for (const auto& [id, line] : lines_) {
    if (!line->link.has_value()) continue;
    ++sum.connections;
    sum.frames_in += line->link->frames_in();
    sum.frames_out += line->link->frames_out();
  }
  return sum;
}

}  // namespace onyx::messaging
