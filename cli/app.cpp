#include "cli/app.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

#include "cli/command_tree.h"
#include "cli/completion.h"
#include "cli/context.h"
#include "cli/duration.h"
#include "cli/help.h"
#include "common/base/utf8.h"
#include "common/edn/did_you_mean.h"

namespace onyx::cli {
namespace {

// The global flags as they were typed.
struct Globals {
  std::vector<std::string> addresses;
  std::vector<std::string> tenancies;  // a list, so that an empty one is seen
  std::string format;
  std::string colour;
  std::string timeout;
  bool is_quiet = false;
  bool is_verbose = false;
  bool is_confirmed = false;

  std::vector<Argument> arguments() {
    return {
        {"--addr", "ADDR",
         "Daemon to talk to, unix:/path or HOST:PORT; several: the first that "
         "answers (ONYX_ADDR)",
         &addresses},
        {"--tenancy", "TENANCY", "Refuse a daemon of another tenancy (ONYX_TENANCY)", &tenancies},
        {"-o,--output",
         "FORMAT",
         "Format (ONYX_OUTPUT)",
         &format,
         false,
         {"table", "wide", "json", "ndjson", "edn", "name"}},
        {"--timeout", "TIME", "Longest wait: 90s, 5m, 1h30m", &timeout},
        {"--color", "WHEN", "Colours", &colour, false, {"auto", "always", "never"}},
        {"-q,--quiet", "", "Ids only, no talk", &is_quiet},
        {"-v,--verbose", "", "More about errors", &is_verbose},
        {"--yes", "", "Do not ask", &is_confirmed},
    };
  }
};

// What is wrong with the words on the command line.
struct Misuse {
  std::string code;
  std::string message;
  std::string help;
  std::vector<std::string> did_you_mean = {};
};

std::vector<std::string> split_words(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text + " ") {
    if (c != ' ' && c != ',') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  return words;
}

Result<void> apply(Globals& globals, const Terminal& terminal, Options& options) {
  static const std::map<std::string, Format> kFormats = {
      {"table", Format::table},   {"wide", Format::wide}, {"json", Format::json},
      {"ndjson", Format::ndjson}, {"edn", Format::edn},   {"name", Format::name}};
  if (globals.addresses.empty()) {
    globals.addresses = split_words(terminal.variable("ONYX_ADDR").value_or(""));
  }
  options.addresses = globals.addresses;
  if (globals.tenancies.size() > 1 ||
      (!globals.tenancies.empty() && globals.tenancies.front().empty())) {
    return failure(
        ErrorCode::invalid_argument,
        globals.tenancies.size() > 1
            ? fmt::format("found --tenancy {} times, wanted it once", globals.tenancies.size())
            : "found an empty --tenancy, wanted the name of one",
        "CLI-03");
  }
  options.tenancy = globals.tenancies.empty() ? terminal.variable("ONYX_TENANCY").value_or("")
                                              : globals.tenancies.front();
  options.is_format_given = !globals.format.empty();
  if (globals.format.empty()) globals.format = terminal.variable("ONYX_OUTPUT").value_or("table");
  const auto format = kFormats.find(globals.format);
  if (format == kFormats.end()) {
    return failure(ErrorCode::invalid_argument,
                   fmt::format("found `{}` in ONYX_OUTPUT, wanted table, wide, json, ndjson, edn "
                               "or name",
                               globals.format),
                   "CLI-03");
  }
  options.format = format->second;
  options.colour = globals.colour == "always"  ? Colour::always
                   : globals.colour == "never" ? Colour::never
                                               : Colour::automatic;
  if (!globals.timeout.empty()) {
    ONYX_ASSIGN_OR_RETURN(options.timeout, parse_duration(globals.timeout));
  }
  options.is_quiet = globals.is_quiet;
  options.is_verbose = globals.is_verbose;
  options.is_confirmed = globals.is_confirmed;
  return {};
}

void add_argument(CLI::App& app, const Argument& argument) {
  CLI::Option* option = std::visit(
      [&](auto* target) -> CLI::Option* {
        if constexpr (std::is_same_v<decltype(target), bool*>) {
          return app.add_flag(argument.names, *target, argument.help);
        } else if constexpr (std::is_same_v<decltype(target), std::string*>) {
          if (argument.bare.empty()) return app.add_option(argument.names, *target, argument.help);
          return app.add_flag(argument.names + "{" + argument.bare + "}", *target, argument.help);
        } else if constexpr (std::is_same_v<decltype(target), OrderedFlags*>) {
          return app
              .add_option_function<std::string>(
                  argument.names,
                  [target, name = argument.names](const std::string& value) {
                    target->emplace_back(name, value);
                  },
                  argument.help)
              ->trigger_on_parse();
        } else {
          return app.add_option(argument.names, *target, argument.help);
        }
      },
      argument.target);
  if (argument.is_required) option->required();
  if (!argument.choices.empty()) option->check(CLI::IsMember(argument.choices));
  const bool is_flag = argument.names.front() == '-';
  if (is_flag && std::holds_alternative<std::vector<std::string>*>(argument.target)) {
    option->expected(1)->take_all();  // one a flag, so that what follows is not swallowed
  }
}

// The tree as CLI11 knows it, and which command each part of it is.
struct Parser {
  CLI::App app;
  std::map<const CLI::App*, const Command*> commands;

