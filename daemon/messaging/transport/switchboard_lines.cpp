#include <fmt/format.h>

#include <algorithm>

#include "daemon/messaging/transport/switchboard_parts.h"

namespace onyx::messaging {

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
  if (!is_held_) tell_untold(line);
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

}  // namespace onyx::messaging
