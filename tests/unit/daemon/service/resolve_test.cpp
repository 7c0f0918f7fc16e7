#include "daemon/service/resolve.h"

#include <catch2/catch.hpp>

namespace onyx::service {
namespace {

const std::string kA = "6f1c02d9-0000-4000-8000-000000000001";
const std::string kB = "6f1c9999-0000-4000-8000-000000000002";
const std::string kC = "91acd0f2-0000-4000-8000-000000000003";

std::vector<JobRef> jobs() {
  return {{JobId(kA), "clicks", JobState::completed},
          {JobId(kB), "clicks", JobState::running},
          {JobId(kC), "", JobState::waiting}};
}

}  // namespace

TEST_CASE("resolve: a full id means itself, in any case of letters", "[service]") {
  CHECK(resolve_job(kA, jobs()).value() == JobId(kA));
  CHECK(resolve_job("91ACD0F2-0000-4000-8000-000000000003", jobs()).value() == JobId(kC));
}

TEST_CASE("resolve: a unique prefix means the job", "[service]") {
  CHECK(resolve_job("9", jobs()).value() == JobId(kC));
  CHECK(resolve_job("6f1c0", jobs()).value() == JobId(kA));
}

TEST_CASE("resolve: a name means the one job of that name that has not ended", "[service]") {
  CHECK(resolve_job("clicks", jobs()).value() == JobId(kB));
  CHECK(resolve_job(":clicks", jobs()).value() == JobId(kB));
}

TEST_CASE("resolve: a name of several ended jobs is ambiguous, newest first", "[service]") {
  std::vector<JobRef> all = jobs();
  all[1].state = JobState::killed;
  const auto found = resolve_job("clicks", all);
  REQUIRE(!found);
  CHECK(found.error().is_ambiguous);
  CHECK(found.error().error.code() == ErrorCode::invalid_argument);
  REQUIRE(found.error().candidates.size() == 2);
  CHECK(found.error().candidates[0].rfind(kB, 0) == 0);
}

TEST_CASE("resolve: a prefix of several ids is ambiguous", "[service]") {
  const auto found = resolve_job("6f1c", jobs());
  REQUIRE(!found);
  CHECK(found.error().is_ambiguous);
}

TEST_CASE("resolve: what fits nothing is not found, and the newest jobs are shown", "[service]") {
  const auto found = resolve_job("billing", jobs());
  REQUIRE(!found);
  CHECK(!found.error().is_ambiguous);
  CHECK(found.error().error.code() == ErrorCode::not_found);
  CHECK(found.error().candidates.front().rfind(kC, 0) == 0);
}

TEST_CASE("resolve: no name at all is invalid, not every job", "[service]") {
  CHECK(resolve_job("", jobs()).error().error.code() == ErrorCode::invalid_argument);
  CHECK(resolve_peer("", {}).error().error.code() == ErrorCode::invalid_argument);
}

TEST_CASE("resolve: a peer is meant by a prefix of its id", "[service]") {
  PeerView a;
  a.id = PeerId("aa11");
  PeerView b;
  b.id = PeerId("ab22");
  CHECK(resolve_peer("ab", {a, b}).value() == PeerId("ab22"));
  CHECK(resolve_peer("a", {a, b}).error().is_ambiguous);
  CHECK(resolve_peer("c", {a, b}).error().error.code() == ErrorCode::not_found);
}

TEST_CASE("resolve: a full id is one whether it is known or not", "[service]") {
  CHECK(full_id("91ACD0F2-0000-4000-8000-000000000009") ==
        JobId("91acd0f2-0000-4000-8000-000000000009"));
  CHECK(full_id("91acd0f2") == std::nullopt);
  CHECK(full_id("91acd0f2x0000-4000-8000-000000000009") == std::nullopt);
  CHECK(full_id("") == std::nullopt);
}

}  // namespace onyx::service
