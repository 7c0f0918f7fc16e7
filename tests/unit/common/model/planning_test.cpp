#include "common/model/planning.h"

#include <catch2/catch.hpp>

#include "common/model/job_reader.h"
#include "tests/unit/common/model/support.h"

namespace onyx::model::test {
namespace {

Job job_of(std::string_view text) {
  auto job = read_job(document(text).value);
  REQUIRE(job.has_value());
  return std::move(*job);
}

// A job of these edges, its catalog in the order of `names`.
Job job_with(std::string_view workflow, std::initializer_list<std::string_view> names) {
  std::string text = "{:task-scheduler :onyx.task-scheduler/balanced :workflow " +
                     std::string(workflow) + " :catalog [";
  for (std::string_view name : names) {
    text += "{:onyx/name :" + std::string(name) +
            " :onyx/type :function :onyx/fn :a/b :onyx/batch-size 1}";
  }
  return job_of(text + "]}");
}

std::string order(const Plan& plan) {
  std::string text;
  for (const PlannedTask& task : plan.tasks) text += task.name.text() + " ";
  return text;
}

}  // namespace

TEST_CASE("plan: among ready tasks the order of the catalog decides", "[model][plan]") {
  CHECK(order(plan(job_with("[[:a :c] [:b :c]]", {"c", "b", "a"}))) == "b a c ");
  CHECK(order(plan(job_with("[[:a :c] [:b :c]]", {"a", "b", "c"}))) == "a b c ");
  // c is ready only after a; b, later in the catalog, is ready at once, yet a goes first.
  CHECK(order(plan(job_with("[[:a :c] [:b :d]]", {"a", "c", "d", "b"}))) == "a c b d ");
}

TEST_CASE("plan: neighbours, depth and peers of each task", "[model][plan]") {
  const Plan planned = plan(job_of(kValidJob));
  CHECK(order(planned) == "in parse count out late ");
  const PlannedTask& parse = *planned.task(TaskId("parse"));
  CHECK(parse.ingress == std::vector{TaskId("in")});
  CHECK(parse.egress == std::vector{TaskId("count"), TaskId("late")});
  CHECK(parse.peers_min == 2);
  CHECK(parse.peers_max == 4);
  CHECK(planned.task(TaskId("in"))->depth == 0);
  CHECK(planned.task(TaskId("out"))->depth == 3);
  CHECK(planned.task(TaskId("late"))->depth == 2);
  CHECK(planned.task(TaskId("nobody")) == nullptr);
}

TEST_CASE("plan: tasks that the workflow does not use are not planned", "[model][plan]") {
  CHECK(order(plan(job_with("[[:a :b]]", {"a", "spare", "b"}))) == "a b ");
}

TEST_CASE("submit arguments: what the catalog says, by task name", "[model][plan]") {
  const Job job = job_of(edited(std::string(kValidJob), ":onyx/batch-size 103",
                                ":onyx/batch-size 103 :onyx/required-tags [:disk]"));
  const SubmitArguments arguments = submit_arguments(job, plan(job), JobId("j"));
  CHECK(arguments.id == JobId("j"));
  CHECK(arguments.tasks.size() == 5);
  CHECK(arguments.saturation == std::nullopt);  // :late has no bound
  CHECK(arguments.task_saturation.at(TaskId("count")) == 3);
  CHECK(arguments.task_saturation.at(TaskId("late")) == std::nullopt);
  CHECK(arguments.peers_min_required.at(TaskId("parse")) == 2);
  CHECK(arguments.peers_min_required.at(TaskId("late")) == 1);
  CHECK(arguments.flux_policies ==
        std::map<TaskId, FluxPolicy>{{TaskId("count"), FluxPolicy::recover}});
  CHECK(arguments.required_tags ==
        std::map<TaskId, std::set<std::string>>{{TaskId("out"), {"disk"}}});
  CHECK(arguments.inputs == std::set{TaskId("in")});
  CHECK(arguments.outputs == std::set{TaskId("out"), TaskId("late")});
  CHECK(arguments.reducers == std::set{TaskId("count")});
  CHECK(arguments.grouped == std::set{TaskId("count")});
  CHECK(arguments.state == std::set{TaskId("count")});
  CHECK(arguments.in_out.at(TaskId("parse")) == std::set{TaskId("count"), TaskId("late")});
  CHECK(arguments.in_out.at(TaskId("out")).empty());
  CHECK(arguments.percentage == 30);
  CHECK(arguments.plugins.at(TaskId("in")) == "onyx.plugin.file/input");
  CHECK_FALSE(arguments.plugins.contains(TaskId("parse")));
}

TEST_CASE("submit arguments: saturation is the sum of bounds when every task has one",
          "[model][plan]") {
  const Job job = job_of(edited(std::string(kValidJob), ":onyx/batch-size 104",
                                ":onyx/batch-size 104 :onyx/max-peers 6"));
  CHECK(submit_arguments(job, plan(job), JobId("j")).saturation == 1 + 4 + 3 + 1 + 6);
  const Job huge = job_of(edited(edited(std::string(kValidJob), ":onyx/batch-size 104",
                                        ":onyx/batch-size 104 :onyx/max-peers 9223372036854775807"),
                                 ":onyx/max-peers 4", ":onyx/max-peers 9223372036854775807"));
  CHECK(submit_arguments(huge, plan(huge), JobId("j")).saturation ==
        std::numeric_limits<std::int64_t>::max());
}

}  // namespace onyx::model::test
