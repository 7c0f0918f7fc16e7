#include "daemon/plugins/file/file_paths.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <glob.h>

#include <algorithm>
#include <filesystem>

namespace onyx::plugins::file {

namespace fs = std::filesystem;

namespace {

bool is_below(const fs::path& path, const std::string& root) {
  const fs::path relative = path.lexically_relative(root);
  return !relative.empty() && *relative.begin() != "..";
}

Result<void> check_roots(const fs::path& canonical, const std::vector<std::string>& roots) {
  const bool allowed = std::any_of(roots.begin(), roots.end(), [&](const std::string& root) {
    return is_below(canonical, root);
  });
  if (allowed) return {};
  return failure(
      ErrorCode::permission_denied,
      fmt::format("{} is outside of the directories that this daemon may use ({}): add one to "
                  ":onyxd/file-roots in its configuration",
                  canonical.string(),
                  roots.empty() ? "none" : fmt::format("{}", fmt::join(roots, ", "))));
}

Result<std::vector<fs::path>> matches_of(const std::string& pattern) {
  glob_t found{};
  const int code = ::glob(pattern.c_str(), GLOB_NOSORT | GLOB_ERR, nullptr, &found);
  std::vector<fs::path> paths(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  if (code == GLOB_NOMATCH) paths.clear();
  if (code == GLOB_ABORTED || code == GLOB_NOSPACE) {
    return failure(ErrorCode::permission_denied,
                   fmt::format("a directory of {} cannot be read", pattern));
  }
  return paths;
}

}  // namespace

Result<std::vector<std::string>> input_files(const std::string& path,
                                             const std::vector<std::string>& roots) {
  std::error_code error;
  std::vector<fs::path> candidates;
  if (fs::is_directory(path, error)) {
    for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
      std::error_code is_gone;  // a link to nothing, or a file just removed
      if (it->is_regular_file(is_gone) && it->path().filename().string().front() != '.')
        candidates.push_back(it->path());
    }
    if (error)
      return failure(ErrorCode::permission_denied,
                     fmt::format("directory {} cannot be read: {}", path, error.message()));
    if (candidates.empty())
      return failure(ErrorCode::not_found, fmt::format("directory {} has no files", path));
  } else if (fs::exists(path, error)) {
    candidates.push_back(path);
  } else {
    ONYX_ASSIGN_OR_RETURN(candidates, matches_of(path));
    std::erase_if(candidates, [](const fs::path& match) {
      std::error_code ignored;
      return fs::is_directory(match, ignored);
    });
    if (candidates.empty()) {
      const bool is_pattern = path.find_first_of("*?[") != std::string::npos;
      return failure(ErrorCode::not_found, is_pattern
                                               ? fmt::format("no file matches {}", path)
                                               : fmt::format("input file {} does not exist", path));
    }
  }
  std::vector<std::string> files;
  for (const fs::path& candidate : candidates) {
    const fs::path canonical = fs::canonical(candidate, error);
    if (error)
      return failure(ErrorCode::not_found,
                     fmt::format("{}: {}", candidate.string(), error.message()));
    ONYX_TRY(check_roots(canonical, roots));
    if (!fs::is_regular_file(canonical, error)) {
      return failure(ErrorCode::invalid_argument,
                     fmt::format("input {} is no regular file", canonical.string()));
    }
    files.push_back(canonical.string());
  }
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());  // two links to one file
  return files;
}

Result<std::string> output_file(const std::string& path, const std::vector<std::string>& roots) {
  std::error_code error;
  const fs::path wanted(path);
  const fs::path directory = wanted.has_parent_path() ? wanted.parent_path() : fs::path(".");
  const fs::path canonical = fs::canonical(directory, error);
  if (error) {
    return failure(ErrorCode::not_found,
                   fmt::format("output directory {} cannot be used: {}: create it first",
                               directory.string(), error.message()));
  }
  if (!wanted.has_filename())
    return failure(ErrorCode::invalid_argument, fmt::format("{} names no file", path));
  const fs::path file = canonical / wanted.filename();
  ONYX_TRY(check_roots(file, roots));
  if (fs::is_directory(file, error)) {
    return failure(ErrorCode::invalid_argument,
                   fmt::format("output file {} is a directory", file.string()));
  }
  return file.string();
}

std::string path_of_slot(const std::string& path, SlotId slot, SlotId slots) {
  if (slots <= 1) return path;
  const fs::path whole(path);
  return (whole.parent_path() /
          fmt::format("{}-{}{}", whole.stem().string(), slot, whole.extension().string()))
      .string();
}

}  // namespace onyx::plugins::file
