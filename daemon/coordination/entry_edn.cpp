#include "daemon/coordination/entry_edn.h"

#include <fmt/format.h>

#include <functional>
#include <map>

#include "common/edn/printer.h"
#include "common/edn/reader.h"
#include "daemon/replica/edn_fields.h"
#include "daemon/replica/job_spec_edn.h"

namespace onyx::coordination {

using edn::Value;
using replica::Fields;
using replica::ids_to_edn;
using replica::keywords_to_edn;
using replica::MapBuilder;
using replica::to_edn;

namespace {

// --- writing: the arguments of each command ---

void put_text(MapBuilder& map, std::string_view key, const std::string& text) {
  if (!text.empty()) map.put(key, Value::string(text));
}

// At most so many bytes of it, whole characters.
void shorten(std::string& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
}

// Free text, for people. A store that refuses an entry for its length must not be able to refuse it for this.
void put_free_text(MapBuilder& map, std::string_view key, const std::string& text) {
  if (text.size() <= kFreeTextBytesMax) return put_text(map, key, text);
  std::string shortened = text;
  shorten(shortened, kFreeTextBytesMax);
  shortened += fmt::format(" … ({} bytes more)", text.size() - shortened.size());
  put_text(map, key, shortened);
}

void put_integer(MapBuilder& map, std::string_view key, std::optional<std::int64_t> integer) {
  if (integer) map.put(key, Value::integer(*integer));
}

void put_args(MapBuilder& map, const PrepareJoinCluster& c) {
  map.put("joiner", to_edn(c.joiner));
  if (c.plugins) map.put("plugins", keywords_to_edn(*c.plugins));
}
void put_args(MapBuilder& map, const NotifyJoinCluster& c) {
  map.put("observer", to_edn(c.joiner));
}
void put_args(MapBuilder& map, const AcceptJoinCluster& c) {
  if (!c.observer.empty()) map.put("observer", to_edn(c.observer));
  if (!c.subject.empty()) map.put("subject", to_edn(c.subject));
  map.put("accepted-observer", to_edn(c.accepted_observer))
      .put("accepted-joiner", to_edn(c.accepted_joiner));
}
void put_args(MapBuilder& map, const AbortJoinCluster& c) { map.put("id", to_edn(c.joiner)); }
void put_args(MapBuilder& map, const GroupLeaveCluster& c) { map.put("id", to_edn(c.group)); }
void put_args(MapBuilder& map, const DrainGroup& c) {
  map.put("id", to_edn(c.group));
  if (c.stop) map.put("stop", Value::boolean(true));
  put_integer(map, "peers", c.peers);
  put_text(map, "peer-site", c.site);
}
void put_args(MapBuilder& map, const UndrainGroup& c) { map.put("id", to_edn(c.group)); }
void put_args(MapBuilder& map, const AddVirtualPeers& c) {
  map.put("group-id", to_edn(c.group)).put("ids", ids_to_edn(c.peers));
  put_text(map, "peer-site", c.site);
  if (!c.tags.empty()) map.put("tags", keywords_to_edn(c.tags));
}
void put_args(MapBuilder& map, const LeaveCluster& c) {
  map.put("id", to_edn(c.peer));
  put_free_text(map, "reason", c.reason);
}
void put_args(MapBuilder& map, const SubmitJob& c) {
  map.put("id", to_edn(c.job));
  if (c.spec != nullptr) replica::put_spec(map, *c.spec);
}
void put_args(MapBuilder& map, const KillJob& c) {
  map.put("job", to_edn(c.job));
  put_free_text(map, "reason", c.reason);
  put_free_text(map, "by", c.by);
  put_integer(map, "replica-version", c.version);
}
void put_args(MapBuilder& map, const CompleteJob& c) {
  map.put("job-id", to_edn(c.job));
  put_integer(map, "replica-version", c.version);
  put_integer(map, "epoch", c.epoch);
}
void put_args(MapBuilder& map, const RestartJob& c) {
  map.put("job", to_edn(c.job));
  put_free_text(map, "reason", c.reason);
  put_free_text(map, "by", c.by);
  put_integer(map, "replica-version", c.version);
  put_integer(map, "limit", c.limit);
}
void put_args(MapBuilder& map, const Gc& c) {
  if (!c.id.empty()) map.put("id", replica::id_to_edn(c.id));
}
void put_args(MapBuilder&, const SetReplica&) {}
void put_args(MapBuilder& map, const Senseless& c) {
  put_text(map, "why", c.why);
  put_text(map, "text", c.text);
}

Value args_of(const Command& command) {
  MapBuilder map;
  std::visit([&](const auto& c) { put_args(map, c); }, command);
  return map.build();
}

void put_parents(MapBuilder& map, const std::string& peer_parent,
                 std::optional<Position> entry_parent) {
  put_free_text(map, "peer-parent", peer_parent);
  put_integer(map, "entry-parent", entry_parent);
}

// --- reading ---

std::vector<PeerId> peer_ids(Fields& args) {
  std::vector<PeerId> peers;
  if (args.has("id")) peers.emplace_back(args.id("id"));
  for (std::string& id : args.ids("ids")) peers.emplace_back(std::move(id));
  if (peers.empty()) args.fail("no peer is named: neither :id nor :ids");
  return peers;
}

Command read_prepare(Fields& args) {
  PrepareJoinCluster c{GroupId(args.id("joiner")), std::nullopt};
  if (args.has("plugins")) c.plugins = args.keywords("plugins");
  return c;
}
Command read_notify(Fields& args) { return NotifyJoinCluster{GroupId(args.id("observer"))}; }
Command read_accept(Fields& args) {
  return AcceptJoinCluster{
      GroupId(args.optional_id("observer")), GroupId(args.optional_id("subject")),
      GroupId(args.id("accepted-observer")), GroupId(args.id("accepted-joiner"))};
}
Command read_abort(Fields& args) { return AbortJoinCluster{GroupId(args.id("id"))}; }
Command read_group_leave(Fields& args) { return GroupLeaveCluster{GroupId(args.id("id"))}; }
Command read_drain(Fields& args) {
  DrainGroup c{.group = GroupId(args.id("id"))};
  const Value& stop = args.value("stop");
  c.stop = stop.is_truthy();
  if (!stop.is_nil() && !stop.is(edn::Kind::boolean)) args.wrong("stop", stop, "true or false");
  c.peers = args.integer("peers");
  c.site = args.text("peer-site");
  return c;
}
Command read_undrain(Fields& args) { return UndrainGroup{GroupId(args.id("id"))}; }
Command read_add_peers(Fields& args) {
  return AddVirtualPeers{.group = GroupId(args.id("group-id")),
                         .peers = peer_ids(args),
                         .site = args.text("peer-site"),
                         .tags = args.keywords("tags")};
}
Command read_leave(Fields& args) {
  return LeaveCluster{PeerId(args.id("id")), args.text("reason")};
}
Command read_submit(Fields& args) {
  return SubmitJob{JobId(args.id("id")), replica::read_spec(args)};
}
Command read_kill(Fields& args) {
  return KillJob{.job = JobId(args.id("job")),
                 .reason = args.text("reason"),
                 .by = args.text("by"),
                 .version = args.integer("replica-version")};
}
Command read_complete(Fields& args) {
  return CompleteJob{JobId(args.id("job-id")), args.integer("replica-version"),
                     args.integer("epoch")};
}
Command read_restart(Fields& args) {
  return RestartJob{.job = JobId(args.id("job")),
                    .reason = args.text("reason"),
                    .by = args.text("by"),
                    .version = args.integer("replica-version"),
                    .limit = args.integer("limit")};
}
Command read_gc(Fields& args) { return Gc{args.optional_id("id")}; }

using Read = Command (*)(Fields&);

const std::map<std::string_view, Read>& readers() {
  static const std::map<std::string_view, Read> kReaders = {
      {"prepare-join-cluster", read_prepare},
      {"notify-join-cluster", read_notify},
      {"accept-join-cluster", read_accept},
      {"abort-join-cluster", read_abort},
      {"group-leave-cluster", read_group_leave},
      {"drain-group", read_drain},
      {"undrain-group", read_undrain},
      {"add-virtual-peer", read_add_peers},
      {"add-virtual-peers", read_add_peers},
      {"leave-cluster", read_leave},
      {"submit-job", read_submit},
      {"kill-job", read_kill},
      {"complete-job", read_complete},
      {"restart-job", read_restart},
      {"gc", read_gc}};
  return kReaders;
}

Senseless senseless(std::string why, std::string text) {
  constexpr std::size_t kTextMax = 1000;
  shorten(text, kTextMax);
  return {std::move(why), std::move(text)};
}

Command command_of(const Value& value) {
  const auto refuse = [&](std::string why) { return senseless(std::move(why), edn::print(value)); };
  Fields fields(value, "entry");
  const std::int64_t format = fields.integer("onyx/format", kEntryFormat);
  if (!fields.ok()) return refuse(fields.error());
  if (format != kEntryFormat) {
    return refuse(fmt::format("entry: format {}, this version reads {}", format, kEntryFormat));
  }
  const std::string name = fields.keyword("fn");
  const auto read = readers().find(name);
  if (read == readers().end()) {
    return refuse(name.empty() ? "entry: no :fn" : fmt::format("entry: unknown :fn :{}", name));
  }
  Fields args(value.get("args"), fmt::format("args of :{}", name));
  if (!args.ok()) return refuse(args.error());
  Command command = read->second(args);
  return args.ok() ? command : refuse(args.error());
}

}  // namespace

std::string encode(const Draft& draft, const GroupId& writer, std::int64_t seq) {
  MapBuilder map;
  map.put("onyx/format", Value::integer(kEntryFormat))
      .put("fn", Value::keyword(name_of(draft.command)))
      .put("args", args_of(draft.command));
  if (!writer.empty()) map.put("writer", to_edn(writer)).put("seq", Value::integer(seq));
  put_parents(map, draft.peer_parent, draft.entry_parent);
  return edn::print(map.build());
}

LogEntry entry_from_edn(const Value& value) {
  LogEntry entry;
  entry.command = command_of(value);
  if (!value.is_map()) return entry;
  Fields fields(value, "entry");
  entry.position = fields.integer("message-id", -1);
  entry.created_at_ms = fields.integer("created-at", 0);
  entry.writer = GroupId(fields.optional_id("writer"));
  entry.seq = fields.integer("seq", 0);
  entry.peer_parent = fields.text("peer-parent");
  entry.entry_parent = fields.integer("entry-parent");
  if (!fields.ok() && !std::holds_alternative<Senseless>(entry.command)) {
    entry.command = senseless(fields.error(), edn::print(value));
  }
  return entry;
}

LogEntry decode(std::string_view text, Position position, std::int64_t created_at_ms) {
  LogEntry entry;
  if (auto value = edn::read(text)) {
    entry = entry_from_edn(*value);
  } else {
    entry.command = senseless("entry: not EDN: " + value.error().message, std::string(text));
  }
  entry.position = position;
  entry.created_at_ms = created_at_ms;
  return entry;
}

Value to_edn(const LogEntry& entry) {
  MapBuilder map;
  map.put("fn", Value::keyword(name_of(entry.command))).put("args", args_of(entry.command));
  if (entry.position >= 0) map.put("message-id", Value::integer(entry.position));
  if (entry.created_at_ms != 0) map.put("created-at", Value::integer(entry.created_at_ms));
  if (!entry.writer.empty()) {
    map.put("writer", to_edn(entry.writer)).put("seq", Value::integer(entry.seq));
  }
  put_parents(map, entry.peer_parent, entry.entry_parent);
  return map.build();
}

}  // namespace onyx::coordination
