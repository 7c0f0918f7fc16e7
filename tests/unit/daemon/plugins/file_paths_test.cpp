#include "daemon/plugins/file/file_paths.h"
#include "tests/unit/daemon/plugins/temporary_folder.h"

namespace onyx::plugins::file {
namespace {

namespace fs = std::filesystem;
using Paths = std::vector<std::string>;

TEST_CASE("file paths: a file, a directory or a glob, in the order of names", "[plugins][file]") {
  const TemporaryFolder folder;
  const std::string a = folder.write("a.csv", "1");
  const std::string b = folder.write("b.csv", "2");
  const std::string c = folder.write("c.txt", "3");
  folder.write(".hidden", "4");
  fs::create_directory(folder / "d.csv");
  fs::create_symlink("nowhere", folder / "broken");
  const Paths roots{folder.path()};
  CHECK(input_files(a, roots).value() == Paths{a});
  CHECK(input_files(folder.path(), roots).value() == Paths{a, b, c});
  CHECK(input_files(folder / "*.csv", roots).value() == Paths{a, b});
  CHECK(input_files(folder / "./x/../a.csv", roots).error().code() == ErrorCode::not_found);
  CHECK(input_files(folder / "d.csv/../a.csv", roots).value() == Paths{a});
}

TEST_CASE("file paths: what does not exist says so", "[plugins][file]") {
  const TemporaryFolder folder;
  const Paths roots{"/"};
  CHECK_THAT(input_files(folder / "no.csv", roots).error().message(),
             Catch::Contains("does not exist"));
  CHECK_THAT(input_files(folder / "*.csv", roots).error().message(),
             Catch::Contains("no file matches"));
  CHECK_THAT(input_files(folder.path(), roots).error().message(), Catch::Contains("has no files"));
  CHECK_THAT(input_files("/dev/null", roots).error().message(), Catch::Contains("no regular file"));
  CHECK_THAT(output_file(folder / "no/out", roots).error().message(),
             Catch::Contains("create it first"));
  CHECK_THAT(output_file(folder.path() + "/", roots).error().message(),
             Catch::Contains("names no file"));
  CHECK_THAT(output_file(folder.path(), roots).error().message(),
             Catch::Contains("is a directory"));
}

TEST_CASE("file paths: nothing outside of the roots, whatever way leads there", "[plugins][file]") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "in");
  fs::create_directory(folder / "inner");
  folder.write("secret", "x");
  folder.write("inner/secret", "x");
  fs::create_symlink(folder / "secret", folder / "in/link");
  fs::create_directory_symlink(folder / "inner", folder / "in/away");
  const Paths roots{folder / "in"};
  for (const char* way :
       {"secret", "in/../secret", "in/link", "in/away/secret", "in/*", "inner/secret"}) {
    INFO(way);
    CHECK(input_files(folder / way, roots).error().code() == ErrorCode::permission_denied);
  }
  for (const char* way : {"out", "in/../out", "in/away/out", "inner/out"}) {
    INFO(way);
    CHECK(output_file(folder / way, roots).error().code() == ErrorCode::permission_denied);
  }
  CHECK(output_file(folder / "in/out", roots).value() == folder / "in/out");
  CHECK_THAT(input_files(folder / "secret", {}).error().message(),
             Catch::Contains(":onyxd/file-roots"));
}

TEST_CASE("file paths: two links to one file are one input", "[plugins][file]") {
  const TemporaryFolder folder;
  const std::string a = folder.write("a", "x");
  fs::create_symlink(a, folder / "b");
  CHECK(input_files(folder.path(), {"/"}).value() == Paths{a});
}

TEST_CASE("file paths: a file a peer", "[plugins][file]") {
  CHECK(path_of_slot("/x/out.jsonl", 0, 1) == "/x/out.jsonl");
  CHECK(path_of_slot("/x/out.jsonl", 2, 3) == "/x/out-2.jsonl");
  CHECK(path_of_slot("/x.y/out", 0, 2) == "/x.y/out-0");
}

}  // namespace
}  // namespace onyx::plugins::file
