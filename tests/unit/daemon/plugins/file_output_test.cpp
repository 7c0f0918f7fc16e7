#include "daemon/plugins/file/file_output.h"

#include <future>

#include "daemon/plugins/file/text_file.h"
#include "tests/unit/daemon/plugins/fixture.h"
#include "tests/unit/daemon/plugins/temporary_folder.h"

namespace onyx::plugins {
namespace {

using Names = std::vector<std::string>;

TEST_CASE("text file: appears whole under its name when it is published", "[plugins][file]") {
  const TemporaryFolder folder;
  {
    auto file = file::TextFile::create(folder / "out", JobId("j"), 0, 3).value();
    file.buffer() += "one\n";
    CHECK(file.bytes() == 4);
    REQUIRE(file.flush().has_value());
    CHECK(folder.names() == Names{".out.onyx-j-0.3.part"});
    file.buffer() += "two\n";
    REQUIRE(file.publish().has_value());
    REQUIRE(file.publish().has_value());
    CHECK(file.bytes() == 8);
  }
  CHECK(folder.names() == Names{"out"});
  CHECK(folder.read("out") == "one\ntwo\n");
}

TEST_CASE("text file: unpublished it goes, and so does what earlier versions left",
          "[plugins][file]") {
  const TemporaryFolder folder;
  folder.write("out", "old");
  folder.write(".out.onyx-j-0.1.part", "left");
  folder.write(".out.onyx-j-1.1.part", "of another slot");
  folder.write(".out.onyx-k-0.1.part", "of another job");
  {
    auto file = file::TextFile::create(folder / "out", JobId("j"), 0, 2).value();
    file.buffer() += "new";
    CHECK_FALSE(std::filesystem::exists(folder / ".out.onyx-j-0.1.part"));
  }
  CHECK(folder.names() == Names{".out.onyx-j-1.1.part", ".out.onyx-k-0.1.part", "out"});
  CHECK(folder.read("out") == "old");
}

// An output that says when it wants to be asked again.
struct Rig {
  explicit Rig(const std::string& path, std::string_view keys = ":file/format :json-lines") {
    with = context("{:file/path \"" + path + "\" " + std::string(keys) + "}");
    with.file_roots = {"/"};
    with.wake = [this] { woken.set_value(); };
    output = file_output_kind().make_output(with).value();
  }
  void write(std::string_view segments) {
    std::vector<edn::Value> batch = values(segments);
    REQUIRE(output->write(batch).value() == Wrote::all);
    CHECK(batch.empty());
  }
  // Publishes; the wake-up comes from the thread that does it.
  void publish() {
    woken = {};
    auto answer = woken.get_future();
    REQUIRE_FALSE(output->checkpointed(1).value());
    REQUIRE(answer.wait_for(std::chrono::seconds(60)) == std::future_status::ready);
    CHECK(output->checkpointed(1).value());
    CHECK(output->checkpointed(1).value());
  }

  std::promise<void> woken;
  PluginContext with;
  std::unique_ptr<Output> output;
};

TEST_CASE("file output: publication happens beside the worker, and wakes the task",
          "[plugins][file]") {
  const TemporaryFolder folder;
  Rig rig(folder / "out");
  REQUIRE(rig.output->recover(1, {}).has_value());
  rig.write("[{:n 1} {:n 2}]");
  CHECK(rig.output->synced(0).value());
  CHECK(rig.output->progress().records == 2);
  CHECK(rig.output->progress().bytes == 16);
  CHECK_FALSE(std::filesystem::exists(folder / "out"));
  rig.publish();
  CHECK(folder.read("out") == "{\"n\":1}\n{\"n\":2}\n");
  rig.output->stop();
  CHECK(folder.names() == Names{"out"});
}

TEST_CASE(
    "file output: recovering from nothing drops what is not published, also after a publication",
    "[plugins][file]") {
  const TemporaryFolder folder;
  Rig rig(folder / "out");
  REQUIRE(rig.output->recover(1, {}).has_value());
  rig.write("[{:n 1}]");
  REQUIRE(rig.output->recover(2, {}).has_value());
  rig.write("[{:n 2}]");
  rig.publish();
  CHECK(folder.read("out") == "{\"n\":2}\n");
  REQUIRE(rig.output->recover(3, {}).has_value());
  rig.write("[{:n 3}]");
  rig.publish();
  CHECK(folder.read("out") == "{\"n\":3}\n");
}

TEST_CASE("file output: stopped before the end it leaves nothing", "[plugins][file]") {
  const TemporaryFolder folder;
  {
    Rig rig(folder / "out");
    REQUIRE(rig.output->recover(1, {}).has_value());
    rig.write("[{:n 1}]");
    rig.output->stop();
  }
  CHECK(folder.names().empty());
}

TEST_CASE("file output: a file that exists is replaced, or refused where the job says so",
          "[plugins][file]") {
  const TemporaryFolder folder;
  folder.write("out", "old");
  Rig strict(folder / "out", ":file/format :lines :file/if-exists :fail");
  const auto refused = strict.output->recover(1, {});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code() == ErrorCode::already_exists);
  CHECK(folder.read("out") == "old");
  Rig rig(folder / "out", ":file/format :lines");
  REQUIRE(rig.output->recover(1, {}).has_value());
  rig.publish();
  CHECK(folder.read("out").empty());
}

TEST_CASE("file output: a segment that the format cannot say fails the write", "[plugins][file]") {
  const TemporaryFolder folder;
  Rig rig(folder / "out", ":file/format :lines");
  REQUIRE(rig.output->recover(1, {}).has_value());
  std::vector<edn::Value> batch = values("[{:other 1}]");
  CHECK(rig.output->write(batch).error().code() == ErrorCode::invalid_argument);
  batch = values("[7]");
  CHECK_THAT(rig.output->write(batch).error().message(), Catch::Contains("a map"));
}

}  // namespace
}  // namespace onyx::plugins
