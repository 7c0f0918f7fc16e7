#include "daemon/config/credentials_file.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace onyx::config {
namespace {

class File {
 public:
  explicit File(const std::string& text, mode_t mode = 0600) {
    std::string name = (std::filesystem::temp_directory_path() / "onyx-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    std::ofstream(path()) << text;
    ::chmod(path().c_str(), mode);
  }
  ~File() { std::filesystem::remove_all(folder_); }
  std::string path() const { return (folder_ / "auth").string(); }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

}  // namespace

TEST_CASE("credentials: one line of a file that only its owner can read", "[config]") {
  CHECK_FALSE(read_credentials("/nowhere/auth").has_value());
  const File file("onyx:se:cret\n");
  CHECK(read_credentials(file.path()).value() == "onyx:se:cret");
}

TEST_CASE("credentials: anything else is refused, without showing it", "[config]") {
  for (const char* text : {"", "\n", "onyx", ":secret", "onyx:", "onyx:secret\nmore"}) {
    const File file(text);
    const auto read = read_credentials(file.path());
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().rule() == "CFG-11");
    CHECK_THAT(read.error().text(), !Catch::Contains("secret"));
  }
  for (const mode_t mode : {0640, 0604, 0620, 0602}) {
    const File file("onyx:secret", mode);
    const auto read = read_credentials(file.path());
    REQUIRE_FALSE(read.has_value());
    CHECK_THAT(read.error().text(), Catch::Contains("chmod 600"));
  }
  const File file("onyx:secret");
  CHECK_FALSE(read_credentials(file.folder().string()).has_value());
}

}  // namespace onyx::config
