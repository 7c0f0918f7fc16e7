#include "common/cases/pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

namespace onyx::cases {
namespace {

RE2::Options options() {
  RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  return options;
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

Result<void> check_pattern(std::string_view pattern) {
  const RE2 compiled(piece(pattern), options());
  if (compiled.ok()) return {};
  return failure(ErrorCode::invalid_argument,
                 fmt::format("the regular expression \"{}\" cannot be used: {} (at `{}`); "
                             "back-references and look-around are not supported",
                             pattern, compiled.error(), compiled.error_arg()));
}

bool is_found(std::string_view pattern, std::string_view text) {
  const RE2 compiled(piece(pattern), options());
  return compiled.ok() && RE2::PartialMatch(piece(text), compiled);
}

}  // namespace onyx::cases
