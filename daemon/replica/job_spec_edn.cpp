#include "daemon/replica/job_spec_edn.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace onyx::replica {

using edn::Value;

namespace {

constexpr std::int64_t kPpmPerPercent = kWholePpm / 100;

Value percentage_to_edn(std::int64_t ppm) {
  if (ppm % kPpmPerPercent == 0) return Value::integer(ppm / kPpmPerPercent);
  return Value::real(static_cast<double>(ppm) / static_cast<double>(kPpmPerPercent));
}

Value limit_to_edn(std::optional<std::int64_t> limit) {
  return limit ? Value::integer(*limit) : Value::real(std::numeric_limits<double>::infinity());
}

std::optional<std::int64_t> percentage_from_edn(const Value& value) {
  if (!value.is_number()) return std::nullopt;
  const double percent = value.to_double();
  if (!(percent >= 0 && percent <= 100)) return std::nullopt;
  return std::llround(percent * static_cast<double>(kPpmPerPercent));
}

bool is_infinite(const Value& value) {
  return value.is_real() && std::isinf(value.as_real()) && value.as_real() > 0;
}

std::string_view flux_name(FluxPolicy flux) {
  switch (flux) {
    case FluxPolicy::none:
      return "";
    case FluxPolicy::kill:
      return "kill";
    case FluxPolicy::resume:
      return "continue";
    case FluxPolicy::recover:
      return "recover";
  }
  return "";
}

std::string_view scheduler_name(TaskScheduler scheduler) {
  switch (scheduler) {
    case TaskScheduler::balanced:
      return "onyx.task-scheduler/balanced";
    case TaskScheduler::percentage:
      return "onyx.task-scheduler/percentage";
    case TaskScheduler::colocated:
      return "onyx.task-scheduler/colocated";
  }
  return "";
}

// A map by task of those tasks for which `get` has something.
template <class Get>
void put_by_task(MapBuilder& map, std::string_view key, const JobSpec& spec, Get&& get) {
  MapBuilder by_task;
  bool any = false;
  for (const TaskSpec& task : spec.tasks) {
    if (std::optional<Value> value = get(task)) {
      by_task.put(to_edn(task.id), std::move(*value));
      any = true;
    }
  }
  if (any) map.put(key, by_task.build());
}

template <class Test>
void put_tasks(MapBuilder& map, std::string_view key, const JobSpec& spec, Test&& test) {
  std::vector<TaskId> ids;
  for (const TaskSpec& task : spec.tasks) {
    if (test(task)) ids.push_back(task.id);
  }
  if (!ids.empty()) map.put(key, ids_to_edn(ids));
}

class SpecReader {
 public:
  explicit SpecReader(Fields& fields) : fields_(fields) {}

  std::shared_ptr<const JobSpec> read() {
    spec_.name = fields_.text("name");
    read_scheduler();
    for (std::string& id : fields_.ids("tasks"))
      spec_.tasks.push_back({.id = TaskId(std::move(id))});
    if (spec_.tasks.empty()) fields_.fail(":tasks names no task");
    const Value& saturation = fields_.value("saturation");
    if (saturation.is_integer()) {
      spec_.saturation = saturation.as_integer();
    } else if (!saturation.is_nil() && !is_infinite(saturation)) {
      fields_.wrong("saturation", saturation, "an integer or ##Inf");
    }
    if (fields_.has("percentage")) {
      read_percentage("percentage", fields_.value("percentage"), spec_.percentage_ppm);
    }
    read_tasks();
    if (!fields_.ok()) return nullptr;
    return std::make_shared<const JobSpec>(std::move(spec_));
  }

 private:
  void read_scheduler() {
    const std::string name = fields_.keyword("task-scheduler");
    if (name.empty()) return;
    for (const auto scheduler :
         {TaskScheduler::balanced, TaskScheduler::percentage, TaskScheduler::colocated}) {
      const std::string_view full = scheduler_name(scheduler);
      if (name == full || name == full.substr(full.find('/') + 1)) {
        spec_.task_scheduler = scheduler;
        return;
      }
    }
    fields_.wrong("task-scheduler", fields_.value("task-scheduler"),
                  ":onyx.task-scheduler/balanced, /percentage or /colocated");
  }

  void read_percentage(std::string_view key, const Value& value, std::int64_t& ppm) {
    if (const auto read = percentage_from_edn(value)) {
      ppm = *read;
    } else {
      fields_.wrong(key, value, "a number from 0 to 100");
    }
  }

  TaskSpec* task(std::string_view key, const std::string& id) {
    for (TaskSpec& task : spec_.tasks) {
      if (task.id.text() == id) return &task;
    }
    fields_.fail(fmt::format(":{} names {}, which is not in :tasks", key, id));
    return nullptr;
  }

  template <class F>
  void by_task(std::string_view key, F&& f) {
    fields_.each(key, [&](const std::string& id, const Value& value) {
      if (TaskSpec* found = task(key, id)) f(*found, value);
    });
  }

  template <class F>
  void of_tasks(std::string_view key, F&& f) {
    for (const std::string& id : fields_.ids(key)) {
      if (TaskSpec* found = task(key, id)) f(*found);
    }
  }

