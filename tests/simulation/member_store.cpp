// What a member asks of the store: to follow the log, to append to it, and errands such as moving its origin.
#include <algorithm>

#include "common/base/cases.h"
#include "daemon/coordination/entry_edn.h"
#include "tests/simulation/member.h"
#include "tests/simulation/world.h"

namespace onyx::simulation {

using coordination::Draft;
using coordination::LogEntry;

namespace {

constexpr Position kReadAhead = 64;
constexpr std::int64_t kPollPeriod = 2'000;
constexpr std::int64_t kBetweenTries = 50;
constexpr std::size_t kPartBytes = 1'500;
constexpr std::size_t kPartsMax = 4;

Error trouble(Code code) {
  return Error(
      code == Code::aborted || code == Code::refused ? ErrorCode::aborted : ErrorCode::unavailable,
      "the store");
}

}  // namespace

// --- the follower: zookeeper::LogFollower ---

void Member::follow() {
  if (ended_) return;
  if (next_ <= known_) {
    read_ahead();
  } else {
    await_next();
  }
}

void Member::await_next() {
  session_->watch_entry(
      next_,
      [this](const Reply& reply) {
        if (ended_ || reply.code != Code::ok) return;  // the session's end is told elsewhere
        known_ = std::max(reply.position, reply.exists ? next_ : Position{-1});
        if (next_ <= known_) return follow();
        timer(kPollPeriod, [this, wait = ++waiting_] {
          if (wait == waiting_ && !ended_) follow();
        });
      },
      [this] {
        ++waiting_;
        known_ = std::max(known_, next_);
        follow();
      });
}

void Member::read_ahead() {
  const Position last = std::min(known_, next_ + noise_.between(0, kReadAhead - 1));
  session_->ask(
      [this, from = next_, last](Server& server) {
        Reply reply;
        for (Position at = from; at <= last; ++at) {
          if (at < server.begin || at >= server.end) {
            reply.code = Code::absent;
            break;
          }
          const auto& entry = world_.ensemble().entries()[static_cast<std::size_t>(at)];
          if (entry == nullptr) {
            reply.code = Code::absent;
            break;
          }
          reply.entries.push_back(entry);
        }
        return reply;
      },
      [this](const Reply& reply) {
        if (ended_) return;
        for (const EntryPtr& entry : reply.entries) {
          ++next_;
          post([this, entry] { apply(entry); });
        }
        if (reply.code == Code::absent) {
          explain_absence();
        } else if (reply.code == Code::ok) {
          follow();
        }
      });
}

void Member::behind_gc() {
  world_.coverage().note(Seen::gc_overtakes);
  post([this] { start_over("a gc has passed it"); });
}

void Member::explain_absence() {
  session_->ask(
      [this](Server& server) {
        world_.ensemble().sync(server);
        Reply reply{.position = server.end - 1, .origin = server.origin};
        reply.exists = server.begin <= next_ && next_ < server.end &&
                       world_.ensemble().entries()[static_cast<std::size_t>(next_)] != nullptr;
        return reply;
      },
      [this](const Reply& reply) {
        if (ended_ || reply.code != Code::ok) return;
        if (next_ <= reply.origin.position) return behind_gc();
        known_ = reply.position;
        if (next_ > known_ || reply.exists) return follow();
        world_.require(world_.hole() == next_, "I13 the log has no hole", "{} reads {}",
                       group().text(), next_);
        post([this] {
          world_.coverage().note(Seen::hole);
          host_.stops = true;
          start_over("the log has a hole");
        });
      });
}

// --- the outbox ---

void Member::append(Draft draft) {
  outbox_.push_back(std::move(draft));
  if (!appending_) write_next();
}

void Member::write_next() {
  if (outbox_.empty()) return finish_ending();
  appending_.emplace(outbox_.front(), self_.group, next_seq_++, written_up_to_);
  outbox_.pop_front();
  if (host_.writer_delay == 0) return write_step();
  after(host_.writer_delay, [this] { write_step(); });
}

void Member::write_step() {
  using Appending = coordination::Appending;
  std::visit(
      Cases{
          [&](const Appending::Append&) {
            session_->create(
                [this, text = appending_->text()](Server&) {
                  return world_.ensemble().append(text);
                },
                [this](const Reply& reply) {
                  if (reply.code == Code::ok) {
                    appending_->appended(reply.position, false);
                  } else {
                    appending_->appended(tl::unexpected(trouble(reply.code)), session_->is_over());
                  }
                  write_step();
                });
          },
          [&](const Appending::AskNewest&) {
            session_->ask(
                [this](Server& server) {
                  world_.ensemble().sync(server);
                  return Reply{.position = server.end - 1};
                },
                [this](const Reply& reply) {
                  if (reply.code == Code::ok) {
                    appending_->newest(reply.position, false);
                    if (std::holds_alternative<Appending::Append>(appending_->step())) {
                      world_.coverage().note(Seen::ambiguity_repeated);
                    }
                  } else {
                    appending_->newest(tl::unexpected(trouble(reply.code)), session_->is_over());
                  }
                  write_step();
                });
          },
          [&](const Appending::Read& read) {
            session_->ask(
                [this, at = read.position](Server& server) {
                  if (at < server.begin || at >= server.end) return Reply{.code = Code::absent};
                  const auto& entry = world_.ensemble().entries()[static_cast<std::size_t>(at)];
                  if (entry == nullptr) return Reply{.code = Code::absent};
                  return Reply{.entries = {entry}};
                },
                [this](const Reply& reply) {
                  std::optional<LogEntry> entry;
                  if (!reply.entries.empty()) entry = *reply.entries.front();
                  if (reply.code == Code::ok || reply.code == Code::absent) {
                    appending_->read(std::move(entry), false);
                    if (std::holds_alternative<Appending::Done>(appending_->step())) {
                      world_.coverage().note(Seen::ambiguity_found);
                    } else if (std::holds_alternative<Appending::Append>(appending_->step())) {
                      world_.coverage().note(Seen::ambiguity_repeated);
                    }
                  } else {
                    appending_->read(tl::unexpected(trouble(reply.code)), session_->is_over());
                  }
                  write_step();
                });
          },
          [&](const Appending::Pause&) {
            timer(kBetweenTries, [this] {
              appending_->paused(session_->is_over());
              write_step();
            });
          },
          [&](const Appending::Done& done) { written(done.result); },
      },
      Appending::Step(appending_->step()));
}

void Member::written(const Result<Position>& result) {
  if (result.has_value()) {
    acknowledged_.push_back(next_seq_ - 1);
    written_up_to_ = appending_->known();
  } else {
    world_.require(result.error().code() == ErrorCode::unavailable,
                   "I14 the store takes what is written", "{}: {} bytes", group().text(),
                   appending_->text().size());
    post([this] { start_over("an entry is lost"); });
  }
  appending_.reset();
  write_next();
}

// --- errands ---

void Member::errand(std::function<void(std::function<void()>)> what) {
  errands_.push_back(std::move(what));
  if (!on_errand_) next_errand();
}

void Member::next_errand() {
  if (errands_.empty()) return finish_ending();
  on_errand_ = true;
  auto what = std::move(errands_.front());
  errands_.pop_front();
  what([this] {
    on_errand_ = false;
    next_errand();
  });
}

void Member::truncate(Position position, std::string replica_text) {
  auto text = std::make_shared<const std::string>(std::move(replica_text));
  errand([this, position, text](std::function<void()> done) {
    session_->ask(
        [this](Server& server) {
          world_.ensemble().sync(server);
          return Reply{.origin = server.origin};
        },
        [this, position, text, done = std::move(done)](const Reply& reply) {
          if (reply.code != Code::ok || reply.origin.position >= position) return done();
          const std::size_t parts = 1 + text->size() / kPartBytes;
          write_origin({position, std::min(parts, kPartsMax)}, reply.origin.position, text, 0,
                       done);
        });
  });
}

// The parts first, each a request of its own; whoever dies on the way leaves parts that nobody points to.
void Member::write_origin(const Origin& next, Position current,
                          std::shared_ptr<const std::string> text, std::size_t part,
                          std::function<void()> done) {
  if (part == next.parts) return flip_origin(next, current, std::move(done));
  const bool is_last = part + 1 == next.parts;
  std::string piece = text->substr(part * kPartBytes, is_last ? std::string::npos : kPartBytes);
  session_->ask([this, next, part, piece = std::move(piece)](
                    Server&) { return world_.ensemble().store_part(next.position, part, piece); },
                [this, next, current, text = std::move(text), part,
                 done = std::move(done)](const Reply& reply) {
                  if (reply.code != Code::ok) return done();
                  write_origin(next, current, text, part + 1, done);
                });
}

void Member::flip_origin(const Origin& next, Position current, std::function<void()> done) {
  session_->create(
      [this, next, current](Server&) { return world_.ensemble().set_origin(next, current); },
      [this, next, current, done = std::move(done)](const Reply& set) {
        if (set.code != Code::ok) return done();
        session_->ask([this, current](Server&) { return world_.ensemble().drop_parts(current); },
                      [this, next, done](const Reply& dropped) {
                        if (dropped.code != Code::ok) return done();
                        truncate_step(next.position, done);
                      });
      });
}

void Member::truncate_step(Position below, std::function<void()> done) {
  session_->ask([this, below](Server&) { return world_.ensemble().truncate(below); },
                [this, below, done = std::move(done)](const Reply& reply) {
                  if (reply.code != Code::ok || reply.position >= below) return done();
                  truncate_step(below, done);
                });
}

}  // namespace onyx::simulation
