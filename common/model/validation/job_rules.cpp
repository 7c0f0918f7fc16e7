#include <fmt/format.h>

#include <algorithm>

#include "common/edn/printer.h"
#include "common/model/validation/rules.h"

namespace onyx::model {
namespace {

constexpr SectionRules kJob = {Section::job, "", "JOB-01", "JOB-02"};
constexpr SectionRules kJobConfig = {Section::job_config, "", "", "JOB-07"};
constexpr SectionRules kCatalog = {Section::catalog_entry, "onyx", "", "CAT-10"};
constexpr SectionRules kFlow = {Section::flow_condition, "flow", "FLOW-01", "FLOW-14"};
constexpr SectionRules kWindow = {Section::window, "window", "WIN-01", "WIN-20"};
constexpr SectionRules kTrigger = {Section::trigger, "trigger", "TRG-01", "TRG-10"};
constexpr SectionRules kLifecycle = {Section::lifecycle, "lifecycle", "LC-01", "LC-04"};

// The maps of one list-valued part; an element that is not a map is reported. False when some element was not.
bool collect(JobParts& parts, const EntryShape& job, std::string_view key,
             const SectionRules& rules, std::vector<EntryShape>& entries) {
  const edn::Value* list = job.good(key);
  if (list == nullptr) return !job.is_bad(key);
  bool is_whole = true;
  std::size_t index = 0;
  for (const edn::Value& element : list->items()) {
    const Path path = Path(key) / index++;
    if (!element.is_map()) {
      auto& finding =
          parts.report.error("JOB-08", path,
                             fmt::format(":{} must be a vector of maps; element {} is {}", key,
                                         index - 1, shown(element)));
      finding.label = "not a map";
      finding.help = fmt::format("onyxctl doc :{}", key);
      is_whole = false;
      continue;
    }
    entries.emplace_back(element, path);
    entries.back().check(rules, parts.report);
  }
  return is_whole;
}

void check_task_scheduler(JobParts& parts, const EntryShape& job) {
  const edn::Value* value = job.good("task-scheduler");
  if (value == nullptr) return;
  const ModelKey& row = *find_key(Section::job, "task-scheduler");
  if (is_namespaced_keyword(*value)) {
    check_choice(row, *value, job.path_of("task-scheduler"), parts.report);
    return;
  }
  auto& finding = parts.report.error(
      "JOB-03", job.path_of("task-scheduler"),
      fmt::format(":task-scheduler must be a namespaced keyword, one of {}; found {}",
                  shown_keywords(choices_of(row), "or"), shown(*value)));
  finding.label = "expected a namespaced keyword";
  if (value->is_keyword()) parts.report.suggest(value->name()->text, choices_of(row));
}

void check_job_name(JobParts& parts, const EntryShape& job) {
  const edn::Value* value = job.good("job-name");
  if (value == nullptr) return;
  if (value->is_string() || value->is_keyword() || value->is(edn::Kind::uuid)) {
    if (const std::size_t bytes = edn::print(*value).size(); bytes > kNameBytesMax) {
      parts.report
          .error("JOB-04", job.path_of("job-name"),
                 fmt::format(":job-name must be at most {} bytes long; found {}", kNameBytesMax,
                             bytes))
          .label = "too long";
    }
    return;
  }
  parts.report
      .error(
          "JOB-04", job.path_of("job-name"),
          fmt::format(":job-name must be a string, a keyword or a UUID; found {}", shown(*value)))
      .label = "expected a string, keyword or UUID";
}

void check_percentage(JobParts& parts, const EntryShape& job) {
  const bool is_scheduled_by_it = parts.context.job_scheduler == "onyx.job-scheduler/percentage";
  const edn::Value* value = job.good("percentage");
  if (value == nullptr) {
    if (is_scheduled_by_it) {
      auto& finding = parts.report.error(
          "JOB-05", Path("percentage"),
          "the job has no :percentage, which the tenancy's percentage job scheduler requires",
          At::missing);
      finding.help = "add :percentage with this job's share of the cluster, 1 to 100";
    }
    return;
  }
  if (!value->is_integer() || value->as_integer() < 1 || value->as_integer() > 100) {
    auto& finding = parts.report.error(
        "JOB-05", Path("percentage"),
        fmt::format(":percentage must be an integer from 1 to 100; found {}", shown(*value)));
    finding.label = "expected 1 to 100";
  } else if (!is_scheduled_by_it && !parts.context.job_scheduler.empty()) {
    auto& finding = parts.report.warning(
        "JOB-05", Path("percentage"),
        fmt::format(":percentage has no effect with the tenancy's job scheduler :{}",
                    parts.context.job_scheduler),
        At::key);
    finding.label = "no effect";
  }
}

void check_metadata(JobParts& parts, const EntryShape& job) {
  const edn::Value* metadata = job.good("metadata");
  if (metadata == nullptr) return;
  const Path path("metadata");
  if (!metadata->is_map()) {
    parts.report
        .error("JOB-06", path, fmt::format(":metadata must be a map; found {}", shown(*metadata)))
        .label = "not a map";
    return;
  }
  for (edn::Entry entry : metadata->entries()) {
    if (entry.key.is_keyword()) continue;
    parts.report
        .error("JOB-06", path / entry.key,
               fmt::format("the keys of :metadata must be keywords; found {}", shown(entry.key)),
               At::key)
        .label = "not a keyword";
  }
  const edn::Value* id = metadata->find("job-id");
  if (id != nullptr && !is_uuid(*id)) {
    auto& finding = parts.report.error(
        "JOB-06", path / "job-id",
        fmt::format(":job-id in :metadata must be a UUID or the text of one; found {}",
                    shown(*id)));
    finding.label = "not a UUID";
    finding.help = "leave :job-id out to get a fresh one";
  }
}

void check_job_config(JobParts& parts, const EntryShape& job) {
  const edn::Value* config = job.good("job-config");
  if (config == nullptr) return;
  EntryShape shape(*config, Path("job-config"));
  shape.check(kJobConfig, parts.report);
}

void check_functions(JobParts& parts, const EntryShape& job) {
  const edn::Value* functions = job.good("functions");
  if (functions == nullptr) return;
  std::size_t index = 0;
  for (const edn::Value& form : functions->items()) {
    const Path path = Path("functions") / index++;
    if (form.is_list() && form.count() > 0 && form.at(0).is_symbol()) continue;
    auto& finding = parts.report.error(
        "JOB-09", path,
        fmt::format(":functions must hold forms such as (ns ...) and (defn ...); found {}",
                    shown(form)));
    finding.label = "not a form";
  }
}

}  // namespace

void check_job(JobParts& parts) {
  EntryShape job(parts.job, Path());
  job.check(kJob, parts.report);
  check_functions(parts, job);
  check_task_scheduler(parts, job);
  check_job_name(parts, job);
  check_percentage(parts, job);
  check_metadata(parts, job);
  check_job_config(parts, job);
  parts.is_catalog_whole =
      job.good("catalog") != nullptr && collect(parts, job, "catalog", kCatalog, parts.catalog);
  collect(parts, job, "flow-conditions", kFlow, parts.flow_conditions);
  collect(parts, job, "windows", kWindow, parts.windows);
  collect(parts, job, "triggers", kTrigger, parts.triggers);
  collect(parts, job, "lifecycles", kLifecycle, parts.lifecycles);

  for (std::size_t i = 0; i < parts.catalog.size(); ++i) {
    const std::string_view name = parts.catalog[i].keyword("onyx/name");
    if (name.empty()) {
      parts.is_catalog_whole = false;
    } else if (parts.catalog_index.emplace(name, i).second) {
      parts.task_names.push_back(name);
    }
  }
  for (const EntryShape& window : parts.windows) {
    const std::string_view task = window.keyword("window/task");
    if (!task.empty()) parts.windows_of_task[task].push_back(&window);
  }
  for (const EntryShape& trigger : parts.triggers) {
    if (const edn::Value* window = trigger.good("trigger/window-id")) {
      parts.triggers_of_window[*window].push_back(&trigger);
    }
  }
}

}  // namespace onyx::model
