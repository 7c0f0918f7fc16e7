#include <fmt/format.h>

#include <algorithm>

#include "daemon/messaging/transport/switchboard_parts.h"

namespace onyx::messaging {

// --- frames ---

Result<void> Switchboard::take(Line& line, const wire::Received& received) {
  if (const auto* rows = std::get_if<wire::Rows>(&received)) return on(line, *rows);
  return std::visit([&](const auto& frame) { return on(line, frame); },
                    std::get<wire::Frame>(received));
}

Result<void> Switchboard::on(Line& line, const wire::Open& open) {
  if (line.receives.contains(open.channel) || line.unclaimed.contains(open.channel))
    return wrong(fmt::format("channel {} is opened twice", open.channel));
  switch (versions_.judge(open.name.job)) {
    case VersionFilter::Verdict::stale:
      refuse(line, open.channel);
      return {};
    case VersionFilter::Verdict::current:
      for (const EndId end : jobs_.at(open.name.job).incoming) {
        Incoming& incoming = *incoming_.at(end);
        if (incoming.line == 0 && incoming.name == open.name && incoming.from == line.group) {
          bind(incoming, line, open.channel);
          return {};
        }
      }
      break;
    case VersionFilter::Verdict::early:
      break;
  }
  if (line.unclaimed.size() >= kEarlyMax) {
    return failure(ErrorCode::resource_exhausted, "too many channels are open that nobody wants",
                   "NET-37");
  }
  line.unclaimed.emplace(open.channel, open.name);
  return {};
}

// A channel of a version that is over here.
void Switchboard::refuse(Line& line, wire::ChannelId channel) {
  ++counters_.stale;
  line.receives[channel] = 0;
  line.link->send(
      wire::Reset{channel, ErrorCode::failed_precondition, "the job is at a newer version here"});
}

void Switchboard::bind(Incoming& incoming, Line& line, wire::ChannelId number) {
  incoming.line = line.id;
  incoming.number = number;
  line.receives[number] = incoming.id;
  line.users.insert(incoming.name.job);
  line.link->send(wire::Accept{number, incoming.channel->capacity(), kWindowBytes});
}

Result<void> Switchboard::on(Line& line, const wire::Accept& accept) {
  const auto end = line.sends.find(accept.channel);
  if (end == line.sends.end()) return {};  // closed meanwhile
  Outgoing& outgoing = *outgoing_.at(end->second);
  if (outgoing.is_accepted)
    return wrong(fmt::format("channel {} is accepted twice", accept.channel));
  outgoing.is_accepted = true;
  outgoing.window_messages = accept.messages;
  outgoing.window_bytes = accept.bytes;
  make_ready(outgoing);
  return {};
}

Result<void> Switchboard::on(Line& line, const wire::Credit& credit) {
  const auto end = line.sends.find(credit.channel);
  if (end == line.sends.end()) return {};
  Outgoing& outgoing = *outgoing_.at(end->second);
  if (credit.messages > outgoing.sent_messages || credit.bytes > outgoing.sent_bytes ||
      credit.messages < outgoing.taken_messages || credit.bytes < outgoing.taken_bytes) {
    return wrong(fmt::format("channel {} is credited with {} messages and {} bytes of {} and {}",
                             credit.channel, credit.messages, credit.bytes, outgoing.sent_messages,
                             outgoing.sent_bytes));
  }
  outgoing.taken_messages = credit.messages;
  outgoing.taken_bytes = credit.bytes;
  make_ready(outgoing);
  return {};
}

Result<void> Switchboard::on(Line& line, const wire::Reset& reset) {
  const auto end = line.sends.find(reset.channel);
  if (end == line.sends.end()) return {};
  // Ours is the older version: it is stopped when the log has been read that far.
  outgoing_.at(end->second)->is_dead = true;
  ++counters_.stale;
  return {};
}

Result<void> Switchboard::on(Line& line, const wire::Close& close) {
  if (line.unclaimed.erase(close.channel) > 0) return {};
  const auto bound = line.receives.find(close.channel);
  if (bound == line.receives.end())
    return wrong(fmt::format("channel {} is closed and was never opened", close.channel));
  // What has come of it may still be taken.
  if (bound->second != 0) incoming_.at(bound->second)->line = 0;
  line.receives.erase(bound);
  return {};
}

Result<void> Switchboard::on(Line& line, const wire::ToJob& to_job) {
  switch (versions_.judge(to_job.job)) {
    case VersionFilter::Verdict::stale:
      ++counters_.stale;
      return {};
    case VersionFilter::Verdict::current:
      line.users.insert(to_job.job);
      jobs_.at(to_job.job).listener.told(to_job.message);
      return {};
    case VersionFilter::Verdict::early:
      break;
  }
  if (early_count_ >= kEarlyMax) {
    return failure(ErrorCode::resource_exhausted, "too much comes for jobs that are not here",
                   "NET-37");
  }
  ++early_count_;
  early_[to_job.job].push_back({line.group, to_job.message});
  return {};
}

// The end that takes what comes in the channel; null when it is to be dropped.
Result<Switchboard::Incoming*> Switchboard::incoming(Line& line, wire::ChannelId channel,
                                                     Epoch epoch) {
  const auto bound = line.receives.find(channel);
  if (bound == line.receives.end())
    return wrong(fmt::format("something comes in channel {}, which is not accepted", channel));
  if (bound->second == 0) {
    ++counters_.stale;
    return nullptr;
  }
  Incoming& end = *incoming_.at(bound->second);
  if (epoch != end.epoch) {
    return wrong(fmt::format("{}: something of epoch {} comes in epoch {}", end.name.text(), epoch,
                             end.epoch));
  }
  if (end.pushed_messages - end.credited_messages >= end.channel->capacity() ||
      end.pushed_bytes - end.credited_bytes >= kWindowBytes) {
    return wrong(fmt::format("{}: more comes than was credited", end.name.text()));
  }
  return &end;
}

Result<void> Switchboard::on(Line& line, const wire::Rows& rows) {
  ONYX_ASSIGN_OR_RETURN(Incoming * end, incoming(line, rows.channel, rows.epoch));
  if (end == nullptr) return {};
  auto message = end->channel->acquire();
  ONYX_TRY(line.link->read_rows(rows, end->channel->batch_size(), message->batch));
  if (!end->channel->push(message)) return wrong(end->name.text() + ": the ring is full");
  pushed(*end, rows.bytes);
  return {};
}

Result<void> Switchboard::on(Line& line, const wire::InBand& in_band) {
  const barrier::Barrier& barrier = in_band.barrier;
  ONYX_ASSIGN_OR_RETURN(Incoming * end, incoming(line, in_band.channel, barrier.epoch - 1));
  if (end == nullptr) return {};
  if (barrier.version != end->name.job.version) {
    return wrong(
        fmt::format("{}: a barrier of version {} comes", end->name.text(), barrier.version));
  }
  auto message = end->channel->acquire();
  message->barrier = barrier;
  message->is_barrier = true;
  if (!end->channel->push(message)) return wrong(end->name.text() + ": the ring is full");
  end->epoch = barrier.epoch;
  pushed(*end, 0);
  return {};
}

// --- credits ---

void Switchboard::pushed(Incoming& end, std::size_t bytes) {
  end.sizes.push_back(static_cast<std::uint32_t>(bytes));
  ++end.pushed_messages;
  end.pushed_bytes += bytes;
  credit(end);
}

// Credits are sent once half of a window is used up, so a sender never stands still while there is room, and small traffic
// costs none.
void Switchboard::credit(Incoming& end) {
  const auto line = lines_.find(end.line);
  if (line == lines_.end()) return;
  for (;;) {
    const std::size_t backlog = end.channel->backlog();
    while (end.sizes.size() > backlog) {
      end.taken_bytes += end.sizes.front();
      end.sizes.pop_front();
      ++end.taken_messages;
    }
    const bool is_used =
        2 * (end.pushed_messages - end.credited_messages) >= end.channel->capacity() ||
        2 * (end.pushed_bytes - end.credited_bytes) >= kWindowBytes;
    if (!is_used) return;
    if (4 * (end.taken_messages - end.credited_messages) >= end.channel->capacity() ||
        4 * (end.taken_bytes - end.credited_bytes) >= kWindowBytes ||
        (backlog == 0 && end.taken_messages > end.credited_messages)) {
      end.credited_messages = end.taken_messages;
      end.credited_bytes = end.taken_bytes;
      line->second->link->send(wire::Credit{end.number, end.credited_messages, end.credited_bytes});
      continue;
    }
    if (backlog == 0 || end.channel->wake_at(backlog / 2)) return;  // rung() comes
  }
}

void Switchboard::rung(EndId id) {
  if (const auto outgoing = outgoing_.find(id); outgoing != outgoing_.end()) {
    make_ready(*outgoing->second);
  } else if (const auto incoming = incoming_.find(id); incoming != incoming_.end()) {
    credit(*incoming->second);
  }
}

// --- moving ---

void Switchboard::make_ready(Outgoing& outgoing) {
  if (outgoing.is_ready || outgoing.is_dead || !outgoing.is_accepted) return;
  outgoing.is_ready = true;
  ready_.push_back(outgoing.id);
}

void Switchboard::tell_untold(Line& line) {
  for (auto& [job, message] : line.untold) line.link->send(wire::ToJob{job, std::move(message)});
  line.untold.clear();
}

void Switchboard::hold(bool is_held) {
  if (std::exchange(is_held_, is_held) == is_held || is_held) return;
  for (auto& [id, line] : lines_) {
    if (line->is_dialled && line->link.has_value() && line->link->is_open()) tell_untold(*line);
  }
}

bool Switchboard::pump() {
  if (is_held_) return false;
  bool has_more = false;
  for (std::size_t turns = ready_.size(); turns > 0; --turns) {
    const EndId id = ready_.front();
    ready_.pop_front();
    const auto found = outgoing_.find(id);
    if (found == outgoing_.end()) continue;
    found->second->is_ready = false;
    if (move(*found->second)) {
      make_ready(*found->second);
      has_more = true;
    }
  }
  return has_more;
}

// A share of what is in the ring, for other channels want to go on too. True: there is more, once its connection has room.
bool Switchboard::move(Outgoing& end) {
  constexpr std::size_t kShare = 64 * 1024;
  const auto found = lines_.find(end.line);
  if (end.is_dead || found == lines_.end()) return false;
  Link& link = *found->second->link;
  const std::size_t size_before = link.output().size();
  while (Message* message = end.channel->front()) {
    if (end.sent_messages - end.taken_messages >= end.window_messages ||
        end.sent_bytes - end.taken_bytes >= end.window_bytes)
      return false;  // on(Credit) goes on
    if (link.output().size() >= kOutputMax || link.output().size() - size_before >= kShare)
      return true;
    if (message->is_barrier) {
      end.epoch = message->barrier.epoch;
      link.send(wire::InBand{*end.number, message->barrier});
      ++end.sent_messages;
      end.channel->pop();
      continue;
    }
    if (wire::Encoder::has_rows(message->batch, end.place)) {
      const auto bytes = link.send_rows(*end.number, end.epoch, message->batch, end.place);
      if (!bytes.has_value()) {
        end.is_dead = true;
        jobs_.at(end.name.job).listener.unsendable(end.name, bytes.error());
        return false;
      }
      ++end.sent_messages;
      end.sent_bytes += *bytes;
    }
    if (!wire::Encoder::has_rows(message->batch, end.place)) {
      end.place = {};
      end.channel->pop();
    }
  }
  return false;
}

}  // namespace onyx::messaging
