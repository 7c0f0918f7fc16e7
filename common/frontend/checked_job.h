// A job as somebody wrote it, read, compiled and judged: the one way from text to a job, for onyxctl and for every daemon.
//
// Shape:   the job map's text and source files of functions, whose forms follow the job's own `:functions`. All findings of
//          reader, function language and validation come at once, in the order of the text.
// Thread:  pure functions.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/edn/diagnostic.h"
#include "common/edn/reader.h"
#include "common/edn/value.h"
#include "common/lang/program.h"
#include "common/model/validation.h"

namespace onyx::frontend {

struct SourceText {
  std::string name;  // of the file, as errors show it
  std::string text;
  bool operator==(const SourceText&) const = default;
};

struct JobText {
  SourceText job;
  std::vector<SourceText> functions;
  std::string id;  // over :metadata :job-id when not empty
};

struct CheckedJob {
  edn::Value
      value;  // the job map, with all forms in :functions and the id in :metadata; nil when it cannot be read
  std::shared_ptr<const lang::Program> program;  // nullptr when there is an error in the functions
  std::vector<edn::Diagnostic> diagnostics;

  bool is_accepted() const { return program != nullptr && !model::has_errors(diagnostics); }
};

// `context.functions` is filled in here.
CheckedJob check(const JobText& text, model::Context context);

}  // namespace onyx::frontend
