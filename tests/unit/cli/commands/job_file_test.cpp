#include "cli/job_file.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "tests/unit/cli/commands/rig.h"

namespace onyx::cli {
namespace {

JobFile read(const Rig& rig, const std::string& text) {
  std::istringstream in;
  auto job = read_job_file(rig.file("jobs/job.edn", text), {}, in);
  REQUIRE(job);
  return std::move(*job);
}

edn::Diagnostic at(const JobFile& job, std::uint32_t line, std::uint32_t column) {
  edn::Diagnostic diagnostic;
  diagnostic.file = job.written.file;
  diagnostic.span = {line, column, line, column + 1, 0, 0};
  return diagnostic;
}

std::uint32_t column_of(const JobFile& job, std::uint32_t line, std::uint32_t column) {
  return job.original({at(job, line, column)})[0].span.column;
}

}  // namespace

TEST_CASE("job file: absolute paths and other keys stay as they are", "[cli]") {
  const Rig rig;
  const std::string text =
      "{:catalog [{:file/path \"/a\" :other/path \"b\"} {:file/path 7}] :x {:file/path \"c\"}}";
  CHECK(read(rig, text).sent.text == text);
}

TEST_CASE("job file: where bad lines go is relative to the job as well", "[cli]") {
  const Rig rig;
  const JobFile job = read(rig, "{:catalog [{:file/on-bad-line {:to \"bad.txt\"}}]}");
  CHECK(job.sent.text ==
        "{:catalog [{:file/on-bad-line {:to \"" + rig.directory() + "/jobs/bad.txt\"}}]}");
}

TEST_CASE("job file: places in the sent text come back to the written one", "[cli]") {
  const Rig rig;
  const JobFile job =
      read(rig, "{:catalog [{:file/path \"a\" :k 1} {:file/path \"b\" :k 2}]\n :z 3}");
  const auto grown = static_cast<std::uint32_t>(rig.directory().size() + 6);  // "/jobs/"
  REQUIRE(job.rewrites.size() == 2);
  CHECK(column_of(job, 1, 13) == 13);              // :file/path
  CHECK(column_of(job, 1, 24) == 24);              // the path itself
  CHECK(column_of(job, 1, 30) == 24);              // inside it
  CHECK(column_of(job, 1, 28 + grown) == 28);      // :k, behind the first
  CHECK(column_of(job, 1, 51 + 2 * grown) == 51);  // :k, behind the second
  CHECK(column_of(job, 2, 5) == 5);
}

TEST_CASE("job file: places in other files are left alone", "[cli]") {
  const Rig rig;
  const JobFile job = read(rig, "{:catalog [{:file/path \"a\" :k 1}]}");
  edn::Diagnostic other = at(job, 1, 200);
  other.file = "fns.clj";
  CHECK(job.original({other})[0].span.column == 200);
}

TEST_CASE("job file: broken EDN is refused with its place and text", "[cli]") {
  const Rig rig;
  std::istringstream in;
  const auto job = read_job_file(rig.file("job.edn", "{:a"), {}, in);
  REQUIRE(!job);
  CHECK(job.error().refusal.diagnostics.size() == 1);
  CHECK(job.error().text == "{:a");
}

}  // namespace onyx::cli
