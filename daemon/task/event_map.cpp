#include "daemon/task/event_map.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/edn/reader.h"
#include "daemon/dataflow/task_exception.h"
#include "daemon/task/task_compile.h"
#include "daemon/task/task_machine.h"

namespace onyx::task {
namespace {

edn::Value core(std::string_view name) {
  return edn::Value::keyword(fmt::format("onyx.core/{}", name));
}

edn::Value keywords(const std::vector<TaskId>& tasks) {
  std::vector<edn::Value> names;
  for (const TaskId& task : tasks) names.push_back(edn::Value::keyword(task.text()));
  return edn::Value::vector(std::move(names));
}

edn::Value or_empty(const edn::Value& value) {
  return value.is_nil() ? edn::Value::vector() : value;
}

edn::Value serialized_task(const model::Job& job, const model::PlannedTask& planned) {
  std::vector<std::pair<edn::Value, edn::Value>> batch_sizes;
  for (const TaskId& below : planned.egress) {
    if (const model::CatalogEntry* entry = job.task(below); entry != nullptr) {
      batch_sizes.emplace_back(edn::Value::keyword(below.text()),
                               edn::Value::integer(entry->batch_size));
    }
  }
  const edn::Value name = edn::Value::keyword(planned.name.text());
  return edn::Value::map(
      {{edn::Value::keyword("id"), name},
       {edn::Value::keyword("name"), name},
       {edn::Value::keyword("ingress-tasks"), keywords(planned.ingress)},
       {edn::Value::keyword("egress-tasks"), keywords(planned.egress)},
       {edn::Value::keyword("egress-tasks-batch-sizes"), edn::Value::map(std::move(batch_sizes))}});
}

}  // namespace

edn::Value event_of_task(const model::Job& job, const model::PlannedTask& planned,
                         const model::CatalogEntry& entry) {
  const edn::Value name = edn::Value::keyword(planned.name.text());
  return edn::Value::map({
      {core("task"), name},
      {core("task-id"), name},
      {core("task-map"), entry.entry},
      {core("catalog"), job.value.get("catalog")},
      {core("workflow"), job.value.get("workflow")},
      {core("flow-conditions"), job.value.get("flow-conditions")},
      {core("windows"), edn::Value::vector()},
      {core("triggers"), edn::Value::vector()},
      {core("lifecycles"), or_empty(job.value.get("lifecycles"))},
      {core("metadata"), job.metadata},
      {core("job-config"),
       job.value.get("job-config").is_nil() ? edn::Value::map() : job.value.get("job-config")},
      {core("job-name"), job.name},
      {core("resume-point"), job.resume_point},
      {core("serialized-task"), serialized_task(job, planned)},
  });
}

edn::Value event_of_peer(const CompiledTask& task, const TaskEnvironment& environment,
                         edn::Value function, std::span<const edn::Value> params) {
  edn::Value event = task.event;
  const edn::Value job_id = id_value(environment.job.text());
  if (event.get("onyx.core/job-name").is_nil())
    event = std::move(event).assoc(core("job-name"), job_id);
  return std::move(event)
      .assoc(core("id"), id_value(environment.peer.text()))
      .assoc(core("tenancy-id"), edn::Value::string(environment.tenancy))
      .assoc(core("job-id"), job_id)
      .assoc(core("slot-id"), edn::Value::integer(environment.slot))
      .assoc(core("peer-opts"), environment.peer_config)
      .assoc(core("fn"), std::move(function))
      .assoc(core("params"), edn::Value::vector({params.begin(), params.end()}));
}

edn::Value id_value(std::string_view text) {
  constexpr std::size_t kUuidTextSize = 36;
  if (text.size() == kUuidTextSize) {
    if (auto uuid = edn::read(fmt::format("#uuid \"{}\"", text)); uuid.has_value()) return *uuid;
  }
  return edn::Value::string(text);
}

edn::Value transformed_value(const dataflow::Results& results) {
  std::vector<edn::Value> all;
  all.reserve(results.elements());
  std::size_t next_exception = 0;
  for (std::size_t i = 0; i < results.elements(); ++i) {
    if (next_exception < results.exceptions.size() &&
        results.exceptions[next_exception].element == i) {
      all.push_back(edn::Value::list({results.exceptions[next_exception++].exception}));
      continue;
    }
    all.push_back(edn::Value::list(
        {results.segments.begin() + static_cast<std::ptrdiff_t>(results.begin_of(i)),
         results.segments.begin() + static_cast<std::ptrdiff_t>(results.end_of(i))}));
  }
  return edn::Value::list(std::move(all));
}

tl::expected<dataflow::Results, edn::Value> results_of(const edn::Value& transformed,
                                                       std::size_t elements) {
  const auto refuse = [](std::string message) {
    return tl::unexpected(dataflow::task_exception(
        ":lifecycle/after-apply-fn returned :onyx.core/transformed " + message));
  };
  if (!transformed.is_sequential() || transformed.count() != elements) {
    return refuse(fmt::format(
        "with {} elements for a batch of {}; it must have one sequence of segments for each",
        transformed.count(), elements));
  }
  dataflow::Results results;
  std::size_t i = 0;
  for (const edn::Value& of_element : transformed.items()) {
    const bool is_exception = of_element.is_sequential() && of_element.count() == 1 &&
                              of_element.at(0).is(edn::Kind::extension);
    if (is_exception) {
      results.add_exception(of_element.at(0));
    } else if (of_element.is_map()) {
      results.add_one(of_element);
    } else if (of_element.is_nil()) {
      results.add_none();
    } else if (!of_element.is_sequential() || !results.add_sequence(of_element)) {
      return refuse(fmt::format("whose element {} is no sequence of segments", i));
    }
    ++i;
  }
  return results;
}

}  // namespace onyx::task
