// The job store, in all three worlds.

#include <thread>
#include <vector>

#include "tests/integration/zookeeper/worlds.h"

namespace onyx {
namespace {

using cluster::JobSubmission;

const JobId kJob("5c0ffee0-0000-4000-8000-000000000001");

JobSubmission small_job() {
  JobSubmission submission;
  submission.job = kJob;
  submission.hash = "abc";
  submission.chunks = {{"catalog", "[{}]"},
                       {"workflow", "[[:in :out]]"},
                       {"task/in", "{:name :in}"},
                       {"task/my.ns/parse", "{:name :my.ns/parse}"},
                       {"task/..", "{:name :..}"}};
  submission.entry_text = "{:fn :submit-job}";
  return submission;
}

std::string large_text(std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += std::to_string(text.size()) + " ";
  text.resize(bytes);
  return text;
}

}  // namespace

TEMPLATE_TEST_CASE("submit: a job's chunks, its hash and one entry are there", "[cluster][job]",
                   MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  const auto submitted = session->jobs().submit(small_job()).value();
  CHECK(!submitted.already);
  CHECK(submitted.position == 0);
  CHECK(session->jobs().hash(kJob).value() == "abc");
  for (const auto& [kind, text] : small_job().chunks) {
    CHECK(session->jobs().get(kJob, kind).value() == text);
  }
  CHECK(session->jobs().get(kJob, "flow").value() == std::nullopt);
  CHECK(session->log().read(0).value()->text == "{:fn :submit-job}");
}

TEMPLATE_TEST_CASE("submit: the same job again writes nothing", "[cluster][job]", MemoryWorld,
                   EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  REQUIRE(session->jobs().submit(small_job()));
  const auto again = world.open()->jobs().submit(small_job()).value();
  CHECK(again.already);
  CHECK(again.position == std::nullopt);
  CHECK(session->log().newest().value() == 0);
}

TEMPLATE_TEST_CASE("submit: another job under the same id is refused, and changes nothing",
                   "[cluster][job]", MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  REQUIRE(session->jobs().submit(small_job()));
  JobSubmission other = small_job();
  other.hash = "def";
  other.chunks = {{"catalog", "[{:other true}]"}, {"flow", "[]"}};
  const auto refused = session->jobs().submit(other);
  REQUIRE(!refused);
  CHECK(refused.error().code() == ErrorCode::already_exists);
  CHECK(session->jobs().get(kJob, "catalog").value() == "[{}]");
  CHECK(session->jobs().get(kJob, "flow").value() == std::nullopt);
  CHECK(session->log().newest().value() == 0);
}

TEMPLATE_TEST_CASE("submit: ten at once make one entry", "[cluster][job]", MemoryWorld,
                   EmbeddedWorld, RealWorld) {
  const std::size_t bytes = GENERATE(10, 300'000);
  TestType world;
  JobSubmission submission = small_job();
  submission.chunks.push_back({"windows", large_text(bytes)});
  std::vector<std::unique_ptr<cluster::Cluster>> sessions;
  for (int i = 0; i < 10; ++i) sessions.push_back(world.open());
  std::atomic<int> first = 0;
  std::atomic<int> failed = 0;
  std::vector<std::thread> submitters;
  for (const auto& session : sessions) {
    submitters.emplace_back([&] {
      const auto submitted = session->jobs().submit(submission);
      if (!submitted) ++failed;
      if (submitted && !submitted->already) ++first;
    });
  }
  for (std::thread& submitter : submitters) submitter.join();
  CHECK(failed == 0);
  CHECK(first == 1);
  CHECK(sessions[0]->log().newest().value() == 0);
  CHECK(sessions[0]->jobs().get(kJob, "windows").value()->size() == bytes);
}

TEMPLATE_TEST_CASE("submit: a large job comes back byte for byte", "[cluster][job]", MemoryWorld,
                   EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  JobSubmission submission = small_job();
  const std::string large = large_text(3'333'333);
  submission.chunks.push_back({"lifecycles", large});
  REQUIRE(session->jobs().submit(submission).value().position == 0);
  CHECK((session->jobs().get(kJob, "lifecycles").value() == large));
  CHECK(session->jobs().get(kJob, "catalog").value() == "[{}]");
  CHECK(session->jobs().submit(submission).value().already);
}

TEMPLATE_TEST_CASE("submit: a job of many tasks goes in", "[cluster][job]", MemoryWorld,
                   EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  JobSubmission submission = small_job();
  for (int i = 0; i < 300; ++i) {
    submission.chunks.push_back({"task/t" + std::to_string(i), std::to_string(i)});
  }
  REQUIRE(session->jobs().submit(submission).value().position == 0);
  CHECK(session->jobs().get(kJob, "task/t299").value() == "299");
}

TEMPLATE_TEST_CASE("submit: a job over the limit is refused before anything is written",
                   "[cluster][job]", MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  JobSubmission submission = small_job();
  submission.chunks.push_back({"lifecycles", std::string(cluster::kJobBytesMax, 'x')});
  const auto refused = session->jobs().submit(submission);
  REQUIRE(!refused);
  CHECK(refused.error().code() == ErrorCode::resource_exhausted);
  CHECK_THAT(refused.error().text(), Catch::Contains("lifecycles"));
  CHECK(session->jobs().hash(kJob).value() == std::nullopt);
  CHECK(session->jobs().get(kJob, "catalog").value() == std::nullopt);
  CHECK(session->log().newest().value() == -1);
}

TEMPLATE_TEST_CASE("put: the first writer of a chunk wins", "[cluster][job]", MemoryWorld,
                   EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  CHECK(session->jobs().put(kJob, "task/a", "first").value());
  CHECK(!world.open()->jobs().put(kJob, "task/a", "second").value());
  CHECK(session->jobs().get(kJob, "task/a").value() == "first");
}

TEMPLATE_TEST_CASE("put: a text that looks like our own mark comes back as it is", "[cluster][job]",
                   MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  const std::string text = "onyx/parts/1 bytes=3 count=1 sha256=00";
  CHECK(session->jobs().put(kJob, "catalog", text).value());
  CHECK(session->jobs().get(kJob, "catalog").value() == text);
}

TEMPLATE_TEST_CASE("exception: the first to say what killed the job wins", "[cluster][job]",
                   MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const auto session = world.open();
  CHECK(session->jobs().exception(kJob).value() == std::nullopt);
  CHECK(session->jobs().put_exception(kJob, "{:cause 1}").value());
  CHECK(!session->jobs().put_exception(kJob, "{:cause 2}").value());
  CHECK(session->jobs().exception(kJob).value() == "{:cause 1}");
}

TEMPLATE_TEST_CASE("history: jobs of one name in every tenancy, earliest first, once each",
                   "[cluster][job]", MemoryWorld, EmbeddedWorld, RealWorld) {
  TestType world;
  const std::string name = "my/job " + world.tenancy;
  const std::string elsewhere = fresh_tenancy();
  const auto session = world.open();
  const auto other = world.open_tenancy(elsewhere);
  JobSubmission submission = small_job();
  submission.name = name;
  REQUIRE(session->jobs().submit(submission));
  REQUIRE(session->jobs().submit(submission));
  submission.job = JobId("5c0ffee0-0000-4000-8000-000000000002");
  REQUIRE(other->jobs().submit(submission));
  const auto jobs = session->jobs().history(name).value();
  REQUIRE(jobs.size() == 2);
  CHECK(jobs[0].job == kJob);
  CHECK(jobs[0].tenancy == world.tenancy);
  CHECK(jobs[1].job == submission.job);
  CHECK(jobs[1].tenancy == elsewhere);
  CHECK(session->jobs().history("never heard of").value().empty());
}

}  // namespace onyx
