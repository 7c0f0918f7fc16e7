#include "daemon/plugins/file/line_source.h"
#include "tests/unit/daemon/plugins/temporary_folder.h"

namespace onyx::plugins::file {
namespace {

using Got = LineSource::Got;
using Lines = std::vector<std::string>;

LineSource open(const std::string& path) { return std::move(LineSource::open(path)).value(); }

Lines lines_of(const std::string& path) {
  LineSource source = open(path);
  Lines lines;
  while (source.next().value() == Got::line) {
    lines.emplace_back(source.line());
    CHECK(source.number() == lines.size());
  }
  CHECK(source.consumed() == source.size());
  return lines;
}

TEST_CASE("lines: end with a line feed, with or without carriage return, or with the file",
          "[plugins][file]") {
  const TemporaryFolder folder;
  CHECK(lines_of(folder.write("a", "one\ntwo\r\n\nlast")) == Lines{"one", "two", "", "last"});
  CHECK(lines_of(folder.write("b", "one\n")) == Lines{"one"});
  CHECK(lines_of(folder.write("c", "")).empty());
  CHECK(lines_of(folder.write("d", "\n")) == Lines{""});
  CHECK(lines_of(folder.write("e", "a\rb\n")) == Lines{"a\rb"});
}

TEST_CASE("lines: a byte order mark is skipped, at the start only", "[plugins][file]") {
  const TemporaryFolder folder;
  CHECK(lines_of(folder.write("a", "\xEF\xBB\xBFone\n\xEF\xBB\xBFtwo\n")) ==
        Lines{"one", "\xEF\xBB\xBFtwo"});
  CHECK(lines_of(folder.write("b", "\xEF\xBB\xBF")).empty());
}

TEST_CASE("lines: those that lie across the buffer's ends come whole, with their offsets",
          "[plugins][file]") {
  const TemporaryFolder folder;
  Lines expected;
  std::vector<std::uint64_t> offsets;
  std::string text;
  for (int i = 0; i < 3'000; ++i) {
    offsets.push_back(text.size());
    expected.push_back(std::to_string(i) +
                       std::string(static_cast<std::size_t>(i * 37 % 2'000), 'x'));
    text += expected.back() + (i % 3 == 0 ? "\r\n" : "\n");
  }
  const std::string path = folder.write("big", text);
  CHECK(lines_of(path) == expected);
  LineSource source = open(path);
  for (const std::uint64_t offset : offsets) {
    REQUIRE(source.next().value() == Got::line);
    REQUIRE(source.offset() == offset);
  }
}

TEST_CASE("lines: one that is too long is passed over, and what follows is right",
          "[plugins][file]") {
  const TemporaryFolder folder;
  const std::string before(10'000, 'b');
  std::string text = before + "\n";
  text += std::string(kLineBytesMax + 300'000, 'x') + "\nafter\n" +
          std::string(kLineBytesMax + 1, 'y') + "\n" + std::string(kLineBytesMax, 'z') + "\n" +
          std::string(kLineBytesMax + 700'000, 'w');
  LineSource source = open(folder.write("long", text));
  REQUIRE(source.next().value() == Got::line);
  CHECK(source.line() == before);
  REQUIRE(source.next().value() == Got::too_long);
  CHECK(source.offset() == before.size() + 1);
  CHECK(source.number() == 2);
  CHECK(source.line().substr(0, 5) == "xxxxx");
  REQUIRE(source.next().value() == Got::line);
  CHECK(source.line() == "after");
  CHECK(source.offset() == before.size() + 1 + kLineBytesMax + 300'001);
  CHECK(source.next().value() == Got::too_long);
  REQUIRE(source.next().value() == Got::line);
  CHECK(source.line().size() == kLineBytesMax);
  CHECK(source.next().value() == Got::too_long);
  CHECK(source.next().value() == Got::end);
  CHECK(source.number() == 7);
}

TEST_CASE("lines: a record of several lines grows over the buffer's ends", "[plugins][file]") {
  const TemporaryFolder folder;
  std::string record;
  for (int i = 0; i < 40; ++i)
    record += std::string(20'000, static_cast<char>('a' + i % 26)) + "\r\n";
  record += "end";
  LineSource source = open(folder.write("a", "first\n" + record + "\nnext\nlast"));
  REQUIRE(source.next().value() == Got::line);
  REQUIRE(source.next().value() == Got::line);
  for (int i = 0; i < 40; ++i) REQUIRE(source.extend().value());
  CHECK(source.line() == record);
  CHECK(source.number() == 2);
  REQUIRE(source.next().value() == Got::line);
  CHECK(source.line() == "next");
  CHECK(source.number() == 43);
  REQUIRE(source.extend().value());
  CHECK(source.line() == "next\nlast");
  CHECK_FALSE(source.extend().value());
  CHECK(source.line() == "next\nlast");
  CHECK(source.next().value() == Got::end);
}

TEST_CASE("lines: a file that cannot be opened is named", "[plugins][file]") {
  const auto missing = LineSource::open("/nowhere/at/all");
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().code() == ErrorCode::not_found);
  CHECK_THAT(missing.error().message(), Catch::Contains("/nowhere/at/all"));
}

}  // namespace
}  // namespace onyx::plugins::file
