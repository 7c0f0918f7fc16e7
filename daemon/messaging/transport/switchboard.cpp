#include "daemon/messaging/transport/switchboard.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/messaging/wire/format.h"

namespace onyx::messaging {

namespace {

tl::unexpected<Error> wrong(std::string what) {
  return failure(ErrorCode::invalid_argument, std::move(what), "NET-35");
}

}  // namespace

// A connection, or the wish for one. `link` is there while the outside has a socket for it.
struct Switchboard::Line {
  LinkId id = 0;
  GroupId group;  // empty on an accepted line that has not greeted
  std::string addresses;
  bool is_dialled = false;
  std::optional<Link> link;
  std::set<JobKey> users;  // jobs that this line's end is a loss to

  // dialled
  bool is_dialling = false;  // the outside tries
  std::optional<Instant> dial_at;
  std::optional<Instant> failing_since;
  std::chrono::milliseconds back_off{0};
  std::vector<std::pair<JobKey, JobMessage>> untold;  // until it is open
  std::vector<wire::Ask> unasked;                     // until it is open
  std::set<AskId> asked;                              // and not answered yet
  wire::ChannelId next_channel = 0;
  std::map<wire::ChannelId, EndId> sends;

  // accepted: by number; 0 for a channel that nobody takes from any more
  std::map<wire::ChannelId, EndId> receives;
  std::map<wire::ChannelId, ChannelName> unclaimed;  // opened; nobody here has asked for it yet
  std::set<std::uint64_t> unanswered;                // questions that came
};

struct Switchboard::Outgoing {
  EndId id = 0;
  ChannelName name;
  GroupId to;
  std::shared_ptr<Channel> channel;
  LinkId line = 0;
  std::optional<wire::ChannelId> number;  // opened under it
  bool is_accepted = false;
  bool is_dead = false;   // nothing goes out any more
  bool is_ready = false;  // in ready_
  std::uint64_t window_messages = 0, window_bytes = 0;
  std::uint64_t sent_messages = 0, sent_bytes = 0;
  std::uint64_t taken_messages = 0, taken_bytes = 0;  // by the receiver; <= sent
  wire::RowPlace place;                               // in the message in front
  Epoch epoch = -1;                                   // of the last barrier sent
};

struct Switchboard::Incoming {
  EndId id = 0;
  ChannelName name;
  GroupId from;
  std::shared_ptr<Channel> channel;
  LinkId line = 0;  // 0: not opened yet
  wire::ChannelId number = 0;
  std::deque<std::uint32_t> sizes;                      // of the messages in the ring
  std::uint64_t pushed_messages = 0, pushed_bytes = 0;  // >= taken >= credited
  std::uint64_t taken_messages = 0, taken_bytes = 0;
  std::uint64_t credited_messages = 0, credited_bytes = 0;
  Epoch epoch = -1;
};

struct Switchboard::Job {
  JobListener listener;
  std::set<EndId> outgoing;
  std::set<EndId> incoming;
  std::set<GroupId> lost;
};

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
  if (line.link.has_value() && line.link->is_open()) {
    line.link->send(wire::ToJob{key, message});
  } else {
    line.untold.emplace_back(key, message);
  }
}

// --- questions ---

void Switchboard::ask(AskId id, const Site& to, std::string question, Instant now) {
  Line& line = line_to(to, now);
  wire::Ask ask{id, std::move(question)};
  if (line.link.has_value() && line.link->is_open()) {
    line.asked.insert(id);
    line.link->send(std::move(ask));
  } else {
    line.unasked.push_back(std::move(ask));
  }
}

Result<void> Switchboard::on(Line& line, const wire::Ask& ask) {
  if (line.unanswered.contains(ask.number))
    return wrong(fmt::format("question {} is asked twice", ask.number));
  if (line.unanswered.size() >= kAsksMax) {
    line.link->send(wire::Answer{ask.number, ErrorCode::resource_exhausted,
                                 "too many questions are waiting for an answer"});
    return {};
  }
  line.unanswered.insert(ask.number);
  effects_.emplace_back(QuestionCame{line.id, ask.number, ask.question});
  return {};
}

