// How long one flat line of about 100 bytes with five fields takes to read and to write, beside simdjson's own walk over it.

#include <simdjson.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "common/edn/value.h"
#include "common/json/parser.h"
#include "common/json/writer.h"

namespace {

constexpr int kLines = 10'000;
constexpr int kRounds = 50;

std::vector<std::string> make_lines() {
  std::vector<std::string> lines;
  for (int i = 0; i < kLines; ++i) {
    lines.push_back("{\"ts\":" + std::to_string(1'600'000'000'000 + i * 37) + ",\"user\":\"user-" +
                    std::to_string(1000 + i % 1000) + "\",\"type\":\"" +
                    (i % 3 == 0 ? "view" : "click") + "\",\"amount\":" + std::to_string(i % 500) +
                    ",\"page\":\"/products/item-" + std::to_string(10000 + i % 977) + "/x\"}");
  }
  return lines;
}

template <class Step>
void measure(const char* name, const std::vector<std::string>& lines, Step step) {
  double best = 1e9;
  for (int round = 0; round < kRounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    for (const auto& line : lines) step(line);
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
    best = std::min(best, took.count() / kLines);
  }
  std::printf("%-28s %7.1f ns a line\n", name, best);
}

}  // namespace

int main() {
  const auto lines = make_lines();
  std::printf("line: %zu bytes: %s\n", lines[0].size(), lines[0].c_str());
  std::size_t sum = 0;

  onyx::json::Parser parser;
  measure("parse, keyword keys", lines,
          [&](const std::string& line) { sum += parser.parse(line)->count(); });
  onyx::json::Parser by_string(onyx::json::Keys::string);
  measure("parse, string keys", lines,
          [&](const std::string& line) { sum += by_string.parse(line)->count(); });

  std::vector<onyx::edn::Value> values;
  for (const auto& line : lines) values.push_back(*parser.parse(line));
  onyx::json::Writer writer;
  std::string out;
  std::size_t next = 0;
  measure("write", lines, [&](const std::string&) {
    if (out.size() > 1 << 20) out.clear();
    if (!writer.append(values[next], out)) std::abort();
    next = (next + 1) % values.size();
  });
  sum += out.size();

  simdjson::ondemand::parser walker;
  std::vector<simdjson::padded_string> padded(lines.begin(), lines.end());
  next = 0;
  measure("simdjson, fields only", lines, [&](const std::string&) {
    auto document = walker.iterate(padded[next]);
    next = (next + 1) % padded.size();
    for (auto field : document.get_object()) {
      sum += std::string_view(field.unescaped_key()).size();
      auto value = field.value();
      if (value.type() == simdjson::ondemand::json_type::number) {
        sum += static_cast<std::size_t>(std::int64_t(value.get_int64()));
      } else {
        sum += std::string_view(value.get_string()).size();
      }
    }
  });
  std::printf("(checksum %zu)\n", sum);
}
