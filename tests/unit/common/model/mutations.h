// Single mistakes in the valid job, one or more for every rule, with what must be reported.
#pragma once

#include <span>
#include <string_view>

namespace onyx::model::test {

struct Mutation {
  std::string_view code;
  std::string_view from;
  std::string_view to;
  std::string_view path;  // of the finding, printed
  std::string_view word;  // key or value that the message must hold
};

// Each gives exactly one finding.
std::span<const Mutation> mutations();

}  // namespace onyx::model::test
