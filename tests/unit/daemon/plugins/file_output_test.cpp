#include "daemon/plugins/file/file_output.h"

#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <future>

#include "daemon/plugins/file/text_file.h"
#include "daemon/plugins/file/write_behind.h"
#include "tests/unit/daemon/plugins/fixture.h"
#include "tests/unit/daemon/plugins/temporary_folder.h"

namespace onyx::plugins {
namespace {

using Names = std::vector<std::string>;

// No file of this process grows over so many bytes while this lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit now{bytes, old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, old_handler_);
  }

 private:
  void (*old_handler_)(int);
  rlimit old_{};
};

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

TEST_CASE("text file: two of one job, slot and version are told, and the first goes on",
          "[plugins][file]") {
  const TemporaryFolder folder;
  auto first = file::TextFile::create(folder / "out", JobId("j"), 0, 2).value();
  const auto second = file::TextFile::create(folder / "out", JobId("j"), 0, 2);
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code() == ErrorCode::already_exists);
  CHECK_THAT(second.error().message(), Catch::Contains("name the same file"));
  first.buffer() += "one\n";
  REQUIRE(first.publish().has_value());
  CHECK(folder.read("out") == "one\n");
}

// An output that says when it wants to be asked again.
struct Rig {
  explicit Rig(const std::string& path, std::string_view keys = ":file/format :json-lines") {
    with = context("{:file/path \"" + path + "\" " + std::string(keys) + "}");
    with.file_roots = {"/"};
    with.wake = [this] { wakes.ring(); };
    output = file_output_kind().make_output(with).value();
  }
  template <class Ask>
  void until(Ask ask) {
    wakes.until(ask);
  }
  void write(std::vector<edn::Value> batch) {
    until([&] { return output->write(batch).value() == Wrote::all; });
    CHECK(batch.empty());
  }
  void write(std::string_view segments) { write(values(segments)); }
  void sync() {
    until([&] { return output->synced(0).value(); });
  }
  // Publication is never finished at the first call: a thread beside the worker does it, and wakes.
  void publish() {
    REQUIRE_FALSE(output->checkpointed(1).value());
    until([&] { return output->checkpointed(1).value(); });
    CHECK(output->checkpointed(1).value());
  }

  Wakes wakes;
  PluginContext with;
  std::unique_ptr<Output> output;
};

TEST_CASE("file output: publication happens beside the worker, and wakes the task",
          "[plugins][file]") {
  const TemporaryFolder folder;
  Rig rig(folder / "out");
  REQUIRE(rig.output->recover(1, {}).has_value());
  rig.write("[{:n 1} {:n 2}]");
  rig.sync();
  CHECK(folder.read(".out.onyx-j-0.1.part").size() == 16);
  CHECK(rig.output->progress().records == 2);
  CHECK(rig.output->progress().bytes == 16);
  CHECK_FALSE(std::filesystem::exists(folder / "out"));
  rig.publish();
  CHECK(folder.read("out") == "{\"n\":1}\n{\"n\":2}\n");
  rig.output->stop();
  CHECK(folder.names() == Names{"out"});
}

TEST_CASE("file output: a daemon that may not act gives no file its name", "[plugins][file]") {
  const TemporaryFolder folder;
  std::atomic<bool> may_act{false};
  std::promise<void> was_asked;
  std::atomic<bool> is_first{true};
  Rig rig(folder / "out");
  rig.with.may_act = [&] {
    if (is_first.exchange(false)) was_asked.set_value();
    return may_act.load();
  };
  rig.output = file_output_kind().make_output(rig.with).value();
  REQUIRE(rig.output->recover(1, {}).has_value());
  rig.write("[{:n 1}]");
  rig.sync();
  REQUIRE_FALSE(rig.output->checkpointed(1).value());
  was_asked.get_future().wait();
  CHECK(folder.names() == Names{".out.onyx-j-0.1.part"});
  SECTION("until it may") {
    may_act = true;
    rig.until([&] { return rig.output->checkpointed(1).value(); });
    CHECK(folder.names() == Names{"out"});
  }
  SECTION("and what is stopped meanwhile never gets it") {
    rig.output->stop();
    CHECK(folder.names().empty());
  }
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

TEST_CASE("file output: many buffers come out whole, in order, however slow the thread behind",
          "[plugins][file]") {
  const TemporaryFolder folder;
  Rig rig(folder / "out", ":file/format :lines");
  REQUIRE(rig.output->recover(1, {}).has_value());
  const std::string long_text(1'000, 'x');
  std::string expected;
  for (int i = 0; i < 40; ++i) {
    std::vector<edn::Value> batch;
    for (int j = 0; j < 500; ++j) {
      const std::string line = std::to_string(i * 500 + j) + long_text;
      batch.push_back(edn::Value::map({{edn::Value::keyword("line"), edn::Value::string(line)}}));
      expected += line + '\n';
    }
    rig.write(std::move(batch));
    if (i % 7 == 0) rig.sync();
  }
  CHECK(rig.output->progress().records == 20'000);
  CHECK(rig.output->progress().bytes == expected.size());
  rig.publish();
  CHECK((folder.read("out") == expected));
}

TEST_CASE("file output: what the disk refuses is said at a later call, and goes with a recovery",
          "[plugins][file]") {
  const TemporaryFolder folder;
  auto full = file::TextFile::create(folder / "out", JobId("j"), 0, 1).value();
  Wakes wakes;
  file::WriteBehind behind(std::move(full), [&] { wakes.ring(); });
  // A limit on the size of files stands for a full disk.
  const FileSizeLimit limit(1'000);
  behind.buffer() = std::string(5'000, 'x');
  wakes.until([&] { return !behind.written().has_value(); });
  CHECK(behind.buffer().empty());
  CHECK(behind.bytes() == 5'000);
  CHECK_THAT(behind.written().error().message(), Catch::Contains("cannot be written"));
  CHECK_THAT(behind.publish().error().message(), Catch::Contains("cannot be written"));
  behind.buffer() = std::string(1 << 20, 'x');
  CHECK_FALSE(behind.make_room().has_value());
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
