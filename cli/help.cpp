#include "cli/help.h"

#include <algorithm>
#include <utility>

#include "cli/output/words.h"

namespace onyx::cli {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

bool is_positional(const Argument& argument) { return argument.names.front() != '-'; }

bool takes_many(const Argument& argument) {
  return std::holds_alternative<std::vector<std::string>*>(argument.target);
}

std::string left_of(const Argument& argument) {
  if (is_positional(argument)) return argument.names;
  std::string names = argument.names;
  if (const std::size_t comma = names.find(','); comma != std::string::npos) {
    names.insert(comma + 1, " ");
  } else if (names.rfind("--", 0) == 0) {
    names = "    " + names;
  }
  if (!argument.bare.empty()) names += "[=WHEN]";
  return argument.value.empty() ? names : names + " " + argument.value;
}

std::string right_of(const Argument& argument) {
  std::string text = argument.help;
  for (const std::string& choice : argument.choices) {
    text += (&choice == &argument.choices.front() ? ": " : ", ") + choice;
  }
  return text;
}

void add_section(std::string& out, const std::string& title, const Rows& rows, const Paint& paint) {
  if (rows.empty()) return;
  std::size_t width = 0;
  for (const auto& [left, right] : rows) width = std::max(width, width_of(left));
  out += "\n" + paint.bold(title) + "\n";
  for (const auto& [left, right] : rows) {
    out += "  " + left;
    if (!right.empty()) out += std::string(width - width_of(left) + 2, ' ') + right;
    out += "\n";
  }
}

std::string usage(const Command& command, const std::string& words) {
  std::string line = words;
  if (!command.children.empty()) return line + " COMMAND [flags]";
  for (const Argument& argument : command.arguments) {
    if (!is_positional(argument)) continue;
    const std::string name = argument.names + (takes_many(argument) ? "…" : "");
    line += argument.is_required ? " " + name : " [" + name + "]";
  }
  return line + " [flags]";
}

}  // namespace

std::string help_of(const Command& command, const std::string& words,
                    const std::vector<Argument>& global, const Paint& paint) {
  std::string out = command.summary + "\n";
  Rows examples;
  for (const std::string& example : command.examples) examples.emplace_back(example, "");
  add_section(out, "Examples", examples, paint);
  add_section(out, "Usage", {{usage(command, words), ""}}, paint);
  std::vector<std::string> groups;
  for (const Command& child : command.children) {
    if (std::find(groups.begin(), groups.end(), child.group) == groups.end()) {
      groups.push_back(child.group);
    }
  }
  for (const std::string& group : groups) {
    Rows rows;
    for (const Command& child : command.children) {
      if (child.group == group) rows.emplace_back(child.name, child.summary);
    }
    add_section(out, group.empty() ? "Commands" : group, rows, paint);
  }
  Rows positionals;
  Rows flags;
  for (const Argument& argument : command.arguments) {
    (is_positional(argument) ? positionals : flags)
        .emplace_back(left_of(argument), right_of(argument));
  }
  add_section(out, "Arguments", positionals, paint);
  add_section(out, "Flags", flags, paint);
  Rows globals;
  for (const Argument& argument : global) {
    globals.emplace_back(left_of(argument), right_of(argument));
  }
  globals.emplace_back("-h, --help", "This text");
  add_section(out, "Global flags", globals, paint);
  if (!command.children.empty()) {
    out += "\nMore about one: " + words + " COMMAND --help\n";
  }
  return out;
}

}  // namespace onyx::cli
