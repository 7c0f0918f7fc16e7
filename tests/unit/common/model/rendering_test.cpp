// Whole reports as a user sees them, compared with golden/*.txt. To rewrite those after a deliberate change of words, run
// with ONYX_REWRITE_GOLDEN=1 and read the difference.
#include <catch2/catch.hpp>

#include <fstream>

#include "tests/unit/common/model/support.h"

namespace onyx::model::test {
namespace {

void check_golden(const std::string& name) {
  const std::string dir = source_dir() + "/tests/unit/common/model/golden/";
  const std::string text = file_text(dir + name + ".edn");
  const edn::Document job = document(text, name + ".edn");
  const FormNames names(job.value);
  Context context;
  context.functions = &names;
  std::string rendered;
  for (const edn::Diagnostic& finding : validate({job.value, &job.place, name + ".edn"}, context)) {
    rendered += edn::render(finding, text, false) + "\n";
  }
  if (std::getenv("ONYX_REWRITE_GOLDEN") != nullptr) std::ofstream(dir + name + ".txt") << rendered;
  CHECK(rendered == file_text(dir + name + ".txt"));
}

}  // namespace

TEST_CASE("rendering: a job with mistakes in its catalog and workflow", "[model][rendering]") {
  check_golden("clicks");
}

TEST_CASE("rendering: a job with mistakes in what hangs on its tasks", "[model][rendering]") {
  check_golden("routes");
}

}  // namespace onyx::model::test
