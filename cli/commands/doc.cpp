#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cli/commands/commands.h"
#include "cli/context.h"
#include "common/edn/did_you_mean.h"
#include "common/model/information_model.h"

namespace onyx::cli {
namespace {

using edn::Value;
using model::ModelKey;

struct DocArguments {
  std::string word;
  bool is_list = false;
};

std::string_view word_of(model::Need need) {
  switch (need) {
    case model::Need::required:
      return "required";
    case model::Need::optional:
      return "optional";
    case model::Need::conditional:
      return "conditional";
  }
  return "";
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

Value value_of_key(const ModelKey& key) {
  return fields_of({
      {"key", Value::string(":" + std::string(key.key))},
      {"section", text_value(model::name_of(key.section))},
      {"type", text_value(key.type_text)},
      {"need", Value::string(word_of(key.need))},
      {"required_when", text_value(key.required_when)},
      {"default", text_value(key.default_text)},
      {"choices", text_value(key.choices)},
      {"unit", text_value(key.unit)},
      {"restrictions", text_value(key.restrictions)},
      {"added", text_value(key.added)},
      {"deprecated", text_value(key.deprecated)},
      {"instead", text_value(key.instead)},
      {"doc", text_value(key.doc)},
      {"notice", text_value(key.notice)},
  });
}

std::string page_of(const ModelKey& key, const Paint& paint) {
  std::string out = paint.bold(":" + std::string(key.key));
  if (!key.type_text.empty()) out += "   " + std::string(key.type_text);
  if (key.need == model::Need::conditional && !key.required_when.empty()) {
    out += "   required when " + std::string(key.required_when);
  } else {
    out += "   " + std::string(word_of(key.need));
  }
  out += fmt::format("   of a {}\n", model::name_of(key.section));
  const auto line = [&](std::string_view what, std::string_view text) {
    if (!text.empty()) out += fmt::format("  {:<13}{}\n", what, text);
  };
  if (!key.doc.empty()) out += "  " + std::string(key.doc) + "\n";
  line("default", key.default_text);
  line("choices", key.choices);
  line("unit", key.unit);
  line("restrictions", key.restrictions);
  line("notice", key.notice);
  if (!key.deprecated.empty()) {
    line("removed in", key.deprecated);
    line("instead", key.instead);
  }
  line("since", key.added);
  return out;
}

Report report_of(const std::vector<const ModelKey*>& keys, bool is_list, const Paint& paint) {
  Report report;
  report.kind = "KeyList";
  report.items = "keys";
  std::vector<Value> items;
  if (is_list) report.table.columns = {{"key"}, {"of"}, {"type"}, {"need"}, {"default"}};
  for (const ModelKey* key : keys) {
    items.push_back(value_of_key(*key));
    report.names.push_back(":" + std::string(key->key));
    if (is_list) {
      report.table.rows.push_back({":" + std::string(key->key),
                                   std::string(model::name_of(key->section)),
                                   std::string(key->type_text), std::string(word_of(key->need)),
                                   std::string(key->default_text)});
    } else {
      report.text += (report.text.empty() ? "" : "\n") + page_of(*key, paint);
    }
  }
  report.fields = fields_of({{"keys", Value::vector(std::move(items))}});
  return report;
}

std::vector<const ModelKey*> search(std::string_view word) {
  const std::string wanted = lower(word);
  std::vector<const ModelKey*> found;
  for (const ModelKey* key : model::all_keys()) {
    if (lower(key->key).find(wanted) != std::string::npos ||
        lower(key->doc).find(wanted) != std::string::npos) {
      found.push_back(key);
    }
  }
  return found;
}

ExitCode show_keys(Context& context, const DocArguments& arguments) {
  std::string word = arguments.word;
  const bool is_key = !word.empty() && word.front() == ':';
  if (is_key) word.erase(0, 1);
  if (word.empty()) {
    return context.emit(report_of(model::all_keys(), true, context.out_paint()));
  }
  if (const auto exact = model::find_keys(word); !exact.empty()) {
    return context.emit(report_of(exact, arguments.is_list, context.out_paint()));
  }
  const auto found = is_key ? std::vector<const ModelKey*>{} : search(word);
  if (!found.empty()) return context.emit(report_of(found, true, context.out_paint()));
  std::vector<std::string> known;
  for (const ModelKey* key : model::all_keys()) known.push_back(":" + std::string(key->key));
  edn::Diagnostic diagnostic;
  diagnostic.code = "CLI-07";
  diagnostic.message = fmt::format("no key {}{} in the information model", is_key ? ":" : "", word);
  diagnostic.did_you_mean = edn::did_you_mean(word, known);
  diagnostic.help = "onyxctl doc  lists all of them";
  context.show({diagnostic});
  return ExitCode::not_found;
}

}  // namespace

Command doc_command(Context& context) {
  auto arguments = std::make_shared<DocArguments>();
  Command command;
  command.name = "doc";
  command.summary = "Reference of every key of jobs and configuration";
  command.examples = {"onyxctl doc :onyx/batch-size", "onyxctl doc timeout", "onyxctl doc"};
  command.arguments = {
      {"KEY", "", "A key, or a word to look for; without it, all keys", &arguments->word},
      {"--list", "", "A line a key", &arguments->is_list},
  };
  command.run = [&context, arguments] { return show_keys(context, *arguments); };
  return command;
}

}  // namespace onyx::cli
