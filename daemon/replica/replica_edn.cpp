#include "daemon/replica/replica_edn.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/replica/edn_fields.h"
#include "daemon/replica/index.h"
#include "daemon/replica/job_spec_edn.h"
#include "daemon/replica/queries.h"

namespace onyx::replica {

using edn::Value;

namespace {

std::string_view scheduler_name(JobScheduler scheduler) {
  switch (scheduler) {
    case JobScheduler::greedy:
      return "onyx.job-scheduler/greedy";
    case JobScheduler::balanced:
      return "onyx.job-scheduler/balanced";
    case JobScheduler::percentage:
      return "onyx.job-scheduler/percentage";
  }
  return "";
}

void put_parameters(MapBuilder& map, const Parameters& parameters) {
  map.put("job-scheduler", Value::keyword(scheduler_name(parameters.job_scheduler)))
      .put("log-version", Value::integer(parameters.log_version))
      .put("tombstones-max", Value::integer(parameters.tombstones_max));
}

Parameters read_parameters(Fields& fields) {
  Parameters parameters;
  const std::string name = fields.keyword("job-scheduler");
  bool known = name.empty();
  for (const auto scheduler :
       {JobScheduler::greedy, JobScheduler::balanced, JobScheduler::percentage}) {
    const std::string_view full = scheduler_name(scheduler);
    if (name != full && name != full.substr(full.find('/') + 1)) continue;
    parameters.job_scheduler = scheduler;
    known = true;
  }
  if (!known) {
    fields.wrong("job-scheduler", fields.value("job-scheduler"),
                 ":onyx.job-scheduler/greedy, /balanced or /percentage");
  }
  parameters.log_version = static_cast<int>(fields.integer("log-version", kLogVersion));
  parameters.tombstones_max = fields.integer("tombstones-max", parameters.tombstones_max);
  return parameters;
}

// --- writing ---

Value pairs_to_edn(const std::map<GroupId, GroupId>& pairs) {
  MapBuilder map;
  for (const auto& [key, value] : pairs) map.put(to_edn(key), to_edn(value));
  return map.build();
}

Value numbers_to_edn(const std::map<GroupId, std::int64_t>& numbers) {
  MapBuilder map;
  for (const auto& [key, value] : numbers) map.put(to_edn(key), Value::integer(value));
  return map.build();
}

void put_membership(MapBuilder& map, const Replica& replica) {
  const Membership& ring = *replica.membership;
  map.put("groups", ids_to_edn(ring.joined))
      .put("pairs", pairs_to_edn(ring.pairs))
      .put("prepared", pairs_to_edn(ring.prepared))
      .put("accepted", pairs_to_edn(ring.accepted))
      .put("aborted", numbers_to_edn(ring.aborted))
      .put("left", numbers_to_edn(ring.left));
  std::vector<GroupId> announced;
  MapBuilder plugins;
  for (const Group& group : replica.groups) {
    if (!group.joined) announced.push_back(group.id);
    if (group.plugins) plugins.put(to_edn(group.id), keywords_to_edn(*group.plugins));
  }
  map.put("announced-groups", ids_to_edn(announced)).put("group-plugins", plugins.build());
  MapBuilder drained;
  for (const Group& group : replica.groups) {
    if (!group.drained) continue;
    MapBuilder facts;
    facts.put("peers", Value::integer(group.drained->peers));
    if (!group.drained->site.empty()) facts.put("site", Value::string(group.drained->site));
    drained.put(to_edn(group.id), facts.build());
  }
  map.put("drained", drained.build());
}

Value peers_to_edn(const Replica& replica) {
  MapBuilder peers;
  for (const Peer& peer : replica.peers) {
    MapBuilder map;
    map.put("group", to_edn(peer.group));
    if (!peer.site.empty()) map.put("site", Value::string(peer.site));
    if (!peer.tags.empty()) map.put("tags", keywords_to_edn(peer.tags));
    peers.put(to_edn(peer.id), map.build());
  }
  return peers.build();
}

Value job_to_edn(const Job& job) {
  MapBuilder map;
  map.put("id", to_edn(job.id))
      .put("submitted-at", Value::integer(job.submitted_at))
      .put("submitted-at-ms", Value::integer(job.submitted_at_ms))
      .put("allocation-version", Value::integer(job.version));
  if (job.coordinator) map.put("coordinator", to_edn(*job.coordinator));
  if (job.restarts != 0) map.put("restarts", Value::integer(job.restarts));
  if (job.failures != 0) map.put("failures", Value::integer(job.failures));
  if (!job.last_failure.empty()) map.put("last-failure", Value::string(job.last_failure));
  MapBuilder allocation;
  for (std::size_t t = 0; t < job.seats.size(); ++t) {
    if (!job.seats[t].empty()) {
      allocation.put(to_edn(job.spec->tasks[t].id), ids_to_edn(job.seats[t]));
    }
  }
  map.put("allocation", allocation.build());
  put_spec(map, *job.spec);
  return map.build();
}

Value finished_to_edn(const FinishedJob& job) {
  MapBuilder map;
  map.put("id", to_edn(job.id))
      .put("ended", Value::keyword(job.state == JobState::completed ? "completed" : "killed"))
      .put("submitted-at", Value::integer(job.submitted_at))
      .put("ended-at", Value::integer(job.ended_at))
      .put("submitted-at-ms", Value::integer(job.submitted_at_ms))
      .put("ended-at-ms", Value::integer(job.ended_at_ms))
      .put("allocation-version", Value::integer(job.version))
      .put("restarts", Value::integer(job.restarts));
  if (!job.reason.empty()) map.put("reason", Value::string(job.reason));
  if (!job.by.empty()) map.put("by", Value::string(job.by));
  if (job.spec != nullptr) {
    put_spec(map, *job.spec);
  } else if (!job.name.empty()) {
    map.put("name", Value::string(job.name));
  }
  return map.build();
}

// --- reading ---

class ReplicaReader {
 public:
  explicit ReplicaReader(const Value& value) : fields_(value, "replica") {}

