#include "common/model/job_reader.h"

#include <catch2/catch.hpp>

#include "tests/unit/common/model/mutations.h"
#include "tests/unit/common/model/support.h"

namespace onyx::model::test {
namespace {

Job job_of(std::string_view text) {
  auto job = read_job(document(text).value);
  REQUIRE(job.has_value());
  return std::move(*job);
}

edn::Value value_of(std::string_view text) { return document(text).value; }

}  // namespace

TEST_CASE("read_job: catalog entries are typed", "[model][read-job]") {
  const Job job = job_of(kValidJob);
  REQUIRE(job.catalog.size() == 5);
  const CatalogEntry& parse = *job.task(TaskId("parse"));
  CHECK(parse.type == TaskType::function);
  CHECK(parse.fn.name() == "my.app/parse");
  CHECK(parse.batch_size == 101);
  CHECK(parse.batch_timeout_ms == 20);
  CHECK(parse.peers_min() == 2);
  CHECK(parse.peers_max() == 4);
  CHECK_FALSE(parse.is_grouped());
  CHECK(parse.param_values() == std::vector<edn::Value>{edn::Value::string("ms")});
  const CatalogEntry& count = *job.task(TaskId("count"));
  CHECK(count.is_grouped());
  CHECK(count.flux_policy == FluxPolicy::recover);
  CHECK(count.peers_min() == 3);
  CHECK(count.peers_max() == 3);
  CHECK(count.batch_timeout_ms == 50);
  CHECK(job.task(TaskId("late"))->peers_max() == std::nullopt);
  CHECK(job.task(TaskId("in"))->plugin == "onyx.plugin.file/input");
  CHECK(job.task(TaskId("nobody")) == nullptr);
}

TEST_CASE("read_job: the job's own values", "[model][read-job]") {
  const Job job = job_of(kValidJob);
  CHECK(job.id == "0a1c02d9-0000-4000-8000-000000000000");
  CHECK(job.name == edn::Value::string("clicks"));
  CHECK(job.percentage == 30);
  CHECK(job.barrier_period_ms == 500);
  CHECK(job.task_scheduler == TaskScheduler::balanced);
  CHECK(job.functions.size() == 13);
  CHECK(job.has_flow_conditions);
  CHECK(job.workflow[2] == Edge{TaskId("count"), TaskId("out")});
  CHECK(job.value == value_of(kValidJob));
}

TEST_CASE("read_job: a UUID as job id is its text in lower case", "[model][read-job]") {
  CHECK(job_of(edited(std::string(kValidJob), "\"0A1c02d9-0000-4000-8000-000000000000\"",
                      "#uuid \"0A1C02D9-0000-4000-8000-0000000000FF\""))
            .id == "0a1c02d9-0000-4000-8000-0000000000ff");
}

TEST_CASE("read_job: flow conditions become predicate trees", "[model][read-job]") {
  const Job job = job_of(kValidJob);
  REQUIRE(job.flow_conditions.size() == 5);
  CHECK(job.flow_conditions[0].to.kind == Routes::Kind::all);
  CHECK(job.flow_conditions[1].to.kind == Routes::Kind::none);
  CHECK(job.flow_conditions[1].predicate.kind == Predicate::Kind::negation);
  CHECK(job.flow_conditions[1].predicate.parts[0].function.name() == "my.app/valid?");
  const Predicate& above = job.flow_conditions[2].predicate;
  CHECK(above.kind == Predicate::Kind::call);
  CHECK(above.function.name() == "my.app/above?");
  CHECK(above.arguments == std::vector<edn::Value>{edn::Value::integer(5)});
  CHECK(job.flow_conditions[3].predicate.parts.size() == 2);
  CHECK(job.flow_conditions[4].is_for_exceptions);
  CHECK(job.flow_conditions[4].post_transform.name() == "my.app/explain");
}

TEST_CASE("read_job: windows and triggers are normalised", "[model][read-job]") {
  const Job job = job_of(kValidJob);
  CHECK(job.windows[0].range == Quantity{Quantity::Family::time, 600'000});
  CHECK(job.windows[0].aggregation.name() == "onyx.windowing.aggregation/sum");
  CHECK(job.windows[0].aggregation_key == edn::Value::keyword("n"));
  CHECK(job.windows[2].timeout_gap == Quantity{Quantity::Family::time, 3'000});
  CHECK(job.triggers[0].threshold == Quantity{Quantity::Family::elements, 5});
  CHECK(job.triggers[1].evicts);
  CHECK(job.triggers[2].watermark_percentage == 0.5);
  CHECK_FALSE(job.triggers[2].consults_trigger_state);
}

TEST_CASE("read_job: calls of Onyx's own plugins are known as such", "[model][read-job]") {
  const Job job = job_of(kValidJob);
  CHECK_FALSE(job.lifecycles[0].is_legacy_plugin);
  CHECK(job.lifecycles[1].is_legacy_plugin);
  CHECK(job.lifecycles[1].task == std::nullopt);
}

TEST_CASE("read_job: whatever validate accepts can be read, and nothing else ends the process",
          "[model][read-job]") {
  for (const Mutation& mutation : mutations()) {
    INFO("change " << mutation.from << "\nto     " << mutation.to);
    const edn::Document job = document(edited(std::string(kValidJob), mutation.from, mutation.to));
    const auto read = read_job(job.value);
    if (!has_errors(findings(job))) {
      CHECK(read.has_value());
    } else if (!read) {
      CHECK(read.error().code() == ErrorCode::invalid_argument);
    }
  }
  for (const char* text :
       {"nil", "[]", "{}", "{:workflow 1}", "{:workflow [] :catalog [1]}",
        "{:workflow [[:a :b]] :catalog [] :task-scheduler :onyx.task-scheduler/balanced}"}) {
    CHECK_FALSE(read_job(value_of(text)).has_value());
  }
}

TEST_CASE("read_quantity: units, singular and plural", "[model][read-job]") {
  CHECK(read_quantity(value_of("[1 :day]")) == Quantity{Quantity::Family::time, 86'400'000});
  CHECK(read_quantity(value_of("[2 :hours]")) == Quantity{Quantity::Family::time, 7'200'000});
  CHECK(read_quantity(value_of("[3 :element]")) == Quantity{Quantity::Family::elements, 3});
  for (const char* text : {"[1 :week]", "[0 :day]", "[-1 :day]", "[1.0 :day]", "[:day 1]", "[1]",
                           "1", "[9223372036854775807 :second]"}) {
    INFO(text);
    CHECK(read_quantity(value_of(text)) == std::nullopt);
  }
}

}  // namespace onyx::model::test
