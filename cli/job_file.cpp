#include "cli/job_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "cli/output/words.h"
#include "common/edn/lexer.h"
#include "common/edn/printer.h"

namespace onyx::cli {
namespace {

using edn::Value;

// Where a path stands in a job, as far as the file plugin's keys say.
std::vector<std::vector<Value>> paths_in(const Value& job) {
  std::vector<std::vector<Value>> found;
  const Value catalog = job.is_map() ? job.get("catalog") : Value();
  if (!catalog.is_vector()) return found;
  const Value path_key = Value::keyword("file/path");
  const Value bad_line_key = Value::keyword("file/on-bad-line");
  for (std::size_t i = 0; i < catalog.count(); ++i) {
    const Value& entry = catalog.at(i);
    if (!entry.is_map()) continue;
    const Value index = Value::integer(static_cast<std::int64_t>(i));
    if (entry.get("file/path").is_string()) {
      found.push_back({Value::keyword("catalog"), index, path_key});
    }
    const Value& bad_line = entry.get("file/on-bad-line");
    if (bad_line.is_map() && bad_line.get("to").is_string()) {
      found.push_back({Value::keyword("catalog"), index, bad_line_key, Value::keyword("to")});
    }
  }
  return found;
}

const Value& value_at(const Value& root, const std::vector<Value>& path) {
  const Value* at = &root;
  for (const Value& step : path) {
    at = at->is_map() ? at->find(step) : &at->at(static_cast<std::size_t>(step.as_integer()));
  }
  return *at;
}

void make_absolute(JobFile& job, const std::filesystem::path& directory) {
  for (const auto& path : paths_in(job.document.value)) {
    const std::string_view text = value_at(job.document.value, path).as_string();
    if (text.empty() || text.front() == '/') continue;
    const edn::Span span = edn::locate(job.document.value, job.document.place, path);
    if (!span.is_known()) continue;
    const std::string absolute = (directory / text).lexically_normal().string();
    job.rewrites.push_back({span, edn::print(Value::string(absolute))});
  }
  std::sort(job.rewrites.begin(), job.rewrites.end(),
            [](const auto& a, const auto& b) { return a.span.offset < b.span.offset; });
  for (auto it = job.rewrites.rbegin(); it != job.rewrites.rend(); ++it) {
    job.sent.text.replace(it->span.offset, it->span.end_offset - it->span.offset, it->text);
  }
}

// A column of the sent text as a column of the written one.
std::uint32_t original_column(const std::vector<JobFile::Rewrite>& rewrites, std::uint32_t line,
                              std::uint32_t column) {
  std::int64_t shift = 0;
  for (const JobFile::Rewrite& rewrite : rewrites) {
    if (rewrite.span.line != line) continue;
    const auto start = static_cast<std::int64_t>(rewrite.span.column) + shift;
    const auto length = static_cast<std::int64_t>(width_of(rewrite.text));
    const auto written = static_cast<std::int64_t>(rewrite.span.end_column) -
                         static_cast<std::int64_t>(rewrite.span.column);
    if (column <= start) break;
    if (column < start + length) return rewrite.span.column;  // inside what was put in
    shift += length - written;
  }
  return static_cast<std::uint32_t>(static_cast<std::int64_t>(column) - shift);
}

std::uint64_t original_offset(const std::vector<JobFile::Rewrite>& rewrites, std::uint64_t offset) {
  std::int64_t shift = 0;
  for (const JobFile::Rewrite& rewrite : rewrites) {
    const auto start = static_cast<std::int64_t>(rewrite.span.offset) + shift;
    const auto length = static_cast<std::int64_t>(rewrite.text.size());
    if (static_cast<std::int64_t>(offset) <= start) break;
    if (static_cast<std::int64_t>(offset) < start + length) return rewrite.span.offset;
    shift += length - static_cast<std::int64_t>(rewrite.span.end_offset - rewrite.span.offset);
  }
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(offset) - shift);
}

void bring_back(const std::vector<JobFile::Rewrite>& rewrites, edn::Span& span) {
  if (!span.is_known()) return;
  span.column = original_column(rewrites, span.line, span.column);
  span.end_column = original_column(rewrites, span.end_line, span.end_column);
  span.offset = original_offset(rewrites, span.offset);
  span.end_offset = original_offset(rewrites, span.end_offset);
}

}  // namespace

std::vector<edn::Diagnostic> JobFile::original(std::vector<edn::Diagnostic> found) const {
  for (edn::Diagnostic& diagnostic : found) {
    if (!diagnostic.file.empty() && diagnostic.file != written.file) continue;
    bring_back(rewrites, diagnostic.span);
    for (auto& related : diagnostic.related) bring_back(rewrites, related.span);
  }
  return found;
}

std::string_view JobFile::text_of(const edn::Diagnostic& diagnostic) const {
  for (const api::Source& source : functions) {
    if (source.file == diagnostic.file) return source.text;
  }
  return written.text;
}

namespace {

// Whatever comes after what a document may have is not read: the file may be endless.
api::Answer<api::Source> read_bounded(std::istream& in, const std::string& name) {
  api::Source source{{}, name};
  std::vector<char> block(1 << 20);
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())), in.gcount() > 0) {
    source.text.append(block.data(), static_cast<std::size_t>(in.gcount()));
    if (source.text.size() > edn::kDocumentMax) {
      return failure(ErrorCode::invalid_argument,
                     fmt::format("{} is longer than the {} bytes that a document may have", name,
                                 edn::kDocumentMax),
                     "EDN-21");
    }
  }
  return source;
}

}  // namespace

api::Answer<api::Source> read_source(const std::string& path, std::istream& in) {
  if (path == "-") return read_bounded(in, "stdin");
  errno = 0;
  std::error_code error;
  const bool is_directory = std::filesystem::is_directory(path, error);
  std::ifstream file(path, std::ios::binary);
  if (!file || is_directory) {
    const char* why = is_directory ? "it is a directory" : std::strerror(errno != 0 ? errno : EIO);
    return failure(ErrorCode::not_found, fmt::format("cannot read {}: {}", path, why), "CLI-05");
  }
  return read_bounded(file, path);
}

tl::expected<JobFile, Unreadable> read_job_file(const std::string& path,
                                                const std::vector<std::string>& function_paths,
                                                std::istream& in) {
  JobFile job;
  auto written = read_source(path, in);
  if (!written) return tl::unexpected(Unreadable{written.error(), {}});
  job.written = std::move(*written);
  for (const std::string& functions : function_paths) {
    auto source = read_source(functions, in);
    if (!source) return tl::unexpected(Unreadable{source.error(), {}});
    job.functions.push_back(std::move(*source));
  }
  auto document = edn::read_document(job.written.text, job.written.file);
  if (!document) {
    Error error(ErrorCode::invalid_argument, document.error().message, document.error().code);
    return tl::unexpected(
        Unreadable{api::Refusal(std::move(error), {document.error()}), job.written.text});
  }
  job.document = std::move(*document);
  job.sent = job.written;
  std::error_code error;
  const std::filesystem::path directory =
      path == "-" ? std::filesystem::current_path(error)
                  : std::filesystem::absolute(path, error).parent_path();
  make_absolute(job, directory);
  return job;
}

}  // namespace onyx::cli
