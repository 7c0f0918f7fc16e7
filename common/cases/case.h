// A conformance case: a job, the segments to feed it, and what has to come out, or why it has to be refused.
//
// Shape:   one EDN map with the keys of conformance/README.md and no others. Task names are without the colon.
// Errors:  read_case() returns everything that is wrong with the file, never a half-read case. What is wrong with the
//          job in it is not looked at: that may be what the case is about.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "common/edn/diagnostic.h"
#include "common/edn/reader.h"
#include "common/edn/value.h"

namespace onyx::cases {

struct ExpectedOutput {
  std::vector<edn::Value> segments;
  bool is_ordered = false;  // exactly in this order; else in any
  edn::Span span;           // where the case says so
};

struct ExpectedException {
  std::optional<std::string> message_matches;
  std::optional<edn::Value> data;
};

struct ExpectedError {
  std::optional<std::vector<edn::Value>> path;
  std::optional<std::string> message_matches;
};

enum class ExpectedState : std::uint8_t { completed, killed };

struct Case {
  std::string doc;
  std::string source;
  edn::Value job;
  edn::Place job_place;
  std::map<std::string, std::vector<edn::Value>> inputs;
  std::map<std::string, ExpectedOutput> expect;           // all that arrived
  std::map<std::string, ExpectedOutput> expect_contains;  // and others may have
  ExpectedState state = ExpectedState::completed;
  std::optional<ExpectedException> exception;
  std::optional<ExpectedError> error;  // given: the job is to be refused
  edn::Value peer_config;              // nil when absent
};

// Whether a document is one: a map with `:job` and something that is expected.
bool is_case(const edn::Value& document);

tl::expected<Case, std::vector<edn::Diagnostic>> read_case(const edn::Document& document,
                                                           std::string_view file);

}  // namespace onyx::cases
