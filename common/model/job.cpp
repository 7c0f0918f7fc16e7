#include "common/model/job.h"

#include <algorithm>
#include <array>
#include <utility>

namespace onyx::model {
namespace {

template <class T, std::size_t N>
using Names = std::array<std::pair<T, std::string_view>, N>;

constexpr Names<TaskType, 4> kTaskTypes = {{{TaskType::input, "input"},
                                            {TaskType::function, "function"},
                                            {TaskType::output, "output"},
                                            {TaskType::reduce, "reduce"}}};
constexpr Names<FluxPolicy, 3> kFluxPolicies = {{{FluxPolicy::kill, "kill"},
                                                 {FluxPolicy::continue_, "continue"},
                                                 {FluxPolicy::recover, "recover"}}};
constexpr Names<TaskScheduler, 3> kTaskSchedulers = {
    {{TaskScheduler::balanced, "onyx.task-scheduler/balanced"},
     {TaskScheduler::percentage, "onyx.task-scheduler/percentage"},
     {TaskScheduler::colocated, "onyx.task-scheduler/colocated"}}};
constexpr Names<JobScheduler, 3> kJobSchedulers = {
    {{JobScheduler::balanced, "onyx.job-scheduler/balanced"},
     {JobScheduler::greedy, "onyx.job-scheduler/greedy"},
     {JobScheduler::percentage, "onyx.job-scheduler/percentage"}}};

template <class T, std::size_t N>
std::string_view name_in(const Names<T, N>& names, T value) {
  for (const auto& [candidate, name] : names) {
    if (candidate == value) return name;
  }
  return {};
}

template <class T, std::size_t N>
std::optional<T> value_in(const Names<T, N>& names, std::string_view name) {
  for (const auto& [value, candidate] : names) {
    if (candidate == name) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(TaskType type) { return name_in(kTaskTypes, type); }
std::string_view name_of(FluxPolicy policy) { return name_in(kFluxPolicies, policy); }
std::string_view name_of(TaskScheduler scheduler) { return name_in(kTaskSchedulers, scheduler); }
std::string_view name_of(JobScheduler scheduler) { return name_in(kJobSchedulers, scheduler); }
std::optional<TaskType> task_type(std::string_view name) { return value_in(kTaskTypes, name); }
std::optional<FluxPolicy> flux_policy(std::string_view name) {
  return value_in(kFluxPolicies, name);
}
std::optional<TaskScheduler> task_scheduler(std::string_view name) {
  return value_in(kTaskSchedulers, name);
}
std::optional<JobScheduler> job_scheduler(std::string_view name) {
  return value_in(kJobSchedulers, name);
}

std::vector<edn::Value> CatalogEntry::param_values() const {
  std::vector<edn::Value> values;
  values.reserve(params.size());
  for (const edn::Value& key : params) {
    const edn::Value* value = entry.find(key);
    values.push_back(value == nullptr ? edn::Value() : *value);
  }
  return values;
}

const CatalogEntry* Job::task(const TaskId& name_of_task) const {
  const auto found = std::find_if(catalog.begin(), catalog.end(), [&](const CatalogEntry& entry) {
    return entry.name == name_of_task;
  });
  return found == catalog.end() ? nullptr : &*found;
}

}  // namespace onyx::model
