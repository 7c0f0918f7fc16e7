#include <memory>

#include "cli/commands/commands.h"
#include "cli/completion_scripts.h"
#include "cli/context.h"

namespace onyx::cli {

Command completion_command(Context& context) {
  auto shell = std::make_shared<std::string>();
  Command command;
  command.name = "completion";
  command.summary = "The script with which a shell completes commands, flags, jobs, groups, peers";
  command.examples = {
      "onyxctl completion bash > ~/.local/share/bash-completion/completions/onyxctl",
      "onyxctl completion fish > ~/.config/fish/completions/onyxctl.fish"};
  command.arguments = {{"SHELL", "", "Whose script", shell.get(), true, {"bash", "zsh", "fish"}}};
  command.run = [&context, shell] {
    context.emit_line(std::string(*shell == "bash"  ? kBashCompletion
                                  : *shell == "zsh" ? kZshCompletion
                                                    : kFishCompletion));
    return ExitCode::done;
  };
  return command;
}

}  // namespace onyx::cli
