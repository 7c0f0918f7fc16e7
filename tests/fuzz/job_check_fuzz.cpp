// Any job text, and functions after a line `;;;`: findings inside the text, and an accepted job can be read, planned and
// hashed, and is the same job when it is printed and checked again.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/base/check.h"
#include "common/edn/printer.h"
#include "common/frontend/checked_job.h"
#include "common/model/job_hash.h"
#include "common/model/job_reader.h"
#include "common/model/planning.h"

namespace {

using namespace onyx;

constexpr std::string_view kSeparator = "\n;;;\n";
constexpr std::size_t kFindingsMax = 2'000;

frontend::JobText split(std::string_view text) {
  frontend::JobText job;
  const std::size_t at = text.find(kSeparator);
  job.job = {"job.edn", std::string(text.substr(0, at))};
  if (at != std::string_view::npos) {
    job.functions = {{"f.clj", std::string(text.substr(at + kSeparator.size()))}};
  }
  return job;
}

void check_findings(const frontend::JobText& text, const frontend::CheckedJob& checked) {
  ONYX_CHECK(checked.diagnostics.size() <= kFindingsMax, "{}", checked.diagnostics.size());
  for (const edn::Diagnostic& found : checked.diagnostics) {
    ONYX_CHECK(!found.code.empty() && !found.message.empty());
    const bool is_in_functions = !text.functions.empty() && found.file == text.functions[0].name;
    const std::string& where = is_in_functions ? text.functions[0].text : text.job.text;
    ONYX_CHECK(!found.span.is_known() || found.span.offset <= where.size(), "{} at {}", found.code,
               found.span.offset);
    ONYX_CHECK(!edn::render(found, where, false).empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const frontend::JobText text = split(std::string_view(reinterpret_cast<const char*>(data), size));
  for (const model::Features& features :
       {model::Features::all(), model::Features::of_this_version()}) {
    model::Context context;
    context.job_scheduler = "onyx.job-scheduler/balanced";
    context.features = features;
    const frontend::CheckedJob checked = frontend::check(text, context);
    check_findings(text, checked);
    if (!checked.is_accepted()) {
      ONYX_CHECK(!checked.diagnostics.empty(), "refused without a word");
      continue;
    }
    const auto job = model::read_job(checked.value);
    ONYX_CHECK(job.has_value(), "accepted, but: {}", job.error().text());
    const model::Plan plan = model::plan(*job);
    ONYX_CHECK(!plan.tasks.empty());
    model::submit_arguments(*job, plan, JobId("j"));
    const std::string hash = model::job_hash(checked.value);
    const frontend::CheckedJob again =
        frontend::check({{"job.edn", edn::print(checked.value)}, {}, {}}, context);
    ONYX_CHECK(again.is_accepted(), "refused when printed: {}", edn::print(checked.value));
    ONYX_CHECK(model::job_hash(again.value) == hash, "another job when printed");
  }
  return 0;
}
