#include "common/cases/judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/cases/pattern.h"
#include "common/edn/printer.h"

namespace onyx::cases {
namespace {

using edn::Value;

constexpr std::size_t kSegmentsShown = 20;

std::string_view words(Ended ended) {
  switch (ended) {
    case Ended::rejected:
      return "the job was refused at submission";
    case Ended::completed:
      return "the job completed";
    case Ended::killed:
      return "the job was killed";
    case Ended::timed_out:
      return "the job did not end in time";
  }
  return "";
}

std::string print_all(const std::vector<Value>& segments) {
  std::string out = "[";
  for (std::size_t i = 0; i < segments.size() && i < kSegmentsShown; ++i) {
    if (i > 0) out += ' ';
    edn::print(segments[i], out);
  }
  if (segments.size() > kSegmentsShown) {
    out += fmt::format(" … {} more", segments.size() - kSegmentsShown);
  }
  return out + "]";
}

std::string head_of(const edn::Diagnostic& diagnostic) {
  std::string out = edn::print(Value::vector(diagnostic.path)) + " " + diagnostic.message;
  for (const std::string& note : diagnostic.notes) out += "\n" + note;
  return out;
}

std::string print_all(const std::vector<edn::Diagnostic>& diagnostics) {
  std::string out;
  for (const edn::Diagnostic& diagnostic : diagnostics) {
    if (!out.empty()) out += "\n";
    out += head_of(diagnostic);
  }
  return out.empty() ? "no error at all" : out;
}

// Everything a person reads of a diagnostic.
bool says(const edn::Diagnostic& diagnostic, const std::string& pattern) {
  if (is_found(pattern, diagnostic.message) || is_found(pattern, diagnostic.label) ||
      is_found(pattern, diagnostic.help)) {
    return true;
  }
  return std::any_of(diagnostic.notes.begin(), diagnostic.notes.end(),
                     [&](const std::string& note) { return is_found(pattern, note); });
}

bool is_prefix(const std::vector<Value>& prefix, const std::vector<Value>& path) {
  return prefix.size() <= path.size() && std::equal(prefix.begin(), prefix.end(), path.begin());
}

bool agrees(const ExpectedError& expected, const edn::Diagnostic& diagnostic) {
  if (diagnostic.severity != edn::Severity::error) return false;
  if (expected.path && !is_prefix(*expected.path, diagnostic.path)) return false;
  return !expected.message_matches || says(diagnostic, *expected.message_matches);
}

std::string print(const ExpectedError& expected) {
  std::string out = "an error";
  if (expected.path) out += " at " + edn::print(Value::vector(*expected.path));
  if (expected.message_matches) out += " that matches /" + *expected.message_matches + "/i";
  return out;
}

void judge_rejection(const ExpectedError& expected, const Outcome& outcome,
                     std::vector<Mismatch>& found) {
  if (outcome.ended != Ended::rejected) {
    found.push_back(
        {"the job was accepted", print(expected), std::string(words(outcome.ended)), {}});
    return;
  }
  const bool is_said = std::any_of(outcome.diagnostics.begin(), outcome.diagnostics.end(),
                                   [&](const edn::Diagnostic& d) { return agrees(expected, d); });
  if (!is_said) {
    found.push_back({"the job was refused for another reason",
                     print(expected),
                     print_all(outcome.diagnostics),
                     {}});
  }
}

void judge_exception(const ExpectedException& expected, const Outcome& outcome,
                     std::vector<Mismatch>& found) {
  if (outcome.ended == Ended::rejected) {
    // Seen in the job itself, which is as good; only the message can be compared.
    if (!expected.message_matches) return;
    const bool is_said =
        std::any_of(outcome.diagnostics.begin(), outcome.diagnostics.end(),
                    [&](const edn::Diagnostic& d) { return says(d, *expected.message_matches); });
    if (!is_said) {
      found.push_back({"the job was refused for another reason",
                       "a message that matches /" + *expected.message_matches + "/i",
                       print_all(outcome.diagnostics),
                       {}});
    }
    return;
  }
  const Value& exception = outcome.exception;
  const Value message = exception.is_map() ? exception.get("message") : Value();
  if (expected.message_matches &&
      !(message.is_string() && is_found(*expected.message_matches, message.as_string()))) {
    found.push_back({"the exception's message differs",
                     "a message that matches /" + *expected.message_matches + "/i",
                     edn::print(message),
                     {}});
  }
  if (!expected.data) return;
  const Value data = exception.is_map() ? exception.get("data") : Value();
  for (const edn::Entry entry : expected.data->entries()) {
    const Value* got = data.is_map() ? data.find(entry.key) : nullptr;
    if (got != nullptr && *got == entry.value) continue;
    found.push_back({fmt::format("the exception's data differs at {}", edn::print(entry.key)),
                     edn::print(entry.value),
                     got == nullptr ? "nothing" : edn::print(*got),
                     {}});
  }
}

// What is left of `from` when each of `taken` has taken one that equals it.
std::vector<Value> without(std::vector<Value> from, const std::vector<Value>& taken) {
  for (const Value& value : taken) {
    const auto it = std::find(from.begin(), from.end(), value);
    if (it != from.end()) from.erase(it);
  }
  return from;
}

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} segment{} {}", count, count == 1 ? "" : "s", what);
}

