#include <fmt/format.h>

#include <cstdint>
#include <memory>

#include "cli/case_files.h"
#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/output/words.h"
#include "cli/private_daemon.h"
#include "common/cases/judge.h"

namespace onyx::cli {
namespace {

using edn::Value;

constexpr std::int64_t kPeers = 16;  // more than any case needs; one with fewer would wait for ever

struct TestArguments {
  std::vector<std::string> paths;
  bool is_local = false;
  std::int64_t seed = 0;
  std::int64_t peers = kPeers;
};

struct Verdict {
  std::vector<cases::Mismatch> mismatches;
  std::vector<edn::Diagnostic> faults;  // of the case file itself
  std::uint64_t duration_ms = 0;

  bool is_passed() const { return mismatches.empty() && faults.empty(); }
};

cases::Outcome case_outcome(const api::CaseView& view) {
  cases::Outcome outcome;
  switch (view.ended) {
    case api::CaseView::Ended::rejected:
      outcome.ended = cases::Ended::rejected;
      break;
    case api::CaseView::Ended::completed:
      outcome.ended = cases::Ended::completed;
      break;
    case api::CaseView::Ended::killed:
      outcome.ended = cases::Ended::killed;
      break;
    case api::CaseView::Ended::timed_out:
      outcome.ended = cases::Ended::timed_out;
      break;
  }
  outcome.diagnostics = view.diagnostics;
  for (const auto& [task, segments] : view.outputs_edn) {
    std::vector<Value>& values = outcome.outputs[task];
    for (const std::string& segment : segments) values.push_back(read_or_text(segment));
  }
  outcome.exception = read_or_text(view.exception_edn);
  return outcome;
}

api::Answer<Verdict> run_case(Client& client, const CaseFile& file,
                              const TestArguments& arguments) {
  Verdict verdict;
  if (!file.content) {
    verdict.faults = file.content.error();
    return verdict;
  }
  const auto view = client.run_case(
      {{file.text, file.path}, arguments.is_local, static_cast<std::uint64_t>(arguments.seed)});
  if (!view) {
    // A daemon that has gone fails the run; one that answers has refused this case.
    if (view.error().error.code() == ErrorCode::unavailable) {
      return tl::unexpected<api::Refusal>(view.error());
    }
    verdict.mismatches.push_back(
        {"the daemon could not run it", "a run", view.error().error.text(), {}});
    return verdict;
  }
  verdict.duration_ms = view->duration_ms;
  verdict.mismatches = cases::judge(*file.content, case_outcome(*view));
  return verdict;
}

std::string indented(const std::string& text) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "               ";
  }
  return out;
}

std::string lines_of(const CaseFile& file, const Verdict& verdict, const Paint& paint) {
  std::string out = verdict.is_passed() ? paint.green("✓") : paint.red("✗");
  out += " " + file.path;
  if (verdict.is_passed())
    return out + paint.dim(fmt::format("  {} ms", verdict.duration_ms)) + "\n";
  out += "\n";
  if (file.content && !file.content->doc.empty()) out += "    " + file.content->doc + "\n";
  for (const cases::Mismatch& mismatch : verdict.mismatches) {
    out += "    " + paint.bold(mismatch.what);
    if (mismatch.span.is_known()) {
      out += fmt::format("   {}:{}:{}", file.path, mismatch.span.line, mismatch.span.column);
    }
    out += "\n      expected " + indented(mismatch.expected) + "\n";
    out += "      got      " + indented(mismatch.got) + "\n";
  }
  for (const edn::Diagnostic& fault : verdict.faults) {
    out += edn::render(fault, file.text, paint.is_on());
    if (out.back() != '\n') out += "\n";
  }
  return out;
}

