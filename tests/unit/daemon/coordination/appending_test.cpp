#include "daemon/coordination/appending.h"

#include <catch2/catch.hpp>

#include "daemon/coordination/entry_edn.h"

using namespace onyx;
using namespace onyx::coordination;

namespace {

Draft draft() { return {Gc{"r"}, "test", std::nullopt}; }

Appending entry_seven() { return Appending(draft(), GroupId("g"), 7, 10); }

LogEntry entry(const char* writer, std::int64_t seq) {
  return decode(encode(draft(), GroupId(writer), seq), 0, 0);
}

tl::unexpected<Error> lost() { return failure(ErrorCode::unavailable, "connection lost"); }

template <class Step>
bool is_at(const Appending& appending) {
  return std::holds_alternative<Step>(appending.step());
}

Result<Position> result_of(const Appending& appending) {
  return std::get<Appending::Done>(appending.step()).result;
}

}  // namespace

TEST_CASE("appending: a known outcome is the end of it", "[coordination][outbox]") {
  Appending appending = entry_seven();
  REQUIRE(is_at<Appending::Append>(appending));
  appending.appended(12, false);
  CHECK(result_of(appending) == 12);
  CHECK(appending.known() == 12);

  appending = entry_seven();
  appending.appended(failure(ErrorCode::resource_exhausted, "too large"), false);
  CHECK(result_of(appending).error().code() == ErrorCode::resource_exhausted);
}

TEST_CASE("appending: an entry that is there after all is not written again",
          "[coordination][outbox]") {
  Appending appending = entry_seven();
  appending.appended(lost(), false);
  REQUIRE(is_at<Appending::AskNewest>(appending));
  appending.newest(13, false);
  CHECK(std::get<Appending::Read>(appending.step()).position == 11);
  appending.read(entry("other", 7), false);
  CHECK(std::get<Appending::Read>(appending.step()).position == 12);
  appending.read(entry("g", 7), false);
  CHECK(result_of(appending) == 12);
  CHECK(appending.known() == 12);
}

TEST_CASE("appending: an entry that is not there is written again", "[coordination][outbox]") {
  Appending appending = entry_seven();
  appending.appended(lost(), false);
  appending.newest(12, false);
  appending.read(entry("g", 6), false);
  appending.read(std::optional<LogEntry>(), false);  // collected
  CHECK(is_at<Appending::Append>(appending));
  appending.appended(lost(), false);
  appending.newest(10, false);
  CHECK(is_at<Appending::Append>(appending));
}

TEST_CASE("appending: while nothing can be asked it waits, until the session is over",
          "[coordination][outbox]") {
  Appending appending = entry_seven();
  appending.appended(lost(), false);
  appending.newest(lost(), false);
  REQUIRE(is_at<Appending::Pause>(appending));
  appending.paused(false);
  REQUIRE(is_at<Appending::AskNewest>(appending));
  appending.newest(12, false);
  appending.read(lost(), false);
  REQUIRE(is_at<Appending::Pause>(appending));
  appending.paused(true);
  CHECK(result_of(appending).error().code() == ErrorCode::unavailable);
}
