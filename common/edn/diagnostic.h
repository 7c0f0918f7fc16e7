// One finding about a job, a function, a case or a configuration: the same object goes through CLI, gRPC, JSON and log.
//
// Shape:   a stable code, a severity, a path into the value, a place in the text when it came from text, what was found,
//          what was meant, and a command that helps. Rendering is separate and cannot fail.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/edn/value.h"

namespace onyx::edn {

// Lines and columns count from 1, columns in code points; offsets in bytes. `end_column` is exclusive.
struct Span {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t end_line = 0;
  std::uint32_t end_column = 0;
  std::uint64_t offset = 0;
  std::uint64_t end_offset = 0;

  bool is_known() const { return line != 0; }
};

enum class Severity : std::uint8_t { error, warning };

struct Diagnostic {
  std::string code;  // "CAT-12", "LANG-03", "EDN-07"
  Severity severity = Severity::error;
  std::string message;      // one sentence that names key, value and constraint
  std::vector<Value> path;  // as for get-in: [:catalog 2 :onyx/flux-policy]
  std::string entry_name;   // of the entry at the path: its :onyx/name, :window/id …
  std::string file;         // empty when the text had no name
  Span span;                // unknown when the value did not come from text
  std::string label;        // beside the caret: "not a valid choice"
  struct Related {
    Span span;
    std::string label;
  };
  std::vector<Related> related;           // other places involved
  std::vector<std::string> notes;         // "= why"
  std::vector<std::string> did_you_mean;  // best first
  std::string help;                       // one concrete command or edit
};

// As in docs/errors.md: head, place, snippet with caret, notes, help. `text` is the document the span points into; empty
// leaves the snippet out. `colour` writes ANSI sequences.
std::string render(const Diagnostic& diagnostic, std::string_view text, bool colour);

}  // namespace onyx::edn
