#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "cli/job_file.h"
#include "cli/offline_check.h"
#include "cli/output/words.h"

namespace onyx::cli {
namespace {

struct ValidateArguments {
  std::vector<std::string> files;
  std::vector<std::string> functions;
};

struct Checked {
  std::vector<edn::Diagnostic> found;
  std::string rendered;
  std::optional<ExitCode> unreadable;  // said already
};

Checked check(Context& context, const std::string& file, const ValidateArguments& arguments) {
  Checked checked;
  const auto job = read_job_file(file, arguments.functions, context.terminal.in);
  if (job) {
    checked.found = check_offline(*job);
  } else if (job.error().refusal.diagnostics.empty()) {
    checked.unreadable = context.complain(job.error().refusal);
    return checked;
  } else {
    checked.found = job.error().refusal.diagnostics;
  }
  for (const edn::Diagnostic& diagnostic : checked.found) {
    std::string rendered =
        edn::render(diagnostic, job ? job->text_of(diagnostic) : std::string_view(job.error().text),
                    context.out_paint().is_on());
    if (!rendered.empty() && rendered.back() != '\n') rendered += '\n';
    checked.rendered += rendered + "\n";
  }
  return checked;
}

// What was found is what was asked for, so it goes to stdout.
ExitCode validate(Context& context, const ValidateArguments& arguments) {
  Report report;
  report.kind = "Validation";
  report.items = "findings";
  std::vector<edn::Value> findings;
  ExitCode code = ExitCode::done;
  for (const std::string& file : arguments.files) {
    const Checked checked = check(context, file, arguments);
    if (checked.unreadable) {
      code = std::max(code, *checked.unreadable);
      continue;
    }
    const auto errors =
        std::count_if(checked.found.begin(), checked.found.end(),
                      [](const edn::Diagnostic& d) { return d.severity == edn::Severity::error; });
    const auto warnings = static_cast<std::int64_t>(checked.found.size()) - errors;
    report.text += checked.rendered;
    report.text +=
        fmt::format("{}: {}, {}\n", file, count_of(errors, "error"), count_of(warnings, "warning"));
    if (errors > 0) {
      code = std::max(code, ExitCode::invalid);
      report.names.push_back(file);
    }
    for (const edn::Diagnostic& diagnostic : checked.found) {
      findings.push_back(value_of(diagnostic));
    }
  }
  report.fields = fields_of({{"valid", edn::Value::boolean(code == ExitCode::done)},
                             {"findings", edn::Value::vector(std::move(findings))}});
  context.emit(report);
  return code;
}

}  // namespace

Command validate_command(Context& context) {
  auto arguments = std::make_shared<ValidateArguments>();
  Command command;
  command.name = "validate";
  command.aliases = {"lint"};
  command.summary = "Say everything that is wrong with a job; needs no daemon";
  command.examples = {"onyxctl validate job.edn", "onyxctl validate jobs/*.edn -o json"};
  command.arguments = {
      {"FILE", "", "Jobs, EDN; - reads stdin", &arguments->files, true},
      {"--functions", "FILE", "Functions to add to the job's; may be repeated",
       &arguments->functions},
  };
  command.run = [&context, arguments] { return validate(context, *arguments); };
  return command;
}

}  // namespace onyx::cli