  Result<Replica> read() {
    if (const auto format = fields_.integer("onyx/format", kReplicaFormat);
        format != kReplicaFormat) {
      return failure(
          ErrorCode::unimplemented,
          fmt::format("replica: format {}, this version reads {}", format, kReplicaFormat));
    }
    replica_.version = fields_.integer("version", -1);
    replica_.collected_at = fields_.integer("collected-at", -1);
    replica_.collected_at_ms = fields_.integer("collected-at-ms", 0);
    replica_.parameters = Cow<Parameters>(read_parameters(fields_));
    read_membership();
    read_peers();
    read_writers();
    read_all("jobs", [&](Fields& job) { read_job(job); });
    read_all("finished", [&](Fields& job) { read_finished(job); });
    if (!fields_.ok()) return failure(ErrorCode::invalid_argument, fields_.error());
    reindex(replica_);
    return std::move(replica_);
  }

 private:
  std::map<GroupId, GroupId> pairs(std::string_view key) {
    std::map<GroupId, GroupId> out;
    fields_.each(key, [&](const std::string& id, const Value& value) {
      const auto other = id_from_edn(value);
      if (!other) return fields_.wrong(key, value, "an id");
      out.emplace(GroupId(id), GroupId(*other));
    });
    return out;
  }

  // {group number}, or only the groups.
  std::map<GroupId, std::int64_t> numbers(std::string_view key) {
    std::map<GroupId, std::int64_t> out;
    if (!fields_.value(key).is_map()) {
      for (const std::string& id : fields_.ids(key)) out.emplace(GroupId(id), 0);
      return out;
    }
    fields_.each(key, [&](const std::string& id, const Value& value) {
      if (!value.is_integer()) return fields_.wrong(key, value, "an integer");
      out.emplace(GroupId(id), value.as_integer());
    });
    return out;
  }

  Group& group(const GroupId& id) {
    if (!replica_.groups.contains(id)) replica_.groups.put({.id = id});
    return *replica_.groups.edit(id);
  }

