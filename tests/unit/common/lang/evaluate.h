// Runs expressions of the function language for tests: source text in, printed value or error out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/lang/program.h"

namespace onyx::lang::test {

// A compiled source file, and the text it came from.
struct Unit {
  std::vector<edn::Document> forms;
  Compiled compiled;
};
Unit compile_text(std::string_view text, std::string_view file = "test.clj");

// The value of the last expression, printed; "! message" when it throws, "!! limit" when a limit is hit. Definitions may
// come before it. A compile error is "? CODE message".
std::string run(std::string_view text, const Limits& limits = {});
Outcome outcome_of(std::string_view text, const Limits& limits = {}, LineSink* lines = nullptr);

// "CODE line:column message" of every diagnostic.
std::vector<std::string> errors_of(std::string_view text);

struct Example {
  std::string_view expression;
  std::string_view expected;
};
// Runs each and compares.
void check_all(const std::vector<Example>& examples);

}  // namespace onyx::lang::test
