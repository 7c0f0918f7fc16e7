// What a call of the function language costs from C++ with one segment of five keys, in nanoseconds of CPU time, so that
// a busy machine changes little.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <vector>

#include "common/lang/program.h"
#include "common/lang/reader.h"

using namespace onyx;
using edn::Value;

namespace {

constexpr int kSegments = 1'000;
constexpr int kRounds = 200;
constexpr int kRuns = 7;

double cpu_nanoseconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

std::vector<Value> segments() {
  std::vector<Value> all;
  for (int i = 0; i < kSegments; ++i) {
    all.push_back(
        Value::map({{Value::keyword("n"), Value::integer(i)},
                    {Value::keyword("type"), Value::keyword(i % 3 == 0 ? "view" : "click")},
                    {Value::keyword("amount"), Value::integer(i * 7)},
                    {Value::keyword("user"), Value::string("user-17")},
                    {Value::keyword("url"), Value::string("https://example.com/some/page")}}));
  }
  return all;
}

void measure(std::string_view text, bool keeps_result) {
  const auto forms = lang::read_source(fmt::format("(ns b) (def f {})", text), "bench.clj");
  lang::Source source;
  source.files.emplace_back();
  for (const auto& form : *forms) source.files[0].forms.push_back({form.value, &form.place});
  const lang::Compiled compiled = lang::compile(source);
  if (compiled.program == nullptr) {
    fmt::print("{}: {}\n", text, compiled.diagnostics[0].message);
    return;
  }
  lang::Instance instance(compiled.program);
  const Value f = instance.value(*compiled.program->find(Value::keyword("b/f")));
  std::vector<double> times;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<Value> batch = segments();
    const double start = cpu_nanoseconds();
    for (int round = 0; round < kRounds; ++round) {
      for (Value& segment : batch) {
        if (keeps_result) {
          // The segment is ours alone, as after a batch has been read.
          lang::Outcome outcome = instance.call(f, std::span<Value>(&segment, 1));
          segment = std::move(outcome.value);
        } else {
          Value argument = segment;
          instance.call(f, std::span<Value>(&argument, 1));
        }
      }
    }
    times.push_back((cpu_nanoseconds() - start) / (kRounds * kSegments));
  }
  std::sort(times.begin(), times.end());
  fmt::print("{:7.1f} ns (best {:.1f})  {}\n", times[kRuns / 2], times[0], text);
}

}  // namespace

int main() {
  measure("(fn [s] s)", true);
  measure("(fn [s] (update s :n inc))", true);
  measure("(fn [s] (update s :n + 3))", true);
  measure("(fn [s] (update s :n (fn [n] (+ n 1))))", true);
  measure("(fn [s] (assoc s :total (* (:amount s) 3)))", true);
  measure("(fn [s] (= :view (:type s)))", false);
  measure("(fn [{:keys [n amount] :as s}] (assoc s :n (+ n amount)))", true);
  measure("(fn [{:keys [n amount]}] (+ n amount))", false);
  measure("(fn [s] {:n (:n s) :total (* 3 (:amount s))})", false);
  measure("(fn [s] (select-keys s [:n :type]))", false);
  measure("(fn [s] (dissoc s :url))", false);
  measure("(fn [s] (loop [i 0] (if (< i 100) (recur (inc i)) i)))", false);
  measure("(fn [s] (reduce + (map inc (range 100))))", false);
  return 0;
}
