#include "common/base/case_job.h"

#include <catch2/catch.hpp>

namespace onyx {

TEST_CASE("case job: told from others by its id", "[base]") {
  const JobId job = case_job("6f1c02d9-1234-4000-9000-00000000000a");
  CHECK(job.text() == "ca5e02d9-1234-8000-9000-00000000000a");
  CHECK(is_case_job(job));
  CHECK_FALSE(is_case_job(JobId("6f1c02d9-1234-8000-9000-00000000000a")));
  CHECK_FALSE(is_case_job(JobId("ca5e02d9-1234-4000-9000-00000000000a")));
  CHECK_FALSE(is_case_job(JobId("ca5e")));
  CHECK_FALSE(is_case_job(JobId()));
}

}  // namespace onyx