Value value_of_case(const CaseFile& file, const Verdict& verdict) {
  std::vector<Value> mismatches;
  for (const cases::Mismatch& mismatch : verdict.mismatches) {
    mismatches.push_back(fields_of({
        {"what", Value::string(mismatch.what)},
        {"expected", Value::string(mismatch.expected)},
        {"got", Value::string(mismatch.got)},
        {"line", mismatch.span.is_known() ? Value::integer(mismatch.span.line) : Value()},
        {"col", mismatch.span.is_known() ? Value::integer(mismatch.span.column) : Value()},
    }));
  }
  std::vector<Value> faults;
  for (const edn::Diagnostic& fault : verdict.faults) {
    faults.push_back(value_of(fault));
  }
  return fields_of({
      {"file", Value::string(file.path)},
      {"doc", file.content ? text_value(file.content->doc) : Value()},
      {"passed", Value::boolean(verdict.is_passed())},
      {"duration_ms", Value::integer(static_cast<std::int64_t>(verdict.duration_ms))},
      {"mismatches", Value::vector(std::move(mismatches))},
      {"faults", Value::vector(std::move(faults))},
  });
}

ExitCode run_all(Context& context, const std::vector<CaseFile>& files,
                 const TestArguments& arguments, Client& client) {
  const Format format = context.options.format;
  const Paint paint = context.out_paint();
  std::vector<Value> items;
  std::int64_t failed = 0;
  for (const CaseFile& file : files) {
    if (context.terminal.interrupts.was_raised()) return ExitCode::interrupted;
    const auto verdict = run_case(client, file, arguments);
    if (!verdict) return context.complain(verdict.error());
    if (!verdict->is_passed()) ++failed;
    if (format == Format::json || format == Format::edn) {
      items.push_back(value_of_case(file, *verdict));
    } else if (format == Format::ndjson) {
      context.emit_line(print_line("CaseResult", value_of_case(file, *verdict), format));
    } else if (format == Format::name || context.options.is_quiet) {
      if (!verdict->is_passed()) context.emit_line(file.path + "\n");
    } else {
      context.emit_line(lines_of(file, *verdict, paint));
    }
  }
  const auto passed = static_cast<std::int64_t>(files.size()) - failed;
  if (format == Format::json || format == Format::edn) {
    Report report;
    report.kind = "TestReport";
    report.items = "cases";
    report.fields = fields_of({{"passed", Value::integer(passed)},
                               {"failed", Value::integer(failed)},
                               {"cases", Value::vector(std::move(items))}});
    context.emit(report);
  } else if ((format == Format::table || format == Format::wide) && !context.options.is_quiet) {
    context.emit_line(fmt::format("{} passed, {} failed\n", passed, failed));
  }
  return failed == 0 ? ExitCode::done : ExitCode::tests_failed;
}

ExitCode test(Context& context, const TestArguments& arguments) {
  if (arguments.seed < 0 || arguments.peers < 1) {
    context.complain(
        Error(ErrorCode::invalid_argument, "--seed wants 0 or more, --peers 1 or more", "CLI-03"));
    return ExitCode::usage;
  }
  const auto files = find_cases(arguments.paths);
  if (!files) return context.complain(files.error());
  std::unique_ptr<PrivateDaemon> daemon;
  if (context.options.addresses.empty()) {
    auto started = PrivateDaemon::start(static_cast<int>(arguments.peers));
    if (!started) return context.complain(started.error());
    daemon = std::move(*started);
    context.options.addresses = {daemon->address()};
    context.options.tenancy.clear();  // which is about daemons that are not ours
  }
  const Interrupts::Scope scope(context.terminal.interrupts, [&daemon] {
    if (daemon) daemon->interrupt();
  });
  const auto client = context.connect();
  if (!client) return context.complain(client.error());
  const ExitCode code = run_all(context, *files, arguments, **client);
  return context.terminal.interrupts.was_raised() ? ExitCode::interrupted : code;
}

}  // namespace

Command test_command(Context& context) {
  auto arguments = std::make_shared<TestArguments>();
  Command command;
  command.name = "test";
  command.summary = "Run cases: a job, its inputs, what has to come out";
  command.examples = {"onyxctl test tests/", "onyxctl test case.edn --local --seed 7",
                      "onyxctl test tests/ -o json > report.json"};
  command.arguments = {
      {"PATH", "", "Case files, or directories of them", &arguments->paths, true},
      {"--local", "", "In one thread, with a virtual clock", &arguments->is_local},
      {"--seed", "N", "Of a --local run", &arguments->seed},
      {"--peers", "N", "Of the daemon that is started when no --addr is given; 16",
       &arguments->peers},
  };
  command.run = [&context, arguments] { return test(context, *arguments); };
  return command;
}

}  // namespace onyx::cli
