#include "common/model/job_reader.h"

#include <fmt/format.h>

#include <limits>
#include <set>

#include "common/edn/printer.h"
#include "common/model/information_model.h"
#include "common/model/legacy_calls.h"

namespace onyx::model {
namespace {

constexpr std::size_t kPredicateDepthMax = 128;

tl::unexpected<Error> invalid(std::string_view where, std::string_view problem) {
  return failure(ErrorCode::invalid_argument,
                 fmt::format("{} {}; validate the job first", where, problem));
}

// Reads the fields of one map and remembers the first that has the wrong kind.
class Fields {
 public:
  explicit Fields(const edn::Value& map) : map_(map) {}

  const edn::Value* find(std::string_view key) const { return map_.find(key); }

  std::int64_t integer(std::string_view key, std::int64_t otherwise) {
    return maybe_integer(key).value_or(otherwise);
  }
  std::optional<std::int64_t> maybe_integer(std::string_view key) {
    const edn::Value* value = find(key);
    if (value == nullptr) return std::nullopt;
    if (!value->is_integer()) {
      fail(key, "is not an integer");
      return std::nullopt;
    }
    return value->as_integer();
  }
  bool flag(std::string_view key) {
    const edn::Value* value = find(key);
    if (value != nullptr && !value->is(edn::Kind::boolean)) fail(key, "is not a boolean");
    return value != nullptr && value->is(edn::Kind::boolean) && value->as_boolean();
  }
  // The text of a keyword; empty when absent.
  std::string keyword(std::string_view key) {
    const edn::Value* value = find(key);
    if (value == nullptr) return {};
    if (!value->is_keyword()) {
      fail(key, "is not a keyword");
      return {};
    }
    return value->name()->text;
  }
  std::string required_keyword(std::string_view key) {
    std::string text = keyword(key);
    if (text.empty()) fail(key, "is missing");
    return text;
  }
  std::vector<edn::Value> list(std::string_view key) {
    const edn::Value* value = find(key);
    if (value == nullptr) return {};
    if (!value->is_sequential()) {
      fail(key, "is not a vector");
      return {};
    }
    std::vector<edn::Value> items;
    for (const edn::Value& item : value->items()) items.push_back(item);
    return items;
  }
  FunctionRef function(std::string_view key) {
    const edn::Value* value = find(key);
    if (value == nullptr) return {};
    if (!value->is_keyword() && !value->is_list()) fail(key, "is not a function");
    return FunctionRef(*value);
  }
  edn::Value value(std::string_view key) const {
    const edn::Value* found = find(key);
    return found == nullptr ? edn::Value() : *found;
  }
  std::optional<Quantity> quantity(std::string_view key) {
    const edn::Value* found = find(key);
    if (found == nullptr) return std::nullopt;
    auto quantity = read_quantity(*found);
    if (!quantity) fail(key, "is not [count unit]");
    return quantity;
  }

  void fail(std::string_view key, std::string_view problem) {
    if (!problem_) problem_ = fmt::format(":{} {}", key, problem);
  }
  const std::optional<std::string>& problem() const { return problem_; }