  Parser(const Command& root, const std::vector<Argument>& globals) {
    app.name("onyxctl");
    for (const Argument& argument : globals) add_argument(app, argument);
    add(app, root);
  }

  void add(CLI::App& parent, const Command& command) {
    commands[&parent] = &command;
    parent.set_help_flag("-h,--help");
    for (const Argument& argument : command.arguments) add_argument(parent, argument);
    for (const Command& child : command.children) {
      CLI::App* sub = parent.add_subcommand(child.name, child.summary);
      for (const std::string& alias : child.aliases) sub->alias(alias);
      sub->fallthrough();
      add(*sub, child);
    }
  }
};

CLI::App* subcommand(CLI::App& app, const std::string& name) {
  for (CLI::App* sub : app.get_subcommands({})) {
    if (sub->check_name(name)) return sub;
  }
  return nullptr;
}

// Walks the words as CLI11 will, to find the first that means nothing: it says only that a command is missing.
class WordCheck {
 public:
  WordCheck(CLI::App& root, const Parser& parser)
      : at_(&root), words_("onyxctl"), parser_(parser) {}

  std::optional<Misuse> run(const std::vector<std::string>& arguments) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const std::string& word = arguments[i];
      if (word == "--") return std::nullopt;
      if (word.size() > 1 && word.front() == '-' && !is_number(word)) {
        if (auto misuse = check_flag(word)) return misuse;
        if (is_value_next_) ++i;
      } else if (command().children.empty()) {
        continue;  // a positional; CLI11 counts them
      } else if (CLI::App* sub = subcommand(*at_, word); sub != nullptr) {
        at_ = sub;
        words_ += " " + command().name;
      } else {
        return unknown_command(word);
      }
    }
    return std::nullopt;
  }

  const std::string& words() const { return words_; }
  const Command& command() const { return *parser_.commands.at(at_); }

 private:
  static bool is_number(const std::string& word) {
    return word.find_first_not_of("0123456789", 1) == std::string::npos;
  }

  const CLI::Option* find(const std::string& name) const {
    for (const CLI::App* app = at_; app != nullptr; app = app->get_parent()) {
      if (const CLI::Option* option = app->get_option_no_throw(name)) return option;
    }
    return nullptr;
  }

