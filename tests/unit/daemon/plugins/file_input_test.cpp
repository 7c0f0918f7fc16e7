#include "daemon/plugins/file/file_input.h"

#include <algorithm>
#include <atomic>
#include <future>

#include "tests/unit/daemon/plugins/fixture.h"
#include "tests/unit/daemon/plugins/temporary_folder.h"

namespace onyx::plugins {
namespace {

PluginContext of(const std::string& path, std::string_view keys) {
  PluginContext made = context("{:file/path \"" + path + "\" " + std::string(keys) + "}");
  made.file_roots = {"/"};
  return made;
}

std::string set_aside(const TemporaryFolder& folder) {
  return ":file/format :json-lines :file/on-bad-line {:to \"" + (folder / "bad.jsonl") + "\"}";
}

std::unique_ptr<Input> started(PluginContext with) {
  auto input = file_input_kind().make_input(std::move(with)).value();
  REQUIRE(input->start().has_value());
  const auto recovered = input->recover(1, {});
  INFO((recovered.has_value() ? "" : recovered.error().message()));
  REQUIRE(recovered.has_value());
  return input;
}

TEST_CASE("file input: files one after the other, then the end", "[plugins][file]") {
  const TemporaryFolder folder;
  folder.write("a", "{\"n\":1}\n{\"n\":2}");
  folder.write("b", "");
  folder.write("c", "{\"n\":3}\n");
  for (const std::size_t limit : {1u, 2u, 10u}) {
    auto input = started(of(folder.path(), ":file/format :json-lines"));
    CHECK(poll_all(*input, limit) == values("[{:n 1} {:n 2} {:n 3}]"));
    CHECK(input->progress().records == 3);
    CHECK(input->progress().bytes == input->progress().bytes_total);
    CHECK(input->progress().bytes_total == 23);
    REQUIRE(input->recover(2, {}).has_value());
    CHECK(poll_all(*input, limit).size() == 3);
  }
}

TEST_CASE("file input: peers share the files by slot", "[plugins][file]") {
  const TemporaryFolder folder;
  for (const char* name : {"a", "b", "c"}) folder.write(name, name);
  auto with = of(folder.path(), ":file/format :lines");
  with.slots = 2;
  CHECK(poll_all(*started(with), 10) == values("[{:line \"a\"} {:line \"c\"}]"));
  with.slot = 1;
  CHECK(poll_all(*started(with), 10) == values("[{:line \"b\"}]"));
}

TEST_CASE("file input: a header for every csv file, records over several lines",
          "[plugins][file]") {
  const TemporaryFolder folder;
  folder.write("1.csv", "a,b\n1,\"x\ny\"\n\n2,z\n");
  folder.write("2.csv", "b,a\r\nq,3\r\n");
  CHECK(poll_all(*started(of(folder / "*.csv", ":file/format :csv")), 10) ==
        values("[{:a \"1\" :b \"x\ny\"} {:a \"2\" :b \"z\"} {:b \"q\" :a \"3\"}]"));
}

TEST_CASE("file input: a quote that is never closed is found without reading again and again",
          "[plugins][file]") {
  const TemporaryFolder folder;
  std::string text = "a,b\n1,\"open\n";
  for (int i = 0; i < 150'000; ++i)
    text += "a line without any quote, number " + std::to_string(i) + "\n";
  auto input = started(of(folder.write("a", text), ":file/format :csv :file/on-bad-line :skip"));
  CHECK(poll_all(*input, 10).empty());
  CHECK(input->progress().bad_records == 1);
}

TEST_CASE("file input: a bad line fails the task with file, line and what to do",
          "[plugins][file]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("a", "{\"n\":1}\nnonsense\n");
  auto input = started(of(path, ":file/format :json-lines"));
  std::vector<edn::Value> out;
  const auto polled = input->poll(out, 10);
  REQUIRE_FALSE(polled.has_value());
  CHECK_THAT(polled.error().message(),
             Catch::StartsWith(path + ":2: ") && Catch::Contains(":file/on-bad-line"));
}

TEST_CASE("file input: bad lines are skipped and counted", "[plugins][file]") {
  const TemporaryFolder folder;
  folder.write("a", "nonsense\n{\"n\":1}\n[2]\n{\"n\":3}\n");
  auto input = started(of(folder / "a", ":file/format :json-lines :file/on-bad-line :skip"));
  CHECK(poll_all(*input, 10) == values("[{:n 1} {:n 3}]"));
  CHECK(input->progress().bad_records == 2);
}

TEST_CASE("file input: bad lines are set aside in a file that appears at the end",
          "[plugins][file]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("a",
                                        "{\"n\":1}\nno\xFF"
                                        "pe\n");
  Wakes wakes;
  auto with = of(path, set_aside(folder));
  with.wake = [&] { wakes.ring(); };
  auto input = started(with);
  CHECK(poll_all(*input, 10).size() == 1);
  wakes.until([&] { return input->synced(1).value(); });
  CHECK_FALSE(std::filesystem::exists(folder / "bad.jsonl"));
  REQUIRE_FALSE(input->checkpointed(1).value());  // beside the worker
  wakes.until([&] { return input->checkpointed(1).value(); });
  const std::string bad = folder.read("bad.jsonl");
  CHECK_THAT(bad, Catch::Contains("\"line\":2") && Catch::Contains("\"offset\":8") &&
                      Catch::Contains("no\xEF\xBF\xBDpe") && Catch::Contains("\"file\":\"" + path));
  input->stop();
  CHECK(folder.names() == std::vector<std::string>{"a", "bad.jsonl"});
}

TEST_CASE("file input: bad lines that the disk does not keep up with make the input wait",
          "[plugins][file]") {
  const TemporaryFolder folder;
  const std::string line(1'000, 'x');
  constexpr std::uint64_t kLines = 4'000;  // more than the buffers hold
  std::string text;
  for (std::uint64_t i = 0; i < kLines; ++i) text += line + '\n';
  // The thread that writes is held in its first wake.
  Wakes wakes;
  std::promise<void> goes_on;
  const auto held = goes_on.get_future().share();
  auto with = of(folder.write("a", text), set_aside(folder));
  with.wake = [&wakes, held] {
    wakes.ring();
    held.wait();
  };
  auto input = started(with);
  std::vector<edn::Value> out;
  auto polled = Polled::ready;
  while (polled == Polled::ready) {
    (void)input->synced(1).value();  // not yet: it is woken when the line is written
    polled = input->poll(out, 10).value();
  }
  CHECK(polled == Polled::none_now);
  CHECK(input->progress().bad_records < kLines);
  goes_on.set_value();
  wakes.until([&] {
    while ((polled = input->poll(out, 10).value()) == Polled::ready) {
    }
    return polled == Polled::done;
  });
  CHECK(out.empty());
  CHECK(input->progress().bad_records == kLines);
  wakes.until([&] { return input->checkpointed(1).value(); });
  const std::string bad = folder.read("bad.jsonl");
  CHECK(static_cast<std::uint64_t>(std::count(bad.begin(), bad.end(), '\n')) == kLines);
}

TEST_CASE("file input: a daemon that may not act gives the file of bad lines no name",
          "[plugins][file]") {
  const TemporaryFolder folder;
  Wakes wakes;
  std::atomic<bool> may_act{false};
  std::promise<void> was_asked;
  std::atomic<bool> is_first{true};
  auto with = of(folder.write("a", "nonsense\n"), set_aside(folder));
  with.wake = [&] { wakes.ring(); };
  with.may_act = [&] {
    if (is_first.exchange(false)) was_asked.set_value();
    return may_act.load();
  };
  auto input = started(with);
  CHECK(poll_all(*input, 10).empty());
  REQUIRE_FALSE(input->checkpointed(1).value());
  was_asked.get_future().wait();
  CHECK_FALSE(std::filesystem::exists(folder / "bad.jsonl"));
  may_act = true;
  wakes.until([&] { return input->checkpointed(1).value(); });
  CHECK(std::filesystem::exists(folder / "bad.jsonl"));
}

TEST_CASE("file input: a file of nothing but bad lines lets others run in between",
          "[plugins][file]") {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "nonsense\n";
  folder.write("a", text);
  auto input = started(of(folder / "a", ":file/format :json-lines :file/on-bad-line :skip"));
  std::vector<edn::Value> out;
  CHECK(input->poll(out, 10).value() == Polled::ready);
  CHECK(out.empty());
  CHECK(input->progress().bad_records < 2'000);
  CHECK(poll_all(*input, 10).empty());
  CHECK(input->progress().bad_records == 10'000);
}

}  // namespace
}  // namespace onyx::plugins
