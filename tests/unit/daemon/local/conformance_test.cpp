// The conformance cases that a task without windows has to pass, each run under several seeds.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "common/cases/case.h"
#include "common/cases/judge.h"
#include "common/edn/printer.h"
#include "tests/support/local_job.h"

namespace onyx {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAreas[] = {"workflow", "functions", "grouping", "flow-conditions",
                                  "lifecycles"};
constexpr std::uint64_t kSeeds = 5;

std::vector<fs::path> case_files(const std::string& area) {
  const char* root = std::getenv("ONYX_SOURCE_DIR");
  const fs::path folder = fs::path(root == nullptr ? "." : root) / "tests/conformance/onyx" / area;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".edn") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string text_of(const fs::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

cases::Outcome outcome_of(const runtime::LocalRun& run) {
  cases::Outcome outcome;
  switch (run.ended) {
    case runtime::LocalRun::Ended::completed:
      outcome.ended = cases::Ended::completed;
      break;
    case runtime::LocalRun::Ended::killed:
      outcome.ended = cases::Ended::killed;
      break;
    case runtime::LocalRun::Ended::stuck:
      outcome.ended = cases::Ended::timed_out;
      break;
  }
  outcome.outputs = run.outputs;
  if (run.failure.has_value()) {
    outcome.exception =
        edn::Value::map({{edn::Value::keyword("message"), edn::Value::string(run.failure->message)},
                         {edn::Value::keyword("data"), run.failure->data}});
  }
  return outcome;
}

// What is wrong with one case under one seed; empty when it passes.
std::string failures_of(const cases::Case& one, std::uint64_t seed) {
  std::string text;
  try {
    support::LocalJob job(one.job);
    for (const auto& [task, segments] : one.inputs) job.inputs(task, segments);
    if (!one.peer_config.is_nil()) job.peer_config(one.peer_config);
    const runtime::LocalRun run = job.run(seed);
    for (const cases::Mismatch& mismatch : cases::judge(one, outcome_of(run))) {
      text += "\n  " + mismatch.what + "\n    expected " + mismatch.expected + "\n    got      " +
              mismatch.got;
    }
    if (!text.empty() && run.failure.has_value()) text += "\n  failure: " + run.failure->text;
  } catch (const std::exception& error) {
    text = std::string("\n  ") + error.what();
  }
  return text;
}

TEST_CASE("conformance: every case without windows passes in one thread, whoever's turn it is",
          "[conformance]") {
  std::size_t run = 0;
  for (const char* area : kAreas) {
    for (const fs::path& file : case_files(area)) {
      const std::string text = text_of(file);
      const auto document = edn::read_document(text, file.string());
      REQUIRE(document.has_value());
      const auto one = cases::read_case(*document, file.string());
      REQUIRE(one.has_value());
      if (one->job.find("windows") != nullptr) continue;
      ++run;
      for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
        const std::string failures = failures_of(*one, seed);
        if (failures.empty()) continue;
        UNSCOPED_INFO(area << "/" << file.filename().string() << " seed " << seed << failures);
        CHECK(failures.empty());
        break;
      }
    }
  }
  CHECK(run == 58);
}

}  // namespace
}  // namespace onyx
