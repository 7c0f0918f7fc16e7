#include "common/cases/case.h"

#include <catch2/catch.hpp>

namespace onyx::cases {
namespace {

tl::expected<Case, std::vector<edn::Diagnostic>> read(const std::string& text) {
  const auto document = edn::read_document(text, "case.edn");
  REQUIRE(document);
  return read_case(*document, "case.edn");
}

// The one fault of a case that is otherwise right.
edn::Diagnostic fault_of(const std::string& more) {
  const auto found = read("{:doc \"d\" :onyx/source \"s\" :job {} " + more + "}");
  REQUIRE(!found);
  REQUIRE(found.error().size() == 1);
  return found.error()[0];
}

}  // namespace

TEST_CASE("case: every part is read", "[cases]") {
  const auto found = read(
      "{:doc \"d\" :onyx/source \"s\" :job {:workflow [[:in :out]]}\n"
      " :inputs {:in [{:n 1} {:n 2}]}\n"
      " :expect {:out {:order :exact :segments [{:n 1}]} :other ({:n 2})}\n"
      " :expect-contains {:more [{:n 3}]}\n"
      " :peer-config {:onyx.peer/fn-params {:in [1]}}}");
  REQUIRE(found);
  CHECK(found->doc == "d");
  CHECK(found->source == "s");
  CHECK(found->job.get("workflow").count() == 1);
  CHECK(found->inputs.at("in").size() == 2);
  CHECK(found->expect.at("out").is_ordered);
  CHECK(found->expect.at("out").span.line == 3);
  CHECK(!found->expect.at("other").is_ordered);
  CHECK(found->expect_contains.at("more").segments.size() == 1);
  CHECK(found->state == ExpectedState::completed);
  CHECK(found->peer_config.count() == 1);
  CHECK(found->job_place.span.line == 1);
  CHECK(found->job_place.children.size() == 2);
}

TEST_CASE("case: what kills a job and what refuses it are read", "[cases]") {
  const auto killed = read(
      "{:doc \"d\" :onyx/source \"s\" :job {} :expect-state :killed "
      ":expect-exception {:message-matches \"a|b\" :data {:k 1}}}");
  REQUIRE(killed);
  CHECK(killed->state == ExpectedState::killed);
  CHECK(killed->exception->message_matches == "a|b");
  CHECK(killed->exception->data->count() == 1);
  const auto refused =
      read("{:doc \"d\" :onyx/source \"s\" :job {} :expect-error {:path [:catalog 1]}}");
  REQUIRE(refused);
  CHECK(refused->error->path->size() == 2);
  CHECK(!refused->error->message_matches);
}

TEST_CASE("case: a key that it does not have is refused where it stands", "[cases]") {
  const edn::Diagnostic fault = fault_of(":expect {} :expects {}");
  CHECK(fault.message.find(":expects") != std::string::npos);
  CHECK(fault.file == "case.edn");
  CHECK(fault.span.is_known());
}

TEST_CASE("case: a case that expects nothing is refused", "[cases]") {
  CHECK(fault_of(":inputs {}").message.find("expects nothing") != std::string::npos);
}

TEST_CASE("case: an exception is expected of a killed job only", "[cases]") {
  CHECK(fault_of(":expect {} :expect-exception {}").message.find(":killed") != std::string::npos);
}

TEST_CASE("case: a pattern that cannot be used is refused when it is read", "[cases]") {
  CHECK(fault_of(":expect-error {:message-matches \"(\"}").message.find("(") != std::string::npos);
  CHECK(fault_of(":expect-error {:message-matches \"(?=a)\"}").message.find("look-around") !=
        std::string::npos);
}

TEST_CASE("case: all faults are reported at once", "[cases]") {
  const auto found = read("{:inputs [] :expect {:out 1} :expect-state :dead}");
  REQUIRE(!found);
  CHECK(found.error().size() == 6);  // doc, source, job, inputs, expect, expect-state
}

TEST_CASE("case: what is no map is refused", "[cases]") { CHECK(!read("[1 2]")); }

TEST_CASE("case: jobs and other documents are not cases", "[cases]") {
  const auto is = [](const char* text) { return is_case(*edn::read(text)); };
  CHECK(is("{:job {} :expect {}}"));
  CHECK(is("{:job {} :expect-error {}}"));
  CHECK(!is("{:job {}}"));
  CHECK(!is("{:workflow [] :catalog []}"));
  CHECK(!is("[:job :expect]"));
}

}  // namespace onyx::cases