void Switchboard::answer(LinkId id, std::uint64_t number, Result<std::string> answer) {
  const auto found = lines_.find(id);
  if (found == lines_.end() || found->second->unanswered.erase(number) == 0) return;
  Link& link = *found->second->link;
  if (answer.has_value() && answer->size() > wire::kAnswerBytesMax) {
    answer = failure(ErrorCode::resource_exhausted,
                     fmt::format("the answer has {} bytes, {} are allowed", answer->size(),
                                 wire::kAnswerBytesMax));
  }
  if (answer.has_value()) {
    link.send(wire::Answer{number, std::nullopt, std::move(*answer)});
  } else {
    link.send(wire::Answer{number, answer.error().code(), answer.error().text()});
  }
}

Result<void> Switchboard::on(Line& line, const wire::Answer& answer) {
  if (line.asked.erase(answer.number) == 0)
    return wrong(fmt::format("question {} is answered and was not asked", answer.number));
  Result<std::string> came = answer.text;
  if (answer.refused.has_value()) came = failure(*answer.refused, answer.text);
  effects_.emplace_back(AnswerCame{answer.number, std::move(came)});
  return {};
}

// --- connections ---

Switchboard::Line& Switchboard::line_to(const Site& site, Instant now) {
  if (const auto known = dialled_.find(site.group); known != dialled_.end())
    return *lines_.at(known->second);
  auto line = std::make_unique<Line>();
  line->id = next_link_++;
  line->group = site.group;
  line->addresses = site.addresses;
  line->is_dialled = true;
  line->back_off = settings_.back_off_min;
  dialled_[site.group] = line->id;
  Line& added = *lines_.emplace(line->id, std::move(line)).first->second;
  dial(added, now);
  return added;
}

void Switchboard::dial(Line& line, Instant now) {
  line.dial_at.reset();
  line.is_dialling = true;
  if (!line.failing_since.has_value()) line.failing_since = now;
  effects_.emplace_back(Dial{line.id, line.group, line.addresses});
}

LinkId Switchboard::accepted(Instant now) {
  auto line = std::make_unique<Line>();
  line->id = next_link_++;
  line->link = Link::accepted(settings_.self, settings_.times, now);
  const LinkId id = line->id;
  lines_.emplace(id, std::move(line));
  return id;
}

void Switchboard::connected(LinkId id, Instant now) {
  const auto found = lines_.find(id);
  if (found == lines_.end() || !found->second->is_dialling) return;
  Line& line = *found->second;
  line.is_dialling = false;
  line.link = Link::dialled(settings_.self, line.group, settings_.times, now);
}

std::uint8_t* Switchboard::space(LinkId id, std::size_t count) {
  return lines_.at(id)->link->space(count);
}

void Switchboard::arrived(LinkId id, std::size_t count, Instant now) {
  const auto found = lines_.find(id);
  if (found == lines_.end() || !found->second->link.has_value()) return;
  Line& line = *found->second;
  counters_.bytes_in += count;
  line.link->arrived(count, now);
  for (;;) {
    const bool was_open = line.link->is_open();
    auto next = line.link->next();
    if (!was_open && line.link->is_open()) on_open(line);
    Result<void> done;
    if (!next.has_value()) {
      done = tl::unexpected(std::move(next).error());
    } else if (next->has_value()) {
      done = take(line, **next);
    } else {
      return;
    }
    if (!done.has_value()) {
      fail(line, done.error(), now);
      return;
    }
  }
}

void Switchboard::on_open(Line& line) {
  effects_.emplace_back(LinkOpened{line.id, line.link->group()});
  if (!line.is_dialled) {
    line.group = line.link->group();
    // A group has one connection to us: the older one is a ghost.
    if (const auto older = accepted_.find(line.group); older != accepted_.end()) {
      Line& ghost = *lines_.at(older->second);
      const Error why(ErrorCode::unavailable, "its group has connected anew", "NET-36");
      hang_up(ghost, why);
      retire(ghost);
      lose(ghost, why);
      lines_.erase(ghost.id);
    }
    accepted_[line.group] = line.id;
    return;
  }
  line.failing_since.reset();
  line.back_off = settings_.back_off_min;
  for (auto& [job, message] : line.untold) line.link->send(wire::ToJob{job, std::move(message)});
  line.untold.clear();
  for (auto& ask : line.unasked) {
    line.asked.insert(ask.number);
    line.link->send(std::move(ask));
  }
  line.unasked.clear();
  for (auto& [id, outgoing] : outgoing_) {
    if (outgoing->line == line.id && !outgoing->is_dead) open_on(line, *outgoing);
  }
}

