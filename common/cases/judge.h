// Whether what happened is what a case expects.
//
// Shape:   a pure function of the case and its outcome; the list is empty when the case passes, else it has everything
//          that differs, in the order state, exception, outputs by task name.
// Source:  conformance/README.md, "How a case is run" and "Matching".
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/cases/case.h"

namespace onyx::cases {

enum class Ended : std::uint8_t { rejected, completed, killed, timed_out };

struct Outcome {
  Ended ended = Ended::rejected;
  std::vector<edn::Diagnostic> diagnostics;  // why it was rejected
  std::map<std::string, std::vector<edn::Value>> outputs;
  edn::Value exception;  // {:message "…" :data {…}}; nil when there is none
};

struct Mismatch {
  std::string what;      // one line: "output :out, 1 segment is missing"
  std::string expected;  // EDN or words
  std::string got;
  edn::Span span;  // where the case says what it expects; may be unknown
};

std::vector<Mismatch> judge(const Case& expected, const Outcome& outcome);

}  // namespace onyx::cases