void judge_output(const std::string& task, const ExpectedOutput& expected, bool may_have_more,
                  const Outcome& outcome, std::vector<Mismatch>& found) {
  const auto it = outcome.outputs.find(task);
  static const std::vector<Value> kNone;
  const std::vector<Value>& got = it == outcome.outputs.end() ? kNone : it->second;
  if (expected.is_ordered) {
    if (got == expected.segments) return;
    const bool is_same_bag =
        got.size() == expected.segments.size() && without(got, expected.segments).empty();
    found.push_back({fmt::format("output :{}, {}", task,
                                 is_same_bag ? "the order differs" : "the segments differ"),
                     print_all(expected.segments), print_all(got), expected.span});
    return;
  }
  const std::vector<Value> missing = without(expected.segments, got);
  const std::vector<Value> extra = without(got, expected.segments);
  std::string what;
  if (!missing.empty()) what = counted(missing.size(), "missing");
  if (!may_have_more && !extra.empty()) {
    if (!what.empty()) what += ", ";
    what += counted(extra.size(), "too many");
  }
  if (what.empty()) return;
  found.push_back({fmt::format("output :{}, {}", task, what), print_all(expected.segments),
                   print_all(got), expected.span});
}

}  // namespace

std::vector<Mismatch> judge(const Case& expected, const Outcome& outcome) {
  std::vector<Mismatch> found;
  if (expected.error) {
    judge_rejection(*expected.error, outcome, found);
    return found;
  }
  if (expected.state == ExpectedState::killed) {
    if (outcome.ended != Ended::killed && outcome.ended != Ended::rejected) {
      found.push_back(
          {"the end differs", "the job is killed", std::string(words(outcome.ended)), {}});
    } else if (expected.exception) {
      judge_exception(*expected.exception, outcome, found);
    }
    return found;
  }
  if (outcome.ended != Ended::completed) {
    std::string got(words(outcome.ended));
    if (outcome.ended == Ended::rejected) got += "\n" + print_all(outcome.diagnostics);
    if (outcome.ended == Ended::killed) got += "\n" + edn::print(outcome.exception);
    found.push_back({"the end differs", "the job completes", std::move(got), {}});
    return found;
  }
  for (const auto& [task, output] : expected.expect) {
    judge_output(task, output, false, outcome, found);
  }
  for (const auto& [task, output] : expected.expect_contains) {
    judge_output(task, output, true, outcome, found);
  }
  return found;
}

}  // namespace onyx::cases