  void read_tasks() {
    by_task("task-saturation", [&](TaskSpec& t, const Value& value) {
      if (value.is_integer()) {
        t.max_peers = value.as_integer();
      } else if (!is_infinite(value)) {
        fields_.wrong("task-saturation", value, "an integer or ##Inf");
      }
    });
    by_task("min-required-peers", [&](TaskSpec& t, const Value& value) {
      if (value.is_integer()) {
        t.min_peers = value.as_integer();
      } else {
        fields_.wrong("min-required-peers", value, "an integer");
      }
    });
    by_task("flux-policies", [&](TaskSpec& t, const Value& value) {
      for (const auto flux : {FluxPolicy::kill, FluxPolicy::resume, FluxPolicy::recover}) {
        if (value.is_keyword(flux_name(flux))) t.flux = flux;
      }
      if (t.flux == FluxPolicy::none) {
        fields_.wrong("flux-policies", value, ":kill, :continue or :recover");
      }
    });
    of_tasks("inputs", [](TaskSpec& t) { t.kind = TaskKind::input; });
    of_tasks("outputs", [](TaskSpec& t) { t.kind = TaskKind::output; });
    of_tasks("reducers", [](TaskSpec& t) { t.reduces = true; });
    of_tasks("grouped", [](TaskSpec& t) { t.grouped = true; });
    of_tasks("state", [](TaskSpec& t) { t.stateful = true; });
    by_task("in->out", [&](TaskSpec& t, const Value& value) {
      if (!value.is_sequential() && !value.is_set()) {
        return fields_.wrong("in->out", value, "a vector or a set");
      }
      for (const Value& item : value.items()) {
        const auto id = id_from_edn(item);
        if (!id) return fields_.wrong("in->out", item, "a task");
        t.egress.emplace_back(*id);
      }
      std::sort(t.egress.begin(), t.egress.end());
    });
    by_task("required-tags", [&](TaskSpec& t, const Value& value) {
      if (!value.is_sequential() && !value.is_set()) {
        return fields_.wrong("required-tags", value, "a vector or a set");
      }
      for (const Value& item : value.items()) {
        const auto tag = id_from_edn(item);
        if (!tag) return fields_.wrong("required-tags", item, "a keyword");
        t.required_tags.push_back(*tag);
      }
      std::sort(t.required_tags.begin(), t.required_tags.end());
    });
    by_task("plugins", [&](TaskSpec& t, const Value& value) {
      if (const auto plugin = id_from_edn(value)) {
        t.plugin = *plugin;
      } else {
        fields_.wrong("plugins", value, "a keyword");
      }
    });
    by_task("task-percentages", [&](TaskSpec& t, const Value& value) {
      read_percentage("task-percentages", value, t.percentage_ppm);
    });
  }

  Fields& fields_;
  JobSpec spec_;
};

}  // namespace

void put_spec(MapBuilder& map, const JobSpec& spec) {
  if (!spec.name.empty()) map.put("name", Value::string(spec.name));
  std::vector<TaskId> ids;
  for (const TaskSpec& task : spec.tasks) ids.push_back(task.id);
  map.put("tasks", ids_to_edn(ids));
  map.put("task-scheduler", Value::keyword(scheduler_name(spec.task_scheduler)));
  map.put("saturation", limit_to_edn(spec.saturation));
  if (spec.percentage_ppm != 0) map.put("percentage", percentage_to_edn(spec.percentage_ppm));

  using Maybe = std::optional<Value>;
  put_by_task(map, "task-saturation", spec, [](const TaskSpec& t) -> Maybe {
    if (!t.max_peers) return std::nullopt;
    return Value::integer(*t.max_peers);
  });
  put_by_task(map, "min-required-peers", spec,
              [](const TaskSpec& t) -> Maybe { return Value::integer(t.min_peers); });
  put_by_task(map, "flux-policies", spec, [](const TaskSpec& t) -> Maybe {
    if (t.flux == FluxPolicy::none) return std::nullopt;
    return Value::keyword(flux_name(t.flux));
  });
  put_tasks(map, "inputs", spec, [](const TaskSpec& t) { return t.kind == TaskKind::input; });
  put_tasks(map, "outputs", spec, [](const TaskSpec& t) { return t.kind == TaskKind::output; });
  put_tasks(map, "reducers", spec, [](const TaskSpec& t) { return t.reduces; });
  put_tasks(map, "grouped", spec, [](const TaskSpec& t) { return t.grouped; });
  put_tasks(map, "state", spec, [](const TaskSpec& t) { return t.stateful; });
  put_by_task(map, "in->out", spec, [](const TaskSpec& t) -> Maybe {
    if (t.egress.empty()) return std::nullopt;
    return ids_to_edn(t.egress);
  });
  put_by_task(map, "required-tags", spec, [](const TaskSpec& t) -> Maybe {
    if (t.required_tags.empty()) return std::nullopt;
    return keywords_to_edn(t.required_tags);
  });
  put_by_task(map, "plugins", spec, [](const TaskSpec& t) -> Maybe {
    if (t.plugin.empty()) return std::nullopt;
    return id_to_edn(t.plugin);
  });
  put_by_task(map, "task-percentages", spec, [](const TaskSpec& t) -> Maybe {
    if (t.percentage_ppm == 0) return std::nullopt;
    return percentage_to_edn(t.percentage_ppm);
  });
}

std::shared_ptr<const JobSpec> read_spec(Fields& fields) { return SpecReader(fields).read(); }

}  // namespace onyx::replica