  void read_membership() {
    Membership ring;
    for (const std::string& id : fields_.ids("groups")) {
      ring.joined.emplace_back(id);
      group(ring.joined.back()).joined = true;
    }
    ring.pairs = pairs("pairs");
    ring.prepared = pairs("prepared");
    ring.accepted = pairs("accepted");
    ring.aborted = numbers("aborted");
    ring.left = numbers("left");
    for (const auto& [observer, joiner] : ring.prepared) group(joiner);
    for (const auto& [observer, joiner] : ring.accepted) group(joiner);
    for (const auto& [joiner, failures] : ring.aborted) group(joiner);
    for (const std::string& id : fields_.ids("announced-groups")) group(GroupId(id));
    fields_.each("group-plugins", [&](const std::string& id, const Value& value) {
      std::vector<std::string> plugins;
      if (!value.is_sequential() && !value.is_set()) {
        return fields_.wrong("group-plugins", value, "a vector or a set");
      }
      for (const Value& item : value.items()) {
        const auto plugin = id_from_edn(item);
        if (!plugin) return fields_.wrong("group-plugins", item, "a keyword");
        plugins.push_back(*plugin);
      }
      std::sort(plugins.begin(), plugins.end());
      group(GroupId(id)).plugins = std::move(plugins);
    });
    fields_.each("drained", [&](const std::string& id, const Value& value) {
      Fields facts(value, fmt::format("drained group {}", id));
      Drained drained{facts.integer("peers", 0), facts.text("site")};
      if (!facts.ok()) return fields_.fail(facts.error());
      group(GroupId(id)).drained = std::move(drained);
    });
    replica_.membership = Cow<Membership>(std::move(ring));
  }

  void read_peers() {
    fields_.each("peers", [&](const std::string& id, const Value& value) {
      Fields fields(value, fmt::format("peer {}", id));
      Peer peer{.id = PeerId(id),
                .group = GroupId(fields.id("group")),
                .site = fields.text("site"),
                .tags = fields.keywords("tags")};
      if (!fields.ok()) return fields_.fail(fields.error());
      auto& peers = group(peer.group).peers;
      peers.insert(std::upper_bound(peers.begin(), peers.end(), peer.id), peer.id);
      replica_.peers.put(std::move(peer));
    });
  }

  // {writer [seq position]}, or only the number.
  void read_writers() {
    fields_.each("writers", [&](const std::string& id, const Value& value) {
      if (value.is_integer()) {
        replica_.writers.put({GroupId(id), value.as_integer()});
      } else if (value.is_vector() && value.count() == 2 && value.at(0).is_integer() &&
                 value.at(1).is_integer()) {
        replica_.writers.put({GroupId(id), value.at(0).as_integer(), value.at(1).as_integer()});
      } else {
        fields_.wrong("writers", value, "[seq position]");
      }
    });
  }

  template <class F>
  void read_all(std::string_view key, F&& f) {
    const Value& all = fields_.value(key);
    if (all.is_nil()) return;
    if (!all.is_sequential()) return fields_.wrong(key, all, "a vector");
    for (const Value& item : all.items()) {
      Fields fields(item, fmt::format("an item of :{}", key));
      f(fields);
      if (!fields.ok()) fields_.fail(fields.error());
    }
  }

  void read_job(Fields& fields) {
    Job job{.id = JobId(fields.id("id"))};
    job.submitted_at = fields.integer("submitted-at", static_cast<Position>(replica_.jobs.size()));
    job.submitted_at_ms = fields.integer("submitted-at-ms", 0);
    job.version = fields.integer("allocation-version", -1);
    job.restarts = fields.integer("restarts", 0);
    job.failures = fields.integer("failures", 0);
    job.last_failure = fields.text("last-failure");
    if (fields.has("coordinator")) job.coordinator = PeerId(fields.id("coordinator"));
    job.spec = read_spec(fields);
    if (job.spec == nullptr) return;
    job.seats.resize(job.spec->tasks.size());
    fields.each("allocation", [&](const std::string& task, const Value& value) {
      const int index = task_index(*job.spec, TaskId(task));
      if (index < 0) return fields.fail(fmt::format(":allocation names {}, no task", task));
      read_seats(fields, job, static_cast<std::size_t>(index), value);
    });
    if (!fields.ok()) return;
    if (replica_.jobs.contains(job.submitted_at)) {
      return fields.fail(fmt::format("two jobs submitted at {}", job.submitted_at));
    }
    replica_.job_index.put({job.id, job.submitted_at});
    replica_.jobs.put(std::move(job));
  }

