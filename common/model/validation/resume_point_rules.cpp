#include <fmt/format.h>

#include <algorithm>

#include "common/model/validation/rules.h"

namespace onyx::model {
namespace {

constexpr std::string_view kResumeKeys[] = {"mode",       "tenancy-id",     "job-id",
                                            "task-id",    "slot-migration", "replica-version",
                                            "created-at", "epoch"};

edn::Diagnostic& refuse(JobParts& parts, std::string_view code, const Path& path,
                        std::string message, std::string label, At at = At::value) {
  auto& finding = parts.report.error(code, path, std::move(message), at);
  finding.label = std::move(label);
  return finding;
}

void check_slot_migration(JobParts& parts, const edn::Value& migration, const Path& path) {
  if (migration.is_keyword("direct")) return;
  const bool is_known = migration.is_keyword("drop") || migration.is_map();
  refuse(parts, "RES-06", path,
         is_known ? fmt::format(":slot-migration {} does not work yet; only :direct does",
                                shown(migration))
                  : fmt::format(":slot-migration must be :direct; found {}", shown(migration)),
         "expected :direct")
      .did_you_mean.push_back(":direct");
}

// One definition: {:mode :initialize}, or all keys of a resume.
void check_definition(JobParts& parts, const edn::Value& definition, const Path& path,
                      bool is_window) {
  if (!definition.is_map()) {
    refuse(parts, "RES-01", path,
           fmt::format("a part of :resume-point must be a map with :mode; found {}",
                       shown(definition)),
           "not a definition");
    return;
  }
  const edn::Value* mode = definition.find("mode");
  constexpr std::string_view kModes[] = {"resume", "initialize"};
  if (mode == nullptr || !(mode->is_keyword("resume") || mode->is_keyword("initialize"))) {
    refuse(parts, "RES-01", path / "mode",
           mode == nullptr
               ? std::string(
                     "a part of :resume-point has no :mode, which must be :resume or :initialize")
               : fmt::format(":mode must be :resume or :initialize; found {}", shown(*mode)),
           "expected :resume or :initialize", mode == nullptr ? At::missing : At::value);
    if (mode != nullptr && mode->is_keyword()) parts.report.suggest(mode->name()->text, kModes);
    return;
  }
  const bool resumes = mode->is_keyword("resume");
  std::vector<std::string_view> known = {"mode"};
  if (resumes) {
    known.assign(std::begin(kResumeKeys), std::end(kResumeKeys));
    if (is_window) known.push_back("window-id");
    for (std::string_view key : known) {
      if (key == "created-at" || definition.find(key) != nullptr) continue;
      refuse(parts, "RES-01", path / key,
             fmt::format("a part of :resume-point with :mode :resume has no :{}", key),
             fmt::format("add :{}", key), At::missing);
    }
  }
  for (edn::Entry entry : definition.entries()) {
    const bool is_known =
        entry.key.is_keyword() &&
        std::find(known.begin(), known.end(), entry.key.name()->text) != known.end();
    if (!is_known) {
      refuse(parts, resumes ? "RES-01" : "RES-02", path / entry.key,
             fmt::format("a part of :resume-point with :mode {} has no key {}", shown(*mode),
                         shown(entry.key)),
             "not allowed here", At::key);
      if (resumes && entry.key.is_keyword()) parts.report.suggest(entry.key.name()->text, known);
      continue;
    }
    const std::string_view key = entry.key.name()->text;
    std::string_view expected;
    if (key == "replica-version" || key == "epoch" || key == "created-at") {
      if (!entry.value.is_integer()) expected = "an integer";
    } else if (key == "job-id") {
      if (!is_uuid(entry.value)) expected = "a UUID or the text of one";
    } else if (key == "tenancy-id") {
      if (!entry.value.is_string() && !entry.value.is(edn::Kind::uuid))
        expected = "a string or a UUID";
    } else if (key == "task-id" || key == "window-id") {
      if (!entry.value.is_keyword() && !entry.value.is(edn::Kind::uuid))
        expected = "a keyword or a UUID";
    } else if (key == "slot-migration") {
      check_slot_migration(parts, entry.value, path / key);
    }
    if (!expected.empty()) {
      refuse(parts, "RES-01", path / key,
             fmt::format(":{} must be {}; found {}", key, expected, shown(entry.value)),
             fmt::format("expected {}", expected));
    }
  }
}

void check_windows_part(JobParts& parts, std::string_view task, const edn::Value* given,
                        const Path& path) {
  const auto windows = parts.windows_of_task.find(task);
  if (given != nullptr && !given->is_map()) {
    refuse(parts, "RES-01", path,
           fmt::format(":windows in :resume-point must be a map; found {}", shown(*given)),
           "not a map");
    return;
  }
  std::vector<edn::Value> ids;
  if (windows != parts.windows_of_task.end()) {
    for (const EntryShape* window : windows->second) {
      const edn::Value* id = window->good("window/id");
      if (id != nullptr) ids.push_back(*id);
    }
  }
  for (const edn::Value& id : ids) {
    if (given != nullptr && given->find(id) != nullptr) continue;
    refuse(parts, "RES-05", path / id,
           fmt::format(":resume-point says nothing about window {} of task :{}", shown(id), task),
           "a window is missing", At::missing)
        .help = fmt::format("add {} {{:mode :initialize}} under :windows", shown(id));
  }
  if (given == nullptr) return;
  for (edn::Entry entry : given->entries()) {
    if (std::find(ids.begin(), ids.end(), entry.key) == ids.end()) {
      refuse(parts, "RES-05", path / entry.key,
             fmt::format(":resume-point names window {}, which task :{} does not have",
                         shown(entry.key), task),
             "no such window", At::key);
    } else {
      check_definition(parts, entry.value, path / entry.key, true);
    }
  }
}

void check_task_part(JobParts& parts, std::string_view task, const edn::Value& part,
                     const Path& path) {
  if (!part.is_map()) {
    refuse(parts, "RES-01", path,
           fmt::format("the part of task :{} in :resume-point must be a map; found {}", task,
                       shown(part)),
           "not a map");
    return;
  }
  constexpr std::string_view kParts[] = {"input", "output", "windows"};
  for (edn::Entry entry : part.entries()) {
    if (entry.key.is_keyword("windows")) continue;
    if (entry.key.is_keyword("input") || entry.key.is_keyword("output")) {
      check_definition(parts, entry.value, path / entry.key, false);
      continue;
    }
    refuse(parts, "RES-01", path / entry.key,
           fmt::format("a task in :resume-point has :input, :output and :windows; found {}",
                       shown(entry.key)),
           "unknown part", At::key);
    if (entry.key.is_keyword()) parts.report.suggest(entry.key.name()->text, kParts);
  }
  check_windows_part(parts, task, part.find("windows"), path / "windows");
}

}  // namespace

void check_resume_point(JobParts& parts) {
  const edn::Value* point = parts.job.find("resume-point");
  if (point == nullptr || !point->is_map()) return;
  const Path root("resume-point");
  const auto& tasks = parts.workflow_tasks();
  for (edn::Entry entry : point->entries()) {
    if (!entry.key.is_keyword()) {
      refuse(parts, "RES-07", root / entry.key,
             fmt::format("the keys of :resume-point are tasks; found {}", shown(entry.key)),
             "not a task", At::key);
      continue;
    }
    const std::string_view task = entry.key.name()->text;
    if (parts.is_workflow_whole && !parts.is_in_workflow(task)) {
      refuse(parts, "RES-07", root / entry.key,
             fmt::format(":resume-point names :{}, which is not a task of the workflow", task),
             "no such task", At::key);
      parts.report.suggest(task, tasks);
      continue;
    }
    check_task_part(parts, task, entry.value, root / entry.key);
  }
  if (!parts.is_workflow_whole) return;
  for (std::string_view task : tasks) {
    const std::string_view type = parts.catalog_entry(task)->keyword("onyx/type");
    const bool is_input = type == "input";
    const edn::Value* part = point->find(task);
    if (part != nullptr && !part->is_map()) continue;
    if (is_input || type == "output") {
      const std::string_view key = is_input ? "input" : "output";
      if (part == nullptr || part->find(key) == nullptr) {
        refuse(parts, is_input ? "RES-03" : "RES-04", root / task / key,
               fmt::format(":resume-point says nothing about the :{} of task :{}", key, task),
               "a part is missing", At::missing)
            .help = fmt::format("add :{} {{:{} {{:mode :initialize}}}}", task, key);
      }
    }
    if (part == nullptr) check_windows_part(parts, task, nullptr, root / task / "windows");
  }
}

}  // namespace onyx::model
