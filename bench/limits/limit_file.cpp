// The limit of W5b: one thread that parses JSON lines, keeps type != view, adds total = 3 × amount and writes JSON lines.
//
//   limit_file etl FILE [runs=5]       FILE: what `gen_events json` writes; OUT_FILE in the environment: where the lines go
//                                      (default /dev/null)
//
// Prints one line: counts, the median time, records a second. The file is read into memory before the clock starts.
#include <fcntl.h>
#include <simdjson.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "bench/limits/measure.h"

namespace onyx::bench {
namespace {

using namespace simdjson;

class Output {
 public:
  explicit Output(int fd) : fd_(fd) { buffer_.reserve(kSize); }

  void text(std::string_view chars) { buffer_.append(chars); }

  void number(std::uint64_t value) {
    char digits[20];
    buffer_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  }

  void flush_when_full() {
    if (buffer_.size() > kSize - 4096) flush();
  }

  void flush() {
    for (std::size_t done = 0; done < buffer_.size();) {
      const ssize_t written = ::write(fd_, buffer_.data() + done, buffer_.size() - done);
      if (written <= 0) {
        std::perror("limit_file: write");
        std::exit(1);
      }
      done += static_cast<std::size_t>(written);
    }
    buffer_.clear();
  }

 private:
  static constexpr std::size_t kSize = 1 << 20;
  int fd_;
  std::string buffer_;
};

struct Counts {
  std::uint64_t in = 0;
  std::uint64_t kept = 0;
};

// The fields may come in any order.
Counts etl(const padded_string& data, Output& out) {
  Counts counts;
  ondemand::parser parser;
  parser.threaded = false;
  ondemand::document_stream lines;
  if (parser.iterate_many(data, 1 << 20).get(lines) != SUCCESS) std::exit(1);
  for (auto line : lines) {
    ++counts.in;
    std::uint64_t ts = 0;
    std::uint64_t amount = 0;
    std::string_view user;
    std::string_view type;
    std::string_view url;
    if (line["ts"].get_uint64().get(ts) != SUCCESS ||
        line["user"].get_string().get(user) != SUCCESS ||
        line["type"].get_string().get(type) != SUCCESS ||
        line["amount"].get_uint64().get(amount) != SUCCESS ||
        line["url"].get_string().get(url) != SUCCESS) {
      std::exit(1);
    }
    if (type == "view") continue;
    ++counts.kept;
    out.text("{\"ts\":");
    out.number(ts);
    out.text(",\"user\":\"");
    out.text(user);
    out.text("\",\"type\":\"");
    out.text(type);
    out.text("\",\"amount\":");
    out.number(amount);
    out.text(",\"url\":\"");
    out.text(url);
    out.text("\",\"total\":");
    out.number(amount * 3);
    out.text("}\n");
    out.flush_when_full();
  }
  out.flush();
  return counts;
}

}  // namespace
}  // namespace onyx::bench

int main(int argc, char** argv) {
  using namespace onyx::bench;
  if (argc < 3 || std::string(argv[1]) != "etl") {
    std::fprintf(stderr, "usage: [OUT_FILE=…] limit_file etl FILE [runs=5]\n");
    return 2;
  }
  const int runs = argc > 3 ? std::atoi(argv[3]) : 5;
  const char* out_file = std::getenv("OUT_FILE");
  const simdjson::padded_string data = simdjson::padded_string::load(argv[2]).value();

  std::vector<double> seconds;
  std::vector<double> cpu;
  Counts counts;
  for (int i = 0; i < runs; ++i) {
    const int fd =
        ::open(out_file != nullptr ? out_file : "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0) {
      std::perror("limit_file: open");
      return 1;
    }
    Output out(fd);
    const double cpu_before = cpu_seconds();
    const std::uint64_t start_ns = now_ns();
    counts = etl(data, out);
    seconds.push_back(seconds_since(start_ns));
    cpu.push_back(cpu_seconds() - cpu_before);
    ::close(fd);
  }
  const double typical = median(seconds);
  const double best = *std::min_element(seconds.begin(), seconds.end());
  const double records = static_cast<double>(counts.in);
  std::printf(
      "%-9s in=%llu kept=%llu out=%llu  median %.3f s (min %.3f)  %.2f M rec/s  %.0f MB/s  %.1f "
      "ns/rec  "
      "cpu %.1f ns/rec (best wall %.2f M rec/s)\n",
      argv[1], static_cast<unsigned long long>(counts.in),
      static_cast<unsigned long long>(counts.kept), static_cast<unsigned long long>(counts.kept),
      typical, best, records / typical * 1e-6, static_cast<double>(data.size()) / typical * 1e-6,
      typical * 1e9 / records, median(cpu) * 1e9 / records, records / best * 1e-6);
  return 0;
}
