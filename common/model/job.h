// A job as its parts: what a valid job map says, typed, beside the map it was read from.
//
// Shape:   one struct per section of the job map, in the order of the document. Names of functions
// are still names; the
//          function language and the plugins resolve them. Every entry keeps its own map (`entry`),
//          because keys outside the reserved namespaces are parameters of plugins, predicates and
//          hooks.
// Units:   a Quantity of time counts milliseconds; `batch_timeout_ms` as it says.
// Source:  spec of the information model; made by read_job() (job_reader.h) from a job that
// validate() accepts.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/base/ids.h"
#include "common/edn/value.h"

namespace onyx::model {

enum class TaskType : std::uint8_t { input, function, output, reduce };
enum class FluxPolicy : std::uint8_t { kill, continue_, recover };
enum class TaskScheduler : std::uint8_t { balanced, percentage, colocated };
enum class JobScheduler : std::uint8_t { balanced, greedy, percentage };

std::string_view name_of(TaskType type);            // "input"
std::string_view name_of(FluxPolicy policy);        // "continue"
std::string_view name_of(TaskScheduler scheduler);  // "onyx.task-scheduler/balanced"
std::string_view name_of(JobScheduler scheduler);   // "onyx.job-scheduler/balanced"
std::optional<TaskType> task_type(std::string_view name);
std::optional<FluxPolicy> flux_policy(std::string_view name);
std::optional<TaskScheduler> task_scheduler(std::string_view name);
std::optional<JobScheduler> job_scheduler(std::string_view name);

// What stands in a function position: nothing (nil), the keyword of a definition, or an inline `(fn
// …)` form.
class FunctionRef {
 public:
  FunctionRef() = default;
  explicit FunctionRef(edn::Value value) : value_(std::move(value)) {}

  bool is_given() const { return !value_.is_nil(); }
  bool is_inline() const { return value_.is_list(); }
  // "ns/name" of a keyword; empty otherwise.
  std::string_view name() const {
    return value_.is_keyword() ? std::string_view(value_.name()->text) : std::string_view();
  }
  const edn::Value& value() const { return value_; }

 private:
  edn::Value value_;
};

// `[count unit]` of windows and triggers, normalised.
struct Quantity {
  enum class Family : std::uint8_t { time, elements };
  Family family = Family::time;
  std::int64_t amount = 0;  // milliseconds, or elements
  bool operator==(const Quantity&) const = default;
};

struct Edge {
  TaskId from;
  TaskId to;
  bool operator==(const Edge&) const = default;
};

struct CatalogEntry {
  TaskId name;
  TaskType type = TaskType::function;
  std::int64_t batch_size = 0;         // > 0
  std::int64_t batch_timeout_ms = 50;  // > 0
  std::optional<std::int64_t> min_peers;
  std::optional<std::int64_t> max_peers;
  std::optional<std::int64_t> n_peers;
  std::optional<std::int64_t> percentage;
  std::string plugin;    // "onyx.plugin.file/input"; empty when absent
  std::string medium;    // empty when absent
  std::string language;  // "clojure" or "cpp"
  FunctionRef fn;
  bool is_batch_fn = false;
  std::vector<edn::Value> params;  // keys of `entry`
  FunctionRef assign_watermark_fn;
  std::optional<std::int64_t> segments_per_barrier_max;
  std::optional<edn::Value> group_by_key;  // a key, or a vector of keys
  FunctionRef group_by_fn;
  std::optional<FluxPolicy> flux_policy;  // given exactly when grouped
  std::vector<std::string> required_tags;
  edn::Value entry;

