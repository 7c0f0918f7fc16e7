// tests/conformance/onyx is a verbatim copy: compared with the folder it came from when that is there (ONYX_SHARED_DIR, or
// ../shared beside the source).
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

namespace {

namespace fs = std::filesystem;

fs::path source_dir() {
  const char* dir = std::getenv("ONYX_SOURCE_DIR");
  return fs::absolute(dir == nullptr ? "." : dir).lexically_normal();
}

std::map<std::string, std::string> contents_below(const fs::path& root) {
  std::map<std::string, std::string> contents;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    contents[entry.path().lexically_relative(root).string()] = {
        std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  return contents;
}

}  // namespace

TEST_CASE("conformance cases: the folder is whole", "[conformance]") {
  const auto ours = contents_below(source_dir() / "tests/conformance/onyx");
  CHECK(ours.contains("README.md"));
  CHECK(ours.contains("functions-used.md"));
  for (const char* folder : {"workflow/", "functions/", "grouping/", "flow-conditions/", "windows/",
                             "triggers/", "lifecycles/", "validation/", "examples/"}) {
    INFO(folder);
    const auto first = ours.lower_bound(folder);
    CHECK((first != ours.end() && first->first.starts_with(folder)));
  }
}

TEST_CASE("conformance cases: are those that were handed over", "[conformance]") {
  const char* shared = std::getenv("ONYX_SHARED_DIR");
  const fs::path theirs_dir =
      (shared == nullptr ? source_dir().parent_path() / "shared" : fs::path(shared)) /
      "conformance";
  if (!fs::exists(theirs_dir)) {
    WARN("nothing to compare with at " << theirs_dir.string());
    return;
  }
  const auto ours = contents_below(source_dir() / "tests/conformance/onyx");
  const auto theirs = contents_below(theirs_dir);
  for (const auto& [name, text] : theirs) {
    INFO(name);
    const auto found = ours.find(name);
    CHECK((found != ours.end() && found->second == text));
  }
  for (const auto& [name, text] : ours) {
    INFO(name);
    CHECK(theirs.contains(name));
  }
}
