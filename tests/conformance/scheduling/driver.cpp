// Runs tests/conformance/cases/scheduling: peers, jobs and entries in, allocations out. README.md there has the keys.
#include <catch2/catch.hpp>

#include "daemon/replica/edn_fields.h"
#include "daemon/replica/replica_edn.h"
#include "tests/support/cluster_log.h"
#include "tests/support/edn_cases.h"

using namespace onyx;
using edn::Value;

namespace {

Value keyword(std::string_view text) { return Value::keyword(text); }

// 5 → p1 … p5 (p01 … from ten on); {"A" 3} → three peers of that site; else as given.
Value peers_of_case(const Value& peers) {
  std::vector<std::pair<Value, Value>> out;
  const auto add = [&](int number, int all, const std::string& site) {
    const std::string id = all < 10 ? fmt::format("p{}", number) : fmt::format("p{:02}", number);
    replica::MapBuilder map;
    map.put("group", keyword("g"));
    if (!site.empty()) map.put("site", Value::string(site));
    out.emplace_back(keyword(id), map.build());
  };
  if (peers.is_integer()) {
    const int all = static_cast<int>(peers.as_integer());
    for (int i = 1; i <= all; ++i) add(i, all, "");
  } else if (peers.is_map()) {
    std::map<std::string, int> sites;
    for (const edn::Entry& e : peers.entries()) {
      if (e.value.is_integer()) {
        sites[std::string(e.key.as_string())] = static_cast<int>(e.value.as_integer());
        continue;
      }
      Value peer = e.value.is_map() ? e.value : Value::map();
      if (!peer.find("group")) peer = peer.assoc(keyword("group"), keyword("g"));
      out.emplace_back(e.key, peer);
    }
    int all = 0;
    for (const auto& [site, count] : sites) all += count;
    int number = 0;
    for (const auto& [site, count] : sites) {
      for (int i = 0; i < count; ++i) add(++number, all, site);
    }
  }
  return Value::map(std::move(out));
}

// A job as :submit-job has it; the first task is the input unless :inputs says otherwise.
Value job_of_case(const Value& job) {
  Value out = job;
  if (!out.find("inputs")) {
    out = out.assoc(keyword("inputs"), Value::vector({job.get("tasks").at(0)}));
  }
  return out;
}

test::ClusterLog start(const Value& c) {
  std::vector<Value> jobs;
  std::int64_t at = 0;
  const Value& given = c.get("jobs");
  for (std::size_t i = 0; i < given.count(); ++i) {
    if (!given.at(i).find("allocation")) continue;
    Value job = job_of_case(given.at(i)).assoc(keyword("submitted-at"), Value::integer(at));
    if (!job.find("allocation-version")) {
      job = job.assoc(keyword("allocation-version"), Value::integer(at));
    }
    if (!job.find("coordinator")) {
      std::optional<Value> least;
      for (const edn::Entry& task : job.get("allocation").entries()) {
        for (const Value& peer : task.value.items()) {
          if (!least || edn::compare(peer, *least) < 0) least = peer;
        }
      }
      if (least) job = job.assoc(keyword("coordinator"), *least);
    }
    jobs.push_back(job);
    ++at;
  }
  replica::MapBuilder map;
  map.put("version", Value::integer(at - 1 + 10))
      .put("job-scheduler", c.find("job-scheduler") ? c.get("job-scheduler") : keyword("balanced"))
      .put("peers", peers_of_case(c.get("peers")))
      .put("jobs", Value::vector(std::move(jobs)))
      .put("groups", Value::vector({keyword("g")}));
  for (const auto key : {"groups", "pairs", "group-plugins"}) {
    if (c.find(key)) map.put(key, c.get(key));
  }
  auto replica = replica::replica_from_edn(map.build());
  if (!replica) FAIL(replica.error().text());
  return test::ClusterLog(std::move(*replica));
}

void submit_jobs(test::ClusterLog& log, const Value& c) {
  const Value& given = c.get("jobs");
  for (std::size_t i = 0; i < given.count(); ++i) {
    if (given.at(i).find("allocation")) continue;
    replica::MapBuilder entry;
    entry.put("fn", keyword("submit-job")).put("args", job_of_case(given.at(i)));
    coordination::LogEntry read = coordination::entry_from_edn(entry.build());
    if (const auto* bad = std::get_if<coordination::Senseless>(&read.command)) FAIL(bad->why);
    read.position = log.next_position();
    log.apply(std::move(read));
    if (const auto* rejected = log.diff().rejected()) FAIL(rejected->why);
  }
}

void append_entries(test::ClusterLog& log, const Value& c) {
  const Value& entries = c.get("entries");
  for (std::size_t i = 0; i < entries.count(); ++i) {
    coordination::LogEntry read = coordination::entry_from_edn(entries.at(i));
    if (const auto* bad = std::get_if<coordination::Senseless>(&read.command)) FAIL(bad->why);
    read.position = log.next_position();
    log.apply(std::move(read));
  }
}

// The part of `job` that the case asks about, in its form: {a 2} counts, {a [p1 p2]} peers as a set of ids.
Value found_for(const replica::Job* job, const Value& expected) {
  std::vector<std::pair<Value, Value>> out;
  for (const edn::Entry& e : expected.entries()) {
    const TaskId task(*replica::id_from_edn(e.key));
    std::vector<PeerId> peers = job == nullptr ? std::vector<PeerId>() : peers_of(*job, task);
    if (e.value.is_integer()) {
      out.emplace_back(e.key, Value::integer(static_cast<std::int64_t>(peers.size())));
    } else {
      if (e.value.is_set()) {
        std::vector<Value> items;
        for (const PeerId& peer : peers) items.push_back(replica::to_edn(peer));
        out.emplace_back(e.key, Value::set(std::move(items)));
      } else {
        out.emplace_back(e.key, replica::ids_to_edn(peers));
      }
    }
  }
  return Value::map(std::move(out));
}

// What `get` gives for every job that the case names.
template <class Get>
void check_by_job(const test::ClusterLog& log, const Value& expected, Get&& get) {
  std::vector<std::pair<Value, Value>> found;
  for (const edn::Entry& e : expected.entries()) {
    const replica::Job* job = replica::find_job(log.replica(), JobId(*replica::id_from_edn(e.key)));
    REQUIRE(job != nullptr);
    found.emplace_back(e.key, get(*job));
  }
  CHECK(edn::print_canonical(Value::map(std::move(found))) == edn::print_canonical(expected));
}

void check(const test::ClusterLog& log, const Value& expect) {
  for (const edn::Entry& e : expect.entries()) {
    const std::string key = e.key.is_keyword() ? e.key.name()->text : "";
    if (key == "coordinators") {
      check_by_job(log, e.value, [](const replica::Job& job) {
        return job.coordinator ? replica::to_edn(*job.coordinator) : Value();
      });
      continue;
    }
    if (key == "versions") {
      check_by_job(log, e.value,
                   [](const replica::Job& job) { return Value::integer(job.version); });
      continue;
    }
    if (key == "routes") {
      check_by_job(log, e.value, [](const replica::Job& job) {
        std::vector<Value> routes;
        for (const replica::Route& route : replica::routes_of(job)) {
          routes.push_back(
              Value::vector({replica::to_edn(route.task),
                             route.from ? replica::to_edn(*route.from) : keyword("coordinator"),
                             Value::integer(route.slot)}));
        }
        return Value::vector(std::move(routes));
      });
      continue;
    }
    if (key == "idle") {
      CHECK(replica::idle_peers(log.replica()) == e.value.as_integer());
      continue;
    }
    const JobId id(*replica::id_from_edn(e.key));
    INFO("job " << id.text() << " is at " << log.allocation(id.text()));
    if (e.value.is_keyword()) {
      const auto state = replica::state_of(log.replica(), id);
      const char* const names[] = {"waiting", "running", "completed", "killed"};
      CHECK((state ? names[static_cast<int>(*state)] : "unknown") == e.value.name()->text);
    } else {
      const replica::Job* job = replica::find_job(log.replica(), id);
      CHECK(edn::print_canonical(found_for(job, e.value)) == edn::print_canonical(e.value));
    }
  }
}

void check_chunks(const test::ClusterLog& log, const Value& chunks) {
  for (const edn::Entry& e : chunks.entries()) {
    const replica::Job* job = replica::find_job(log.replica(), JobId(*replica::id_from_edn(e.key)));
    REQUIRE(job != nullptr);
    std::map<std::string, std::int64_t> per_site;
    if (!job->seats.empty()) {
      for (const PeerId& peer : job->seats.front()) {
        ++per_site[std::string(replica::site_of(log.replica(), peer))];
      }
    }
    for (const edn::Entry& site : e.value.entries()) {
      CHECK(per_site[std::string(site.key.as_string())] == site.value.as_integer());
    }
  }
}

}  // namespace

TEST_CASE("scheduling: every case gives its allocation", "[conformance][scheduling]") {
  const auto cases = test::edn_cases("scheduling");
  REQUIRE(cases.size() > 50);
  for (const auto& c : cases) {
    INFO(c.name);
    test::ClusterLog log = start(c.value);
    submit_jobs(log, c.value);
    append_entries(log, c.value);
    CHECK(log.violations() == "");
    check(log, c.value.get("expect").dissoc(keyword("chunks")));
  }
}

TEST_CASE("scheduling: colocated chunks stand on the sites that the case names",
          "[conformance][scheduling]") {
  std::size_t seen = 0;
  for (const auto& c : test::edn_cases("scheduling")) {
    const Value& chunks = c.value.get("expect").get("chunks");
    if (chunks.is_nil()) continue;
    ++seen;
    INFO(c.name);
    test::ClusterLog log = start(c.value);
    submit_jobs(log, c.value);
    check_chunks(log, chunks);
  }
  CHECK(seen > 5);
}
