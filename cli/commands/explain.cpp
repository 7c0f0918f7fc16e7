#include <algorithm>
#include <cctype>
#include <memory>

#include "cli/codes.h"
#include "cli/commands/commands.h"
#include "cli/context.h"
#include "common/edn/did_you_mean.h"

namespace onyx::cli {
namespace {

ExitCode explain_code(Context& context, std::string code) {
  for (char& c : code) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const std::vector<model::ErrorCodeDoc> codes = explained_codes();
  Report report;
  if (code.empty()) {
    report.kind = "ErrorCodeList";
    report.items = "codes";
    report.table.columns = {{"code"}, {"what"}};
    std::vector<edn::Value> items;
    for (const model::ErrorCodeDoc& doc : codes) {
      items.push_back(
          fields_of({{"code", text_value(doc.code)}, {"title", text_value(doc.title)}}));
      report.names.emplace_back(doc.code);
      report.table.rows.push_back({std::string(doc.code), std::string(doc.title)});
    }
    report.fields = fields_of({{"codes", edn::Value::vector(std::move(items))}});
    return context.emit(report);
  }
  const auto doc = std::find_if(codes.begin(), codes.end(),
                                [&](const model::ErrorCodeDoc& row) { return row.code == code; });
  if (doc == codes.end()) {
    std::vector<std::string> known;
    for (const model::ErrorCodeDoc& row : codes) known.emplace_back(row.code);
    edn::Diagnostic diagnostic;
    diagnostic.code = "CLI-07";
    diagnostic.message = "no error has the code " + code;
    diagnostic.did_you_mean = edn::did_you_mean(code, known);
    diagnostic.help = "onyxctl explain  lists them";
    context.show({diagnostic});
    return ExitCode::not_found;
  }
  report.kind = "ErrorCode";
  report.names = {std::string(doc->code)};
  report.fields = fields_of({{"code", text_value(doc->code)},
                             {"title", text_value(doc->title)},
                             {"explanation", text_value(doc->explanation)}});
  report.text = context.out_paint().bold(doc->code) + "  " + std::string(doc->title) + "\n\n" +
                std::string(doc->explanation) + "\n";
  return context.emit(report);
}

}  // namespace

Command explain_command(Context& context) {
  auto code = std::make_shared<std::string>();
  Command command;
  command.name = "explain";
  command.summary = "What an error code means and what to do about it";
  command.examples = {"onyxctl explain CAT-12", "onyxctl explain"};
  command.arguments = {
      {"CODE", "", "As it stands in error[…]; without it, all of them", code.get()}};
  command.run = [&context, code] { return explain_code(context, *code); };
  return command;
}

}  // namespace onyx::cli
