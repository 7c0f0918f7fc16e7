#include "common/api/error_codec.h"

#include <catch2/catch.hpp>

#include "common/edn/reader.h"

namespace onyx::api {
namespace {

edn::Diagnostic a_diagnostic() {
  edn::Diagnostic d;
  d.code = "CAT-12";
  d.severity = edn::Severity::warning;
  d.message = ":onyx/min-peers is greater than :onyx/max-peers";
  d.path = {edn::Value::keyword("catalog"), edn::Value::integer(2),
            edn::Value::keyword("onyx/min-peers")};
  d.entry_name = ":count";
  d.file = "job.edn";
  d.span = {31, 21, 31, 22, 700, 701};
  d.label = "the minimum is 4";
  d.related = {{{32, 21, 32, 22, 730, 731}, "the maximum is 2"}};
  d.notes = {"one", "two"};
  d.did_you_mean = {":onyx/n-peers"};
  d.help = "raise :onyx/max-peers to 4";
  return d;
}

}  // namespace

TEST_CASE("error codec: a refusal arrives as it was sent", "[api]") {
  Refusal sent(Error(ErrorCode::already_exists, "taken", "RUN-04").with_context("submitting"),
               {a_diagnostic()});
  sent.candidates = {"a", "b"};
  sent.is_ambiguous = true;
  sent.position = 412;

  const grpc::Status status = to_status(sent, "onyxd host-a");
  CHECK(status.error_code() == grpc::StatusCode::ALREADY_EXISTS);
  CHECK(has_detail(status));
  const Refusal got = from_status(status);

  CHECK(got.error.code() == ErrorCode::already_exists);
  CHECK(got.error.text() == sent.error.text());
  CHECK(got.error.rule() == "RUN-04");
  CHECK(got.candidates == sent.candidates);
  CHECK(got.is_ambiguous);
  CHECK(got.position == 412);
  REQUIRE(got.diagnostics.size() == 1);
  const edn::Diagnostic& d = got.diagnostics[0];
  const edn::Diagnostic expected = a_diagnostic();
  CHECK(d.code == expected.code);
  CHECK(d.severity == expected.severity);
  CHECK(d.message == expected.message);
  CHECK(d.path == expected.path);
  CHECK(d.entry_name == expected.entry_name);
  CHECK(d.file == expected.file);
  CHECK(d.span.line == 31);
  CHECK(d.span.end_offset == 701);
  CHECK(d.label == expected.label);
  REQUIRE(d.related.size() == 1);
  CHECK(d.related[0].label == "the maximum is 2");
  CHECK(d.notes == expected.notes);
  CHECK(d.did_you_mean == expected.did_you_mean);
  CHECK(d.help == expected.help);
}

TEST_CASE("error codec: details stay below the limit of metadata and say what is left out",
          "[api]") {
  Refusal sent(Error(ErrorCode::invalid_argument, "very wrong"));
  for (int i = 0; i < 10'000; ++i) sent.diagnostics.push_back(a_diagnostic());
  const grpc::Status status = to_status(sent, "onyxd");
  CHECK(status.error_details().size() < static_cast<std::size_t>(kMetadataBytesMax) / 4 * 3);
  const Refusal got = from_status(status);
  REQUIRE(got.diagnostics.size() > 100);
  CHECK(got.diagnostics.back().notes.back() ==
        std::to_string(10'000 - got.diagnostics.size()) + " more are not shown");
}

TEST_CASE("error codec: a status of the transport keeps its code and text", "[api]") {
  const grpc::Status status(grpc::StatusCode::UNAVAILABLE, "connection refused");
  CHECK(!has_detail(status));
  const Refusal got = from_status(status);
  CHECK(got.error.code() == ErrorCode::unavailable);
  CHECK(got.error.message() == "connection refused");
}

TEST_CASE("error codec: garbage in the details is not trusted", "[api]") {
  const grpc::Status status(grpc::StatusCode::INTERNAL, "text", std::string("\xff\xff\xff", 3));
  CHECK(!has_detail(status));
  CHECK(from_status(status).error.message() == "text");
}

TEST_CASE("error codec: every code has its own status and comes back", "[api]") {
  for (int i = 0; i <= static_cast<int>(ErrorCode::internal); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    CHECK(error_code(grpc_code(code)) == code);
  }
}

}  // namespace onyx::api
