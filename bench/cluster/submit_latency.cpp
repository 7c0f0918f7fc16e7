// How long a job takes from the call of submit to the news that it has ended, as a client sees it that is connected already:
// one job after the other, each with an id of its own. An upper bound of submit received → first segment out.
//
//      submit_latency JOB.edn COUNT ADDRESS
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "cli/connection.h"

using namespace onyx;  // NOLINT

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kTimeout{60};

int fail(const Error& error) {
  fmt::print(stderr, "{}\n", error.text());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4 || std::atoi(argv[2]) < 1) {
    fmt::print(stderr, "submit_latency JOB.edn COUNT ADDRESS\n");
    return 2;
  }
  std::ifstream file(argv[1]);
  const api::SubmitRequest request{
      {std::string(std::istreambuf_iterator<char>(file), {}), argv[1]}, {}, std::nullopt};
  cli::Client client(argv[3], kTimeout);
  if (const auto connected = client.connect(); !connected) return fail(connected.error().error);
  std::vector<double> ms;
  for (int i = 0; i < std::atoi(argv[2]); ++i) {
    const auto start = Steady::now();
    const auto view = client.submit(request);
    if (!view) return fail(view.error().error);
    bool is_completed = false;
    const auto end = client.await(view->job.id.text(), kTimeout, [&](const api::JobView& job) {
      is_completed = job.ref.state == api::JobState::completed;
      return true;
    });
    if (!end) return fail(end.error().error);
    if (!is_completed) return fail(Error(ErrorCode::internal, "a job did not complete"));
    ms.push_back(std::chrono::duration<double, std::milli>(Steady::now() - start).count());
  }
  std::sort(ms.begin(), ms.end());
  fmt::print("p50-ms {:.2f} p98-ms {:.2f} max-ms {:.2f}\n", ms[ms.size() / 2],
             ms[ms.size() * 98 / 100], ms.back());
}
