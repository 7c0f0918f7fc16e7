// A command as data: what it is called, takes and does. app.cpp makes the command line of it, and help.cpp the help.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cli/exit_code.h"

namespace onyx::cli {

// Flags that may be repeated and mixed, with their values, in the order they were typed.
using OrderedFlags = std::vector<std::pair<std::string, std::string>>;

struct Argument {
  std::string names;  // "-f,--follow", "--id", or of a positional: "FILE"
  std::string
      value;  // how its value is called in help: "UUID"; empty for a switch and a positional
  std::string help;
  std::variant<bool*, std::string*, std::vector<std::string>*, std::int64_t*, OrderedFlags*> target;
  bool is_required = false;
  std::vector<std::string> choices = {};
  std::string bare = {};  // what a flag without `=VALUE` stands for; empty: a value has to follow
};

struct Command {
  std::string name;
  std::string summary;     // one line
  std::string group = {};  // heading in the parent's help
  std::vector<std::string> aliases = {};
  std::vector<std::string> examples = {};
  std::vector<Argument> arguments = {};
  std::function<ExitCode()> run = {};  // none: a noun, whose verbs are its children
  std::vector<Command> children = {};
};

}  // namespace onyx::cli