  bool is_grouped() const { return group_by_key.has_value() || group_by_fn.is_given(); }
  std::int64_t peers_min() const { return n_peers.value_or(min_peers.value_or(1)); }
  // nullopt: no bound.
  std::optional<std::int64_t> peers_max() const { return n_peers ? n_peers : max_peers; }
  // The values of `params`, in order, nil when absent: the leading arguments of the task's
  // function.
  std::vector<edn::Value> param_values() const;
};

// A set of successors of a task.
struct Routes {
  enum class Kind : std::uint8_t { tasks, all, none };
  Kind kind = Kind::tasks;
  std::vector<TaskId> tasks;
  bool operator==(const Routes&) const = default;
};

// A flow condition's predicate as a tree. `call` is a leaf; the others have parts, in the order of
// the document, and are decided left to right, stopping when decided.
struct Predicate {
  enum class Kind : std::uint8_t { call, all_of, any_of, negation };
  Kind kind = Kind::call;
  FunctionRef function;                // call
  std::vector<edn::Value> param_keys;  // call: keys of the flow condition's entry
  std::vector<edn::Value> arguments;   // call: the values under them, nil when absent
  std::vector<Predicate> parts;        // all_of, any_of: two or more; negation: one
};

struct FlowCondition {
  std::optional<TaskId> from;  // nullopt: :all
  Routes to;
  Predicate predicate;
  std::vector<edn::Value> exclude_keys;
  bool is_short_circuit = false;
  bool is_for_exceptions = false;  // :flow/thrown-exception?
  FunctionRef post_transform;
  std::optional<Routes> predicate_errors_to;
  edn::Value entry;
};

struct Lifecycle {
  std::optional<TaskId> task;     // nullopt: :all
  FunctionRef calls;              // the name of a map of hooks
  bool is_legacy_plugin = false;  // calls of one of Onyx's own plugins: accepted, does nothing
  edn::Value entry;
};

struct Window {
  enum class Type : std::uint8_t { fixed, sliding, global, session };
  edn::Value id;  // keyword or uuid
  TaskId task;
  Type type = Type::global;
  FunctionRef aggregation;
  std::optional<edn::Value> aggregation_key;  // of [aggregation key]
  std::optional<edn::Value> window_key;
  std::int64_t min_value = 0;
  std::optional<Quantity> range;
  std::optional<Quantity> slide;
  std::optional<Quantity> timeout_gap;
  edn::Value init;  // nil when absent
  bool keeps_incremental = true;
  bool keeps_ordered_log = false;
  bool keeps_extents = false;
  edn::Value entry;
};

struct Trigger {
  edn::Value id;         // keyword or uuid
  edn::Value window_id;  // keyword or uuid
  FunctionRef on;
  FunctionRef sync;
  FunctionRef emit;
  FunctionRef refinement;
  FunctionRef pred;
  bool evicts = false;  // :trigger/post-evictor [:all]
  bool consults_trigger_state = true;
  bool consults_window_state = false;
  bool fires_all_extents = false;
  std::optional<Quantity> threshold;
  std::optional<Quantity> period;
  std::optional<Quantity> delay;
  std::optional<double> watermark_percentage;
  edn::Value entry;
};

struct Job {
  std::vector<Edge> workflow;
  std::vector<CatalogEntry> catalog;
  std::vector<FlowCondition> flow_conditions;
  bool has_flow_conditions = false;  // the key is there, even if its vector is empty
  std::vector<Lifecycle> lifecycles;
  std::vector<Window> windows;
  std::vector<Trigger> triggers;
  std::vector<edn::Value> functions;  // the forms of :functions, in order
  TaskScheduler task_scheduler = TaskScheduler::balanced;
  std::optional<std::int64_t> percentage;
  edn::Value name;          // :job-name: nil, string, keyword or uuid
  std::string id;           // :metadata :job-id, lower case; empty when absent
  edn::Value metadata;      // a map, {} when absent
  edn::Value resume_point;  // nil when absent
  std::optional<std::int64_t> barrier_period_ms;  // :job-config
  edn::Value value;                               // the job map itself

  // nullptr when the catalog has no such task.
  const CatalogEntry* task(const TaskId& name_of_task) const;
};

}  // namespace onyx::model