  void read_seats(Fields& fields, Job& job, std::size_t task, const Value& value) {
    if (!value.is_sequential()) return fields.wrong("allocation", value, "a vector");
    for (const Value& item : value.items()) {
      const auto id = id_from_edn(item);
      Peer* peer = id ? replica_.peers.edit(PeerId(*id)) : nullptr;
      if (peer == nullptr) return fields.wrong("allocation", item, "a peer of :peers");
      if (peer->seat) return fields.fail(fmt::format("peer {} has two places", *id));
      peer->seat = Peer::Seat{job.submitted_at, static_cast<std::int32_t>(task),
                              static_cast<SlotId>(job.seats[task].size())};
      job.seats[task].push_back(peer->id);
    }
  }

  void read_finished(Fields& fields) {
    FinishedJob job{.id = JobId(fields.id("id"))};
    const std::string state = fields.keyword("ended");
    if (state != "completed" && state != "killed") {
      fields.wrong("ended", fields.value("ended"), ":completed or :killed");
    }
    job.state = state == "killed" ? JobState::killed : JobState::completed;
    job.submitted_at = fields.integer("submitted-at", -1);
    job.ended_at = fields.integer("ended-at", -1);
    job.submitted_at_ms = fields.integer("submitted-at-ms", 0);
    job.ended_at_ms = fields.integer("ended-at-ms", 0);
    job.version = fields.integer("allocation-version", -1);
    job.restarts = fields.integer("restarts", 0);
    job.reason = fields.text("reason");
    job.by = fields.text("by");
    job.name = fields.text("name");
    if (fields.has("tasks")) job.spec = read_spec(fields);
    if (fields.ok()) replica_.finished.put(std::move(job));
  }

  Fields fields_;
  Replica replica_;
};

}  // namespace

Value to_edn(const Parameters& parameters) {
  MapBuilder map;
  put_parameters(map, parameters);
  return map.build();
}

Result<Parameters> parameters_from_edn(const Value& value) {
  Fields fields(value, "log parameters");
  Parameters parameters = read_parameters(fields);
  if (!fields.ok()) return failure(ErrorCode::invalid_argument, fields.error());
  return parameters;
}

Value to_edn(const Replica& replica) {
  MapBuilder map;
  map.put("onyx/format", Value::integer(kReplicaFormat))
      .put("version", Value::integer(replica.version))
      .put("collected-at", Value::integer(replica.collected_at))
      .put("collected-at-ms", Value::integer(replica.collected_at_ms));
  put_parameters(map, *replica.parameters);
  put_membership(map, replica);
  map.put("peers", peers_to_edn(replica));
  MapBuilder writers;
  for (const Writer& writer : replica.writers) {
    writers.put(to_edn(writer.id),
                Value::vector({Value::integer(writer.seq), Value::integer(writer.position)}));
  }
  map.put("writers", writers.build());
  std::vector<Value> jobs;
  for (const Job& job : replica.jobs) jobs.push_back(job_to_edn(job));
  map.put("jobs", Value::vector(std::move(jobs)));
  std::vector<Value> finished;
  for (const FinishedJob& job : replica.finished) finished.push_back(finished_to_edn(job));
  map.put("finished", Value::vector(std::move(finished)));
  return map.build();
}

Result<Replica> replica_from_edn(const Value& value) { return ReplicaReader(value).read(); }

}  // namespace onyx::replica