 private:
  const edn::Value& map_;
  std::optional<std::string> problem_;
};

Result<Routes> read_routes(const edn::Value& value, std::string_view key) {
  Routes routes;
  if (value.is_keyword("all")) {
    routes.kind = Routes::Kind::all;
    return routes;
  }
  if (value.is_keyword("none")) {
    routes.kind = Routes::Kind::none;
    return routes;
  }
  if (!value.is_sequential()) return invalid(key, "is not :all, :none or a vector of tasks");
  for (const edn::Value& task : value.items()) {
    if (!task.is_keyword()) return invalid(key, "holds something else than tasks");
    routes.tasks.emplace_back(task.name()->text);
  }
  return routes;
}

Result<CatalogEntry> read_catalog_entry(const edn::Value& map) {
  Fields fields(map);
  CatalogEntry entry;
  entry.entry = map;
  entry.name = TaskId(fields.required_keyword("onyx/name"));
  const auto type = task_type(fields.required_keyword("onyx/type"));
  if (!type) fields.fail("onyx/type", "is not a type of task");
  entry.type = type.value_or(TaskType::function);
  entry.batch_size = fields.integer("onyx/batch-size", 0);
  if (entry.batch_size <= 0) fields.fail("onyx/batch-size", "is not positive");
  entry.batch_timeout_ms = fields.integer("onyx/batch-timeout", 50);
  entry.min_peers = fields.maybe_integer("onyx/min-peers");
  entry.max_peers = fields.maybe_integer("onyx/max-peers");
  entry.n_peers = fields.maybe_integer("onyx/n-peers");
  for (const auto& count : {entry.min_peers, entry.max_peers, entry.n_peers}) {
    if (count && *count <= 0)
      fields.fail("onyx/n-peers", "or another number of peers is not positive");
  }
  entry.percentage = fields.maybe_integer("onyx/percentage");
  entry.plugin = fields.keyword("onyx/plugin");
  entry.medium = fields.keyword("onyx/medium");
  entry.language = fields.keyword("onyx/language");
  if (entry.language.empty()) entry.language = "clojure";
  entry.fn = fields.function("onyx/fn");
  entry.is_batch_fn = fields.flag("onyx/batch-fn?");
  entry.params = fields.list("onyx/params");
  entry.assign_watermark_fn = fields.function("onyx/assign-watermark-fn");
  entry.segments_per_barrier_max = fields.maybe_integer("onyx/max-segments-per-barrier");
  if (const edn::Value* key = fields.find("onyx/group-by-key")) entry.group_by_key = *key;
  entry.group_by_fn = fields.function("onyx/group-by-fn");
  if (fields.find("onyx/flux-policy") != nullptr) {
    entry.flux_policy = flux_policy(fields.keyword("onyx/flux-policy"));
    if (!entry.flux_policy) fields.fail("onyx/flux-policy", "is not a flux policy");
  }
  for (const edn::Value& tag : fields.list("onyx/required-tags")) {
    if (tag.is_keyword()) {
      entry.required_tags.push_back(tag.name()->text);
    } else {
      fields.fail("onyx/required-tags", "holds something else than keywords");
    }
  }
  if (fields.problem())
    return invalid(fmt::format("task :{}:", entry.name.text()), *fields.problem());
  return entry;
}

Result<FlowCondition> read_flow_condition(const edn::Value& map) {
  Fields fields(map);
  FlowCondition condition;
  condition.entry = map;
  const std::string from = fields.required_keyword("flow/from");
  if (from != "all") condition.from = TaskId(from);
  ONYX_ASSIGN_OR_RETURN(condition.to, read_routes(map.get("flow/to"), ":flow/to"));
  ONYX_ASSIGN_OR_RETURN(condition.predicate, read_predicate(map.get("flow/predicate"), map));
  condition.exclude_keys = fields.list("flow/exclude-keys");
  condition.is_short_circuit = fields.flag("flow/short-circuit?");
  condition.is_for_exceptions = fields.flag("flow/thrown-exception?");
  condition.post_transform = fields.function("flow/post-transform");
  if (const edn::Value* errors_to = fields.find("flow/predicate-errors-to")) {
    ONYX_ASSIGN_OR_RETURN(condition.predicate_errors_to,
                          read_routes(*errors_to, ":flow/predicate-errors-to"));
  }
  if (fields.problem()) return invalid("a flow condition:", *fields.problem());
  return condition;
}

Result<Lifecycle> read_lifecycle(const edn::Value& map) {
  Fields fields(map);
  Lifecycle lifecycle;
  lifecycle.entry = map;
  const std::string task = fields.required_keyword("lifecycle/task");
  if (task != "all") lifecycle.task = TaskId(task);
  fields.required_keyword("lifecycle/calls");
  lifecycle.calls = fields.function("lifecycle/calls");
  lifecycle.is_legacy_plugin = is_legacy_plugin_calls(lifecycle.calls.name());
  if (fields.problem()) return invalid("a lifecycle:", *fields.problem());
  return lifecycle;
}

std::optional<Window::Type> window_type(std::string_view name) {
  if (name == "fixed") return Window::Type::fixed;
  if (name == "sliding") return Window::Type::sliding;
  if (name == "global") return Window::Type::global;
  if (name == "session") return Window::Type::session;
  return std::nullopt;
}

Result<Window> read_window(const edn::Value& map) {
  Fields fields(map);
  Window window;
  window.entry = map;
  window.id = fields.value("window/id");
  if (window.id.is_nil()) fields.fail("window/id", "is missing");
  window.task = TaskId(fields.required_keyword("window/task"));
  const auto type = window_type(fields.required_keyword("window/type"));
  if (!type) fields.fail("window/type", "is not a type of window");
  window.type = type.value_or(Window::Type::global);
  const edn::Value aggregation = fields.value("window/aggregation");
  if (aggregation.is_vector() && aggregation.count() == 2) {
    window.aggregation = FunctionRef(aggregation.at(0));
    window.aggregation_key = aggregation.at(1);
  } else {
    window.aggregation = FunctionRef(aggregation);
  }
  if (window.aggregation.name().empty()) fields.fail("window/aggregation", "is not an aggregation");
  if (const edn::Value* key = fields.find("window/window-key")) window.window_key = *key;
  window.min_value = fields.integer("window/min-value", 0);
  window.range = fields.quantity("window/range");
  window.slide = fields.quantity("window/slide");
  window.timeout_gap = fields.quantity("window/timeout-gap");
  window.init = fields.value("window/init");
  if (fields.find("window/storage-strategy") != nullptr) {
    window.keeps_incremental = false;
    for (const edn::Value& kept : fields.list("window/storage-strategy")) {
      window.keeps_incremental = window.keeps_incremental || kept.is_keyword("incremental");
      window.keeps_ordered_log = window.keeps_ordered_log || kept.is_keyword("ordered-log");
      window.keeps_extents = window.keeps_extents || kept.is_keyword("extents");
    }
  }
  if (fields.problem()) return invalid("a window:", *fields.problem());
  return window;
}

Result<Trigger> read_trigger(const edn::Value& map) {
  Fields fields(map);
  Trigger trigger;
  trigger.entry = map;
  trigger.id = fields.value("trigger/id");
  if (trigger.id.is_nil()) fields.fail("trigger/id", "is missing");
  trigger.window_id = fields.value("trigger/window-id");
  if (trigger.window_id.is_nil()) fields.fail("trigger/window-id", "is missing");
  fields.required_keyword("trigger/on");
  trigger.on = fields.function("trigger/on");
  trigger.sync = fields.function("trigger/sync");
  trigger.emit = fields.function("trigger/emit");
  trigger.refinement = fields.function("trigger/refinement");
  trigger.pred = fields.function("trigger/pred");
  for (const edn::Value& evictor : fields.list("trigger/post-evictor")) {
    trigger.evicts = trigger.evicts || evictor.is_keyword("all");
  }
  if (fields.find("trigger/state-context") != nullptr) {
    trigger.consults_trigger_state = false;
    for (const edn::Value& context : fields.list("trigger/state-context")) {
      trigger.consults_trigger_state =
          trigger.consults_trigger_state || context.is_keyword("trigger-state");
      trigger.consults_window_state =
          trigger.consults_window_state || context.is_keyword("window-state");
    }
  }
  trigger.fires_all_extents = fields.flag("trigger/fire-all-extents?");
  trigger.threshold = fields.quantity("trigger/threshold");
  trigger.period = fields.quantity("trigger/period");
  trigger.delay = fields.quantity("trigger/delay");
  if (const edn::Value* percentage = fields.find("trigger/watermark-percentage")) {
    if (percentage->is_real()) {
      trigger.watermark_percentage = percentage->as_real();
    } else {
      fields.fail("trigger/watermark-percentage", "is not a floating-point number");
    }
  }
  if (fields.problem()) return invalid("a trigger:", *fields.problem());
  return trigger;
}

template <class T>
Result<std::vector<T>> read_entries(const edn::Value& job, std::string_view key,
                                    Result<T> (*read)(const edn::Value&)) {
  std::vector<T> entries;
  const edn::Value& list = job.get(key);
  if (list.is_nil()) return entries;
  if (!list.is_sequential()) return invalid(fmt::format(":{}", key), "is not a vector");
  for (const edn::Value& map : list.items()) {
    if (!map.is_map()) return invalid(fmt::format(":{}", key), "holds something else than maps");
    ONYX_ASSIGN_OR_RETURN(T entry, read(map));
    entries.push_back(std::move(entry));
  }
  return entries;
}

Result<std::vector<Edge>> read_workflow(const edn::Value& workflow) {
  std::vector<Edge> edges;
  if (!workflow.is_sequential()) return invalid(":workflow", "is not a vector");
  for (const edn::Value& edge : workflow.items()) {
    if (!edge.is_sequential() || edge.count() != 2 || !edge.at(0).is_keyword() ||
        !edge.at(1).is_keyword()) {
      return invalid(":workflow", "holds something else than [from to] edges");
    }
    edges.push_back({TaskId(edge.at(0).name()->text), TaskId(edge.at(1).name()->text)});
  }
  return edges;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string read_job_id(const edn::Value& metadata) {
  const edn::Value& id = metadata.get("job-id");
  if (id.is_string()) return lower_case(id.as_string());
  if (!id.is(edn::Kind::uuid)) return {};
  const std::string printed = edn::print(id);  // #uuid "…"
  const std::size_t quote = printed.find('"');
  return lower_case(std::string_view(printed).substr(quote + 1, 36));
}

}  // namespace

std::optional<Quantity> read_quantity(const edn::Value& value) {
  if (!value.is_sequential() || value.count() != 2 || !value.at(0).is_integer() ||
      !value.at(1).is_keyword()) {
    return std::nullopt;
  }
  struct Unit {
    std::string_view name;  // singular
    Quantity::Family family;
    std::int64_t amount;
  };
  constexpr Unit kUnits[] = {
      {"millisecond", Quantity::Family::time, 1},  {"second", Quantity::Family::time, 1'000},
      {"minute", Quantity::Family::time, 60'000},  {"hour", Quantity::Family::time, 3'600'000},
      {"day", Quantity::Family::time, 86'400'000}, {"element", Quantity::Family::elements, 1},
  };
  std::string_view name = value.at(1).name()->text;
  if (name.ends_with('s')) name.remove_suffix(1);
  for (const Unit& unit : kUnits) {
    if (unit.name != name) continue;
    const std::int64_t count = value.at(0).as_integer();
    if (count <= 0 || count > std::numeric_limits<std::int64_t>::max() / unit.amount)
      return std::nullopt;
    return Quantity{unit.family, count * unit.amount};
  }
  return std::nullopt;
}

namespace {

Result<Predicate> read_predicate_at(const edn::Value& form, const edn::Value& entry,
                                    std::size_t depth) {
  if (depth > kPredicateDepthMax) return invalid(":flow/predicate", "is nested too deeply");
  Predicate predicate;
  if (form.is_keyword() || form.is_list()) {
    predicate.function = FunctionRef(form);
    return predicate;
  }
  if (!form.is_vector() || form.count() == 0)
    return invalid(":flow/predicate", "is not a predicate");
  const edn::Value& head = form.at(0);
  const bool is_not = head.is_keyword("not");
  if (is_not || head.is_keyword("and") || head.is_keyword("or")) {
    predicate.kind = is_not                   ? Predicate::Kind::negation
                     : head.is_keyword("and") ? Predicate::Kind::all_of
                                              : Predicate::Kind::any_of;
    for (std::size_t i = 1; i < form.count(); ++i) {
      ONYX_ASSIGN_OR_RETURN(Predicate part, read_predicate_at(form.at(i), entry, depth + 1));
      predicate.parts.push_back(std::move(part));
    }
    if (is_not ? predicate.parts.size() != 1 : predicate.parts.size() < 2) {
      return invalid(":flow/predicate", "has the wrong number of parts");
    }
    return predicate;
  }
  if (!head.is_keyword() && !head.is_list())
    return invalid(":flow/predicate", "is not a predicate");
  predicate.function = FunctionRef(head);
  for (std::size_t i = 1; i < form.count(); ++i) {
    predicate.param_keys.push_back(form.at(i));
    const edn::Value* value = entry.find(form.at(i));
    predicate.arguments.push_back(value == nullptr ? edn::Value() : *value);
  }
  return predicate;
}

}  // namespace

Result<Predicate> read_predicate(const edn::Value& form, const edn::Value& entry) {
  return read_predicate_at(form, entry, 0);
}

Result<Job> read_job(const edn::Value& map) {
  if (!map.is_map()) return invalid("the job", "is not a map");
  Job job;
  job.value = map;
  ONYX_ASSIGN_OR_RETURN(job.workflow, read_workflow(map.get("workflow")));
  ONYX_ASSIGN_OR_RETURN(job.catalog,
                        read_entries<CatalogEntry>(map, "catalog", read_catalog_entry));
  ONYX_ASSIGN_OR_RETURN(job.flow_conditions,
                        read_entries<FlowCondition>(map, "flow-conditions", read_flow_condition));
  job.has_flow_conditions = map.find("flow-conditions") != nullptr;
  ONYX_ASSIGN_OR_RETURN(job.lifecycles, read_entries<Lifecycle>(map, "lifecycles", read_lifecycle));
  ONYX_ASSIGN_OR_RETURN(job.windows, read_entries<Window>(map, "windows", read_window));
  ONYX_ASSIGN_OR_RETURN(job.triggers, read_entries<Trigger>(map, "triggers", read_trigger));
  std::set<TaskId> tasks;
  for (const CatalogEntry& entry : job.catalog) tasks.insert(entry.name);
  for (const Edge& edge : job.workflow) {
    for (const TaskId& task : {edge.from, edge.to}) {
      if (!tasks.contains(task))
        return invalid(fmt::format("task :{}", task.text()), "is not in the catalog");
    }
  }
  Fields fields(map);
  job.functions = fields.list("functions");
  const auto scheduler = task_scheduler(fields.required_keyword("task-scheduler"));
  if (!scheduler) fields.fail("task-scheduler", "is not a task scheduler");
  job.task_scheduler = scheduler.value_or(TaskScheduler::balanced);
  job.percentage = fields.maybe_integer("percentage");
  job.name = fields.value("job-name");
  job.metadata = fields.value("metadata");
  if (job.metadata.is_nil()) job.metadata = edn::Value::map();
  if (!job.metadata.is_map()) return invalid(":metadata", "is not a map");
  job.id = read_job_id(job.metadata);
  job.resume_point = fields.value("resume-point");
  if (const edn::Value* config = fields.find("job-config"); config != nullptr && config->is_map()) {
    Fields overrides(*config);
    job.barrier_period_ms = overrides.maybe_integer("onyx.peer/coordinator-barrier-period-ms");
    if (overrides.problem()) return invalid(":job-config:", *overrides.problem());
  }
  if (fields.problem()) return invalid("the job:", *fields.problem());
  return job;
}

}  // namespace onyx::model
