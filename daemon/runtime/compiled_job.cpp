#include "daemon/runtime/compiled_job.h"

#include "common/edn/printer.h"
#include "common/edn/reader.h"
#include "common/model/job_hash.h"
#include "common/model/job_reader.h"

namespace onyx::runtime {

namespace {
using edn::Value;

constexpr std::int64_t kSourceFormat = 1;

Value file_value(const frontend::SourceText& file) {
  return Value::map({{Value::keyword("name"), Value::string(file.name)},
                     {Value::keyword("text"), Value::string(file.text)}});
}

Result<frontend::SourceText> file_of(const Value& value) {
  const Value& name = value.is_map() ? value.get("name") : value;
  const Value& text = value.is_map() ? value.get("text") : value;
  if (!value.is_map() || !name.is_string() || !text.is_string()) {
    return failure(ErrorCode::failed_precondition,
                   "a stored source is no map of :name and :text: " + edn::print(value));
  }
  return frontend::SourceText{std::string(name.as_string()), std::string(text.as_string())};
}

edn::Diagnostic from_error(const Error& error, std::string code) {
  edn::Diagnostic diagnostic;
  diagnostic.code = error.rule().empty() ? std::move(code) : error.rule();
  diagnostic.message = error.text();
  return diagnostic;
}

}  // namespace

std::string JobSource::encode() const {
  std::vector<Value> sources;
  for (const auto& file : text.functions) sources.push_back(file_value(file));
  return edn::print(Value::map({{Value::keyword("format"), Value::integer(kSourceFormat)},
                                {Value::keyword("job"), file_value(text.job)},
                                {Value::keyword("functions"), Value::vector(std::move(sources))},
                                {Value::keyword("id"), Value::string(text.id)},
                                {Value::keyword("peer-config"), Value::string(peer_config)}}));
}

Result<JobSource> JobSource::decode(std::string_view stored) {
  const auto read = edn::read(stored);
  if (!read.has_value() || !read->is_map()) {
    return failure(ErrorCode::failed_precondition, "the stored source of the job cannot be read");
  }
  if (!(read->get("format") == Value::integer(kSourceFormat))) {
    return failure(ErrorCode::failed_precondition,
                   "the stored source of the job has format " + edn::print(read->get("format")) +
                       ", this daemon reads " + std::to_string(kSourceFormat));
  }
  JobSource source;
  ONYX_ASSIGN_OR_RETURN(source.text.job, file_of(read->get("job")));
  if (read->get("functions").is_vector()) {
    for (const Value& file : read->get("functions").items()) {
      ONYX_ASSIGN_OR_RETURN(auto one, file_of(file));
      source.text.functions.push_back(std::move(one));
    }
  }
  if (read->get("id").is_string()) source.text.id = read->get("id").as_string();
  if (read->get("peer-config").is_string())
    source.peer_config = read->get("peer-config").as_string();
  return source;
}

tl::expected<std::shared_ptr<const CompiledJob>, Diagnostics> compile_job(
    JobSource source, const CompileContext& context) {
  auto compiled = std::make_shared<CompiledJob>();
  compiled->peer_config = Value::map();
  if (!source.peer_config.empty()) {
    auto read = edn::read(source.peer_config);
    if (!read.has_value()) return tl::unexpected(Diagnostics{read.error()});
    compiled->peer_config = std::move(*read);
  }
  model::Context judge;
  judge.job_scheduler = context.job_scheduler;
  judge.peers = context.peers;
  judge.tagged_peers = context.tagged_peers;
  for (const Value& config : {context.peer_config, compiled->peer_config}) {
    if (!config.is_map() || !config.get("onyx.peer/fn-params").is_map()) continue;
    for (const edn::Entry entry : config.get("onyx.peer/fn-params").entries()) {
      if (entry.key.is_keyword()) judge.tasks_with_fn_params.insert(entry.key.name()->text);
    }
  }
  auto checked = frontend::check(source.text, judge);
  if (!checked.is_accepted()) return tl::unexpected(std::move(checked.diagnostics));

  auto job = model::read_job(checked.value);
  if (!job.has_value()) return tl::unexpected(Diagnostics{from_error(job.error(), "RUN-02")});
  compiled->source = std::move(source);
  compiled->value = std::move(checked.value);
  compiled->job = std::move(*job);
  compiled->plan = model::plan(compiled->job);
  compiled->program = std::move(checked.program);
  compiled->hash = model::job_hash(compiled->value);
  compiled->warnings = std::move(checked.diagnostics);
  for (const auto& planned : compiled->plan.tasks) {
    auto task = task::compile_task(compiled->job, compiled->plan, planned.name, compiled->program);
    if (!task.has_value()) {
      auto diagnostic = from_error(task.error(), "RUN-02");
      diagnostic.entry_name = planned.name.text();
      return tl::unexpected(Diagnostics{std::move(diagnostic)});
    }
    compiled->tasks.emplace(planned.name, std::move(*task));
  }
  return compiled;
}

}  // namespace onyx::runtime
