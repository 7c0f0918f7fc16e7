#include "common/model/job_hash.h"

#include <catch2/catch.hpp>

#include "tests/unit/common/model/support.h"

namespace onyx::model::test {
namespace {

std::string hash_of(std::string_view text) { return job_hash(document(text).value); }

}  // namespace

TEST_CASE("job hash: is a format that never changes", "[model][job-hash]") {
  // SHA-256 of "onyx-job-1\n{:a 1, :b [2.5 "x" nil]}" as print_canonical writes it.
  CHECK(hash_of(R"({:a 1 :b [2.5 "x" nil]})") ==
        "00e5359ade23fcee7685ccb2454408c0e7353e41547c5196b30621a193be8ef1");
}

TEST_CASE("job hash: the order of keys and white space do not count", "[model][job-hash]") {
  CHECK(hash_of("{:a 1 :b #{1 2 3}}") == hash_of("{:b #{3 1 2}, :a  1} ; comment"));
  CHECK(hash_of("{:a [1 2]}").size() == 64);
}

TEST_CASE("job hash: any change of the job counts", "[model][job-hash]") {
  CHECK(hash_of("{:a 1}") != hash_of("{:a 2}"));
  CHECK(hash_of("{:a 1}") != hash_of("{:a 1.0}"));
  CHECK(hash_of("{:a [1 2]}") != hash_of("{:a [2 1]}"));
  CHECK(hash_of(kValidJob) != hash_of(edited(std::string(kValidJob), ":team :web", ":team :ads")));
}

}  // namespace onyx::model::test
