// A job from text to a finished run in this thread: read, planned, compiled, and run by runtime::run_local.
//
//   LocalJob job(R"({:workflow … :functions […]})");
//   job.inputs("in", "[{:n 1}]");
//   LocalRun run = job.run();
//
// Errors: a job that cannot be read or compiled throws std::runtime_error with all that is wrong.
#pragma once

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/edn/diagnostic.h"
#include "common/edn/reader.h"
#include "common/lang/program.h"
#include "common/model/job_reader.h"
#include "common/model/planning.h"
#include "daemon/plugins/built_in.h"
#include "daemon/runtime/local/local_runner.h"
#include "daemon/task/task_compile.h"

namespace onyx::support {

inline void add_inline(const model::FunctionRef& function, std::vector<lang::InlineForm>& forms) {
  if (!function.is_inline()) return;
  lang::InlineForm& form = forms.emplace_back();
  form.source.form = function.value();
  form.file = "job.edn";
}

inline void add_inline(const model::Predicate& predicate, std::vector<lang::InlineForm>& forms) {
  add_inline(predicate.function, forms);
  for (const model::Predicate& part : predicate.parts) add_inline(part, forms);
}

inline std::shared_ptr<const lang::Program> compile_program(const model::Job& job) {
  lang::Source source;
  lang::SourceFile file;
  file.file = "job.edn";
  file.path = {edn::Value::keyword("functions")};
  for (const edn::Value& form : job.functions) file.forms.emplace_back().form = form;
  source.files.push_back(std::move(file));
  for (const model::CatalogEntry& entry : job.catalog) {
    add_inline(entry.fn, source.inline_forms);
    add_inline(entry.group_by_fn, source.inline_forms);
  }
  for (const model::FlowCondition& condition : job.flow_conditions) {
    add_inline(condition.predicate, source.inline_forms);
    add_inline(condition.post_transform, source.inline_forms);
  }
  for (const model::Lifecycle& lifecycle : job.lifecycles)
    add_inline(lifecycle.calls, source.inline_forms);
  lang::Compiled compiled = lang::compile(source);
  if (compiled.program == nullptr) {
    std::string text = "the functions do not compile";
    for (const edn::Diagnostic& diagnostic : compiled.diagnostics)
      text += "\n" + edn::render(diagnostic, {}, false);
    throw std::runtime_error(text);
  }
  return compiled.program;
}

class LocalJob {
 public:
  explicit LocalJob(std::string_view text) : LocalJob(value_of(text)) {}
  explicit LocalJob(edn::Value job) : job_value_(std::move(job)) {}

  LocalJob& inputs(std::string_view task, std::string_view segments) {
    std::vector<edn::Value> all;
    for (const edn::Value& segment : value_of(segments).items()) all.push_back(segment);
    return inputs(task, std::move(all));
  }
  LocalJob& inputs(std::string_view task, std::vector<edn::Value> segments) {
    edn::Value catalog = job_value_.get("catalog");
    for (std::size_t i = 0; i < catalog.count(); ++i) {
      edn::Value entry = catalog.at(i);
      if (!entry.get("onyx/name").is_keyword(task)) continue;
      entry = std::move(entry).assoc(edn::Value::keyword("seq/sequential"),
                                     edn::Value::vector(segments));
      catalog = std::move(catalog).with_at(i, std::move(entry));
    }
    job_value_ = std::move(job_value_).assoc(edn::Value::keyword("catalog"), std::move(catalog));
    return *this;
  }
  LocalJob& peer_config(edn::Value config) {
    settings.peer_config = std::move(config);
    return *this;
  }

  runtime::LocalRun run(std::uint64_t seed = 0) {
    const Result<model::Job> job = model::read_job(job_value_);
    if (!job.has_value()) throw std::runtime_error(job.error().text());
    const model::Plan plan = model::plan(*job);
    const auto program = compile_program(*job);
    runtime::CompiledTasks tasks;
    for (const model::PlannedTask& planned : plan.tasks) {
      auto task = task::compile_task(*job, plan, planned.name, program);
      if (!task.has_value()) throw std::runtime_error(task.error().text());
      tasks[planned.name] = std::move(*task);
    }
    plugins::Registry registry;
    plugins::add_built_in(registry, std::make_shared<plugins::OutputStore>());
    for (plugins::PluginKind& kind : more_plugins) registry.add(kind);
    settings.seed = seed;
    settings.patience = std::chrono::milliseconds(100);
    return runtime::run_local(*job, plan, tasks, registry, settings);
  }

  runtime::LocalSettings settings;
  std::vector<plugins::PluginKind> more_plugins;

 private:
  static edn::Value value_of(std::string_view text) {
    auto value = edn::read(text);
    if (!value.has_value()) throw std::runtime_error(edn::render(value.error(), text, false));
    return *value;
  }

  edn::Value job_value_;
};

}  // namespace onyx::support