  std::optional<Misuse> check_flag(const std::string& word) {
    is_value_next_ = false;
    if (word.rfind("--", 0) == 0) {
      const std::size_t equals = word.find('=');
      const std::string name = word.substr(0, equals);
      const CLI::Option* option = find(name);
      if (option == nullptr) return unknown_flag(name);
      is_value_next_ = option->get_items_expected_max() > 0 && equals == std::string::npos;
      return std::nullopt;
    }
    for (std::size_t i = 1; i < word.size(); ++i) {
      const std::string name = std::string("-") + word[i];
      const CLI::Option* option = find(name);
      if (option == nullptr) return unknown_flag(name);
      if (option->get_items_expected_max() > 0) {  // the rest of the word is its value
        is_value_next_ = i + 1 == word.size();
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  Misuse unknown_flag(const std::string& name) const {
    std::vector<std::string> known;
    for (const CLI::App* app = at_; app != nullptr; app = app->get_parent()) {
      for (const CLI::Option* option : app->get_options()) {
        for (const std::string& text : option->get_lnames()) known.push_back(text);
      }
    }
    Misuse misuse{"CLI-02", fmt::format("`{}` has no flag `{}`", words_, name),
                  words_ + " --help  lists them"};
    for (const std::string& near :
         edn::did_you_mean(name.substr(name.find_first_not_of('-')), known)) {
      misuse.did_you_mean.push_back("--" + near);
    }
    return misuse;
  }

  Misuse unknown_command(const std::string& word) const {
    std::vector<std::string> known;
    for (const Command& child : command().children) {
      known.push_back(child.name);
      known.insert(known.end(), child.aliases.begin(), child.aliases.end());
    }
    return {"CLI-01", fmt::format("`{}` has no command `{}`", words_, word),
            words_ + " --help  lists them", edn::did_you_mean(word, known)};
  }

  CLI::App* at_;
  std::string words_;
  const Parser& parser_;
  bool is_value_next_ = false;
};

ExitCode refuse(Context& context, const Misuse& misuse) {
  edn::Diagnostic diagnostic;
  diagnostic.code = misuse.code;
  diagnostic.message = misuse.message;
  diagnostic.did_you_mean = misuse.did_you_mean;
  diagnostic.help = misuse.help;
  context.show({diagnostic});
  return ExitCode::usage;
}

// Protobuf takes no other text, and neither does a terminal.
std::optional<Misuse> check_encoding(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (is_valid_utf8(arguments[i])) continue;
    return Misuse{
        "CLI-08", fmt::format("word {} of the command line is not valid UTF-8", i + 1), {}};
  }
  return std::nullopt;
}

// The hidden command of the scripts for shells: says nothing when it has nothing to say.
ExitCode offer(Context& context, const std::vector<std::string>& words) {
  Globals globals;
  const std::vector<Argument> global_arguments = globals.arguments();
  Completion completion = complete(command_tree(context), global_arguments, words);
  // What is wrong with the environment will be said when the command runs.
  static_cast<void>(apply(globals, context.terminal, context.options));
  add_known(context, completion);
  context.terminal.out << print(completion);
  return ExitCode::done;
}

ExitCode run_words(Context& context, const std::vector<std::string>& arguments) {
  if (!arguments.empty() && arguments.front() == "__complete") {
    return offer(context, {arguments.begin() + 1, arguments.end()});
  }
  if (const auto misuse = check_encoding(arguments)) return refuse(context, *misuse);
  Globals globals;
  const std::vector<Argument> global_arguments = globals.arguments();
  const Command root = command_tree(context);
  Parser parser(root, global_arguments);
  WordCheck check(parser.app, parser);
  if (const auto misuse = check.run(arguments)) return refuse(context, *misuse);
  const auto help = [&] {
    context.terminal.out << help_of(check.command(), check.words(), global_arguments,
                                    context.out_paint());
    context.terminal.out.flush();
  };
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    parser.app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    help();
    return ExitCode::done;
  } catch (const CLI::ParseError& e) {
    return refuse(context, {"CLI-03", e.what(), check.words() + " --help  shows how it is called"});
  }
  if (auto applied = apply(globals, context.terminal, context.options); !applied) {
    return refuse(context, {applied.error().rule(), applied.error().message(), {}});
  }
  if (!check.command().run) {
    if (arguments.empty()) {  // a first look
      help();
      return ExitCode::done;
    }
    return refuse(context, {"CLI-01", fmt::format("`{}` wants a command", check.words()),
                            check.words() + " --help  lists them"});
  }
  return check.command().run();
}

}  // namespace

int run(const std::vector<std::string>& arguments, Terminal& terminal) {
  Context context(terminal);
  ExitCode code = ExitCode::failed;
  try {
    code = run_words(context, arguments);
  } catch (const std::exception& e) {
    context.complain(Error(ErrorCode::internal, std::string("a defect in onyxctl: ") + e.what()));
  }
  terminal.out.flush();
  if (!terminal.out.good()) return static_cast<int>(ExitCode::done);  // nobody reads any more
  return static_cast<int>(code);
}

}  // namespace onyx::cli
