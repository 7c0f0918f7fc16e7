// What every command has: the terminal, the global options, and the daemon when it needs one.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/output/report.h"
#include "cli/terminal.h"
#include "common/api/refusal.h"

namespace onyx::cli {

struct Options {
  std::vector<std::string> addresses;  // of --addr, else ONYX_ADDR; empty: the local socket
  std::string tenancy;                 // of --tenancy, else ONYX_TENANCY; empty: any
  Format format = Format::table;
  bool is_format_given = false;
  Colour colour = Colour::automatic;
  std::optional<std::chrono::milliseconds> timeout;
  bool is_quiet = false;
  bool is_verbose = false;
  bool is_confirmed = false;  // --yes
};

class Context {
 public:
  explicit Context(Terminal& world) : terminal(world) {}

  Terminal& terminal;
  Options options;

  Paint out_paint() const;
  Paint err_paint() const;
  bool is_machine_read() const;  // json, ndjson, edn

  // Those of the options, else the local socket.
  std::vector<std::string> addresses() const;
  // The first of the addresses that answers; refused when it serves another tenancy than the options name, before
  // anything else is asked. Without one, no call is made. Prints nothing.
  api::Answer<Client*> connect();
  // Instead of the addresses of the options.
  void use(std::unique_ptr<Client> client) { client_ = std::move(client); }

  // Prints to stdout.
  ExitCode emit(const Report& report);
  // One object of a stream, flushed. False when nobody reads any more.
  bool emit_line(const std::string& line);

  // A line of talk, on stderr; not with -q.
  void say(const std::string& line);

  // The document that a diagnostic points into; empty when there is none.
  using TextOf = std::function<std::string_view(const edn::Diagnostic&)>;

  // Renders to stderr.
  ExitCode complain(const api::Refusal& refusal, const TextOf& text_of = {});
  ExitCode complain(const Error& error) { return complain(api::Refusal(error)); }
  // What was typed makes no sense: exit 2, whatever the error's code.
  ExitCode misuse(const Error& error);
  void show(const std::vector<edn::Diagnostic>& diagnostics, const TextOf& text_of = {});

 private:
  // failed_precondition with rule CLI-09.
  api::Answer<void> check_tenancy(Client& client) const;

  std::unique_ptr<Client> client_;
};

// `{code,severity,message,path,file,line,col,end,notes,did_you_mean,help}`.
edn::Value value_of(const edn::Diagnostic& diagnostic);

}  // namespace onyx::cli
