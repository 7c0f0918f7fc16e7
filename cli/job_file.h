// A job as somebody wrote it, ready to be sent: read, paths made absolute, functions beside it.
//
// Shape:   a relative :file/path (and the :to of :file/on-bad-line) is relative to the job's file; it becomes absolute
//          in the text that is sent, on the spot, so that lines stay what they were. original() brings what a daemon
//          says about the sent text back to the written one.
// Errors:  not_found or invalid_argument with diagnostics, code EDN-nn, when a file cannot be read.
#pragma once

#include <istream>
#include <string>
#include <vector>

#include "common/api/refusal.h"
#include "common/api/views.h"
#include "common/edn/diagnostic.h"
#include "common/edn/reader.h"

namespace onyx::cli {

struct JobFile {
  struct Rewrite {
    edn::Span span;    // in the written text
    std::string text;  // what is sent instead
  };

  api::Source written;                 // the text of the file
  api::Source sent;                    // with absolute paths
  edn::Document document;              // of `written`
  std::vector<api::Source> functions;  // --functions
  std::vector<Rewrite> rewrites;       // in the order of the text

  std::vector<edn::Diagnostic> original(std::vector<edn::Diagnostic> found) const;
  // The text that a diagnostic points into: of the job or of the functions file that it names.
  std::string_view text_of(const edn::Diagnostic& diagnostic) const;
};

// Why there is no job, and the text that its diagnostics point into.
struct Unreadable {
  api::Refusal refusal;
  std::string text;
};

// `path` "-" reads `in`.
api::Answer<api::Source> read_source(const std::string& path, std::istream& in);

tl::expected<JobFile, Unreadable> read_job_file(const std::string& path,
                                                const std::vector<std::string>& function_paths,
                                                std::istream& in);

}  // namespace onyx::cli
