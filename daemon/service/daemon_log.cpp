#include <algorithm>

#include "common/edn/printer.h"
#include "daemon/cluster/coordination_log.h"
#include "daemon/coordination/entry_edn.h"
#include "daemon/query/entry_words.h"
#include "daemon/service/daemon_backend.h"

namespace onyx::service {

namespace {

class LogWatch final : public Subscription {
 public:
  explicit LogWatch(std::shared_ptr<void> listening) : listening_(std::move(listening)) {}

 private:
  std::shared_ptr<void> listening_;
};

LogEntryView view_of_entry(const query::EntryInWords& words) {
  LogEntryView view;
  view.position = words.position;
  view.created_ms = words.created_at_ms;
  view.fn = words.fn;
  view.subject = words.subject;
  view.effect = words.effect;
  view.args_edn = words.args_edn;
  view.rejected = words.is_rejected;
  return view;
}

}  // namespace

Answer<LogView> DaemonBackend::read_log(Position from, std::uint32_t limit) {
  const Snapshot replica = feed_.replica();
  LogView view;
  view.origin = std::max<Position>(feed_.origin(), 0);
  view.newest = replica->version;
  Position next = std::max(from, view.origin);
  // What is too old to be kept in words here is read from the log, without its effect.
  if (next < feed_.oldest_kept()) {
    ONYX_ASSIGN_OR_RETURN(const auto self, handle());
    for (; next < feed_.oldest_kept() && view.entries.size() < limit; ++next) {
      ONYX_ASSIGN_OR_RETURN(const auto stored, self.cluster->log().read(next));
      if (!stored.has_value()) continue;
      const auto entry =
          coordination::decode(stored->text, stored->position, stored->created_at_ms);
      LogEntryView one;
      one.position = entry.position;
      one.created_ms = entry.created_at_ms;
      one.fn = coordination::name_of(entry.command);
      one.subject = query::subject_of(entry, *replica);
      one.args_edn = edn::print(coordination::to_edn(entry).get("args"));
      view.entries.push_back(std::move(one));
    }
  }
  if (view.entries.size() < limit) {
    for (const auto& words : feed_.entries(next, limit - view.entries.size())) {
      view.entries.push_back(view_of_entry(words));
    }
  }
  return view;
}

std::unique_ptr<Subscription> DaemonBackend::watch_log(std::function<void(Position)> on_newest) {
  on_newest(feed_.position());
  return std::make_unique<LogWatch>(
      feed_.listen([on_newest](const Snapshot& snapshot) { on_newest(snapshot->version); }));
}

}  // namespace onyx::service
