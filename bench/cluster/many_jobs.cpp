// Submits one job many times to several daemons at once, and says how long that took, and how long until every daemon has
// applied all of it.
//
//      many_jobs JOB.edn COUNT CLIENTS ADDRESS…        clients go to the addresses in turn, each with a connection of its own
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "cli/connection.h"

namespace {

using namespace onyx;  // NOLINT
using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kTimeout{60};

double seconds_since(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}

struct Submitted {
  std::mutex mutex;
  std::set<std::string> ids;     // guarded by mutex
  Position last = -1;            // guarded by mutex
  std::vector<std::string> why;  // guarded by mutex; what was refused
};

void submit_all(const std::string& address, const api::SubmitRequest& request,
                std::atomic<int>& left, Submitted& submitted) {
  cli::Client client(address, kTimeout);
  while (left.fetch_sub(1) > 0) {
    const auto view = client.submit(request);
    std::lock_guard lock(submitted.mutex);
    if (!view) {
      submitted.why.push_back(view.error().error.text());
      continue;
    }
    submitted.ids.insert(view->job.id.text());
    submitted.last = std::max(submitted.last, view->position);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    fmt::print(stderr, "many_jobs JOB.edn COUNT CLIENTS ADDRESS…\n");
    return 2;
  }
  std::ifstream file(argv[1]);
  const api::SubmitRequest request{
      {std::string(std::istreambuf_iterator<char>(file), {}), argv[1]}, {}, std::nullopt};
  const int count = std::atoi(argv[2]);
  const std::vector<std::string> addresses(argv + 4, argv + argc);

  Submitted submitted;
  std::atomic<int> left{count};
  const auto start = Steady::now();
  std::vector<std::thread> clients;
  for (int n = 0; n < std::atoi(argv[3]); ++n) {
    clients.emplace_back(submit_all, addresses[static_cast<std::size_t>(n) % addresses.size()],
                         std::cref(request), std::ref(left), std::ref(submitted));
  }
  for (std::thread& client : clients) client.join();
  const double accepted_s = seconds_since(start);
  for (const std::string& address : addresses) {
    cli::Client client(address, kTimeout);
    for (;;) {
      const auto version = client.version();
      if (version && version->position >= submitted.last) break;
      if (seconds_since(start) > 300) return 1;
    }
  }
  fmt::print("accepted {} refused {} accepted-s {:.3f} applied-s {:.3f} last {}\n",
             submitted.ids.size(), submitted.why.size(), accepted_s, seconds_since(start),
             submitted.last);
  for (const std::string& why : submitted.why) fmt::print(stderr, "{}\n", why);
  return submitted.ids.size() == static_cast<std::size_t>(count) ? 0 : 1;
}
