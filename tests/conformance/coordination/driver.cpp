// Runs tests/conformance/cases/coordination: replica and entry in; replica, diff, reactions and effects out.
#include <catch2/catch.hpp>

#include "daemon/coordination/outcome_edn.h"
#include "daemon/replica/edn_fields.h"
#include "daemon/replica/replica_edn.h"
#include "tests/support/cluster_log.h"
#include "tests/support/edn_cases.h"

using namespace onyx;
using edn::Value;

namespace {

Value keyword(std::string_view text) { return Value::keyword(text); }

template <class Map>
Value keys_of(const Map& map) {
  std::vector<Value> keys;
  for (const auto& entry : map) keys.push_back(replica::to_edn(entry.first));
  return Value::set(std::move(keys));
}

// The replica as cases look at it.
Value view(const replica::Replica& r) {
  const Value full = replica::to_edn(r);
  replica::MapBuilder out;
  for (const auto key : {"groups", "pairs", "prepared", "accepted"}) out.put(key, full.get(key));
  out.put("aborted", keys_of(r.membership->aborted)).put("left", keys_of(r.membership->left));
  std::vector<Value> peers;
  std::map<GroupId, std::vector<PeerId>> orphans;
  for (const replica::Peer& peer : r.peers) {
    if (peer.pool >= 0) {
      peers.push_back(replica::to_edn(peer.id));
    } else {
      orphans[peer.group].push_back(peer.id);
    }
  }
  replica::MapBuilder orphan_map;
  for (const auto& [group, ids] : orphans) {
    orphan_map.put(replica::to_edn(group), replica::ids_to_edn(ids));
  }
  out.put("peers", Value::set(std::move(peers))).put("orphans", orphan_map.build());
  replica::MapBuilder allocations;
  replica::MapBuilder jobs;
  replica::MapBuilder versions;
  replica::MapBuilder coordinators;
  for (const replica::Job& job : r.jobs) {
    const Value id = replica::to_edn(job.id);
    replica::MapBuilder tasks;
    for (std::size_t t = 0; t < job.seats.size(); ++t) {
      if (!job.seats[t].empty()) {
        tasks.put(replica::to_edn(job.spec->tasks[t].id), replica::ids_to_edn(job.seats[t]));
      }
    }
    allocations.put(id, tasks.build());
    jobs.put(id, keyword(job.has_peers() ? "running" : "waiting"));
    versions.put(id, Value::integer(job.version));
    if (job.coordinator) coordinators.put(id, replica::to_edn(*job.coordinator));
  }
  for (const replica::FinishedJob& job : r.finished) {
    const bool completed = job.state == replica::JobState::completed;
    jobs.put(replica::to_edn(job.id), keyword(job.collected() ? "collected"
                                              : completed     ? "completed"
                                                              : "killed"));
  }
  return out.put("allocations", allocations.build())
      .put("jobs", jobs.build())
      .put("versions", versions.build())
      .put("coordinators", coordinators.build())
      .build();
}

// Those entries of `whole` that `asked` has.
Value only(const Value& whole, const Value& asked) {
  std::vector<std::pair<Value, Value>> out;
  for (const edn::Entry& e : asked.entries()) {
    const Value* found = whole.find(e.key);
    out.emplace_back(e.key, found == nullptr ? Value() : *found);
  }
  return Value::map(std::move(out));
}

Value reactions_of(const coordination::Response& response) {
  std::vector<Value> out;
  for (const auto& draft : response.reactions) {
    const Value full = coordination::to_edn(draft);
    out.push_back(
        Value::map({{keyword("fn"), full.get("fn")}, {keyword("args"), full.get("args")}}));
  }
  return Value::vector(std::move(out));
}

Value effects_of(const coordination::Response& response) {
  std::vector<Value> out;
  for (const auto& effect : response.effects) {
    Value value = coordination::to_edn(effect);
    if (value.at(0).is_keyword("append-after-back-off")) {
      value = Value::vector({value.at(0), value.at(1).get("fn"), value.at(2)});
    }
    out.push_back(std::move(value));
  }
  return Value::vector(std::move(out));
}

std::string text(const Value& value) { return edn::print_canonical(value); }

std::vector<Value> entries_of(const Value& c) {
  if (c.find("entry")) return {c.get("entry")};
  std::vector<Value> entries;
  for (const Value& entry : c.get("entries").items()) entries.push_back(entry);
  return entries;
}

void run(const Value& c) {
  auto replica = replica::replica_from_edn(c.find("replica") ? c.get("replica") : Value::map());
  if (!replica) FAIL(replica.error().text());
  REQUIRE(replica::to_text(replica::violations(*replica)) == "");
  test::ClusterLog log(std::move(*replica));
  for (const Value& entry : entries_of(c)) {
    coordination::LogEntry read = coordination::entry_from_edn(entry);
    if (read.position < 0) read.position = log.next_position();
    log.apply(std::move(read));
  }
  CHECK(log.violations() == "");
  const Value& expect = c.get("expect");
  if (expect.find("replica")) {
    const Value& wanted = expect.get("replica");
    CHECK(text(only(view(log.replica()), wanted)) == text(wanted));
  }
  if (expect.find("diff")) {
    const Value& wanted = expect.get("diff");
    CHECK(text(only(coordination::to_edn(log.diff()), wanted)) == text(wanted));
  }
  if (!c.find("self")) return;
  std::set<GroupId> watching;
  const Value& given = c.get("self").get("watching");
  if (given.is_set()) {
    for (const Value& group : given.items()) watching.emplace(*replica::id_from_edn(group));
  }
  const auto response =
      log.respond(*replica::id_from_edn(c.get("self").get("id")), std::move(watching));
  if (expect.find("reactions"))
    CHECK(text(reactions_of(response)) == text(expect.get("reactions")));
  if (expect.find("effects")) CHECK(text(effects_of(response)) == text(expect.get("effects")));
}

}  // namespace

TEST_CASE("coordination: every case has its outcome", "[conformance][coordination]") {
  const auto cases = test::edn_cases("coordination");
  REQUIRE(cases.size() > 30);
  for (const auto& c : cases) {
    INFO(c.name);
    run(c.value);
  }
}
