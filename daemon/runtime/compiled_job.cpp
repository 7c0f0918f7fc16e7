#include "daemon/runtime/compiled_job.h"

#include "common/edn/printer.h"
#include "common/edn/reader.h"
#include "common/model/job_hash.h"
#include "common/model/job_reader.h"

namespace onyx::runtime {

namespace {
using edn::Value;

Value file_value(const JobSource::File& file) {
  return Value::map({{Value::keyword("name"), Value::string(file.name)},
                     {Value::keyword("text"), Value::string(file.text)}});
}

Result<JobSource::File> file_of(const Value& value) {
  const Value& name = value.get("name");
  const Value& text = value.get("text");
  if (!name.is_string() || !text.is_string()) {
    return failure(ErrorCode::failed_precondition,
                   "a stored source is no map of :name and :text: " + edn::print(value));
  }
  return JobSource::File{std::string(name.as_string()), std::string(text.as_string())};
}
}  // namespace

std::string JobSource::encode() const {
  std::vector<Value> sources;
  for (const File& file : functions) sources.push_back(file_value(file));
  return edn::print(Value::map({{Value::keyword("format"), Value::integer(1)},
                                {Value::keyword("job"), file_value(job)},
                                {Value::keyword("functions"), Value::vector(std::move(sources))},
                                {Value::keyword("id"), Value::string(id)},
                                {Value::keyword("peer-config"), Value::string(peer_config)}}));
}

Result<JobSource> JobSource::decode(std::string_view text) {
  const auto read = edn::read(text);
  if (!read.has_value() || !read->is_map()) {
    return failure(ErrorCode::failed_precondition, "the stored source of the job cannot be read");
  }
  JobSource source;
  ONYX_ASSIGN_OR_RETURN(source.job, file_of(read->get("job")));
  if (read->get("functions").is_vector()) {
    for (const Value& file : read->get("functions").items()) {
      ONYX_ASSIGN_OR_RETURN(auto one, file_of(file));
      source.functions.push_back(std::move(one));
    }
  }
  if (read->get("id").is_string()) source.id = read->get("id").as_string();
  if (read->get("peer-config").is_string())
    source.peer_config = read->get("peer-config").as_string();
  return source;
}

}  // namespace onyx::runtime