void Switchboard::open_on(Line& line, Outgoing& outgoing) {
  outgoing.number = line.next_channel++;
  line.sends[*outgoing.number] = outgoing.id;
  line.link->send(wire::Open{*outgoing.number, outgoing.name});
}

void Switchboard::hang_up(Line& line, const Error& why) {
  line.link->give_up(why);
  effects_.emplace_back(HangUp{line.id, why.text(), std::move(line.link->output())});
}

void Switchboard::fail(Line& line, const Error& why, Instant now) {
  hang_up(line, why);
  broken(line.id, why, now);
}

void Switchboard::broken(LinkId id, const Error& why, Instant now) {
  const auto found = lines_.find(id);
  if (found == lines_.end()) return;
  Line& line = *found->second;
  const bool was_never_open = line.is_dialled && line.failing_since.has_value();
  if (line.link.has_value()) ++counters_.broken;
  if (was_never_open && now - *line.failing_since < settings_.dial_patience) {
    // Nothing has been lost, so try again, under a new id, as the old one is the outside's no more.
    auto again = std::move(found->second);
    retire(*again);
    lines_.erase(found);
    again->link.reset();
    again->is_dialling = false;
    again->dial_at = now + again->back_off;
    again->back_off = std::min(again->back_off * 2, settings_.back_off_max);
    const LinkId old = std::exchange(again->id, next_link_++);
    dialled_[again->group] = again->id;
    for (auto& [end, outgoing] : outgoing_) {
      if (outgoing->line == old) outgoing->line = again->id;
    }
    lines_.emplace(again->id, std::move(again));
    return;
  }
  // Those who are told may not come back to this line.
  auto gone = std::move(found->second);
  lines_.erase(found);
  retire(*gone);
  lose(*gone, why);
}

// Sums up what the connection counted, and takes it from the tables.
void Switchboard::retire(const Line& line) {
  if (line.link.has_value()) {
    counters_.frames_in += line.link->frames_in();
    counters_.frames_out += line.link->frames_out();
  }
  auto& table = line.is_dialled ? dialled_ : accepted_;
  if (const auto it = table.find(line.group); it != table.end() && it->second == line.id)
    table.erase(it);
}

void Switchboard::lose(Line& line, const Error& why) {
  Error told = why;
  told.with_context("connection to group " + line.group.text());
  const std::set<JobKey> users = std::exchange(line.users, {});
  for (const JobKey& job : users) lose(job, line.group, told);
  for (const wire::Ask& ask : line.unasked)
    effects_.emplace_back(AnswerCame{ask.number, tl::unexpected(told)});
  for (const AskId ask : line.asked) effects_.emplace_back(AnswerCame{ask, tl::unexpected(told)});
}

void Switchboard::lose(const JobKey& key, const GroupId& group, const Error& why) {
  const auto found = jobs_.find(key);
  if (found == jobs_.end() || !found->second.lost.insert(group).second) return;
  for (const EndId end : found->second.outgoing) {
    Outgoing& outgoing = *outgoing_.at(end);
    if (outgoing.to == group) outgoing.is_dead = true;
  }
  found->second.listener.lost(group, why);
}

wire::ByteBuffer* Switchboard::output(LinkId id) {
  const auto found = lines_.find(id);
  if (found == lines_.end() || !found->second->link.has_value()) return nullptr;
  return &found->second->link->output();
}

std::vector<LinkId> Switchboard::links() const {
  std::vector<LinkId> ids;
  for (const auto& [id, line] : lines_) {
    if (line->link.has_value()) ids.push_back(id);
  }
  return ids;
}

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
      ++counters_.stale;
      line.receives[open.channel] = 0;
      line.link->send(wire::Reset{open.channel, ErrorCode::failed_precondition,
                                  "the job is at a newer version here"});
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

bool Switchboard::pump() {
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
