#include "cli/context.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "common/api/local_socket.h"

namespace onyx::cli {
namespace {

using edn::Value;

constexpr std::chrono::milliseconds kCallMax{30'000};

Value vector_or_nil(const std::vector<std::string>& texts) {
  if (texts.empty()) return {};
  std::vector<Value> values;
  for (const std::string& text : texts) values.push_back(Value::string(text));
  return Value::vector(std::move(values));
}

// How to go on after a refusal that is not about a document.
void add_help(const api::Refusal& refusal, edn::Diagnostic& diagnostic) {
  if (refusal.error.rule() == "NET-10") {
    diagnostic.help = "start one with  onyxd --dev   or say where it is with --addr or ONYX_ADDR";
  } else if (refusal.error.rule() == "CLI-09") {
    diagnostic.help = "name a daemon of that tenancy with --addr or ONYX_ADDR; nothing was done";
  } else if (refusal.is_ambiguous) {
    diagnostic.help = "write more of the id";
  } else if (refusal.error.code() == ErrorCode::not_found && !refusal.candidates.empty()) {
    diagnostic.help = refusal.error.message().rfind("no group", 0) == 0
                          ? "onyxctl group ls  lists them"
                          : "onyxctl job ls  lists them";
  }
  for (const std::string& candidate : refusal.candidates) diagnostic.notes.push_back(candidate);
}

// Of a socket that is there; gRPC does not tell that from one that nobody listens on.
bool is_forbidden(const std::string& address) {
  constexpr std::string_view kUnix = "unix:";
  return address.starts_with(kUnix) && ::access(address.c_str() + kUnix.size(), R_OK | W_OK) != 0 &&
         errno == EACCES;
}

}  // namespace

Value value_of(const edn::Diagnostic& diagnostic) {
  const auto number = [](std::uint32_t n) {
    return n == 0 ? Value() : Value::integer(static_cast<std::int64_t>(n));
  };
  const edn::Span& span = diagnostic.span;
  return fields_of({
      {"code", text_value(diagnostic.code)},
      {"severity",
       Value::string(diagnostic.severity == edn::Severity::error ? "error" : "warning")},
      {"message", Value::string(diagnostic.message)},
      {"path", diagnostic.path.empty() ? Value() : Value::vector(diagnostic.path)},
      {"file", text_value(diagnostic.file)},
      {"line", number(span.line)},
      {"col", number(span.column)},
      {"offset",
       span.is_known() ? Value::integer(static_cast<std::int64_t>(span.offset)) : Value()},
      {"end",
       span.is_known() ? Value::vector({number(span.end_line), number(span.end_column)}) : Value()},
      {"label", text_value(diagnostic.label)},
      {"notes", vector_or_nil(diagnostic.notes)},
      {"did_you_mean", vector_or_nil(diagnostic.did_you_mean)},
      {"help", text_value(diagnostic.help)},
  });
}

Paint Context::out_paint() const {
  return paint_for(terminal, options.colour, terminal.is_out_terminal);
}

Paint Context::err_paint() const {
  return paint_for(terminal, options.colour, terminal.is_err_terminal);
}

bool Context::is_machine_read() const {
  return options.format == Format::json || options.format == Format::ndjson ||
         options.format == Format::edn;
}

std::vector<std::string> Context::addresses() const {
  if (!options.addresses.empty()) return options.addresses;
  return {"unix:" + api::socket_to_connect_to()};
}

api::Answer<Client*> Context::connect() {
  if (client_) return client_.get();
  const std::vector<std::string> addresses = this->addresses();
  const auto timeout = options.timeout.value_or(kCallMax);
  std::string tried;
  for (const std::string& address : addresses) {
    auto client = std::make_unique<Client>(address, timeout);
    if (client->connect()) {
      ONYX_TRY(check_tenancy(*client));
      client_ = std::move(client);
      return client_.get();
    }
    tried += (tried.empty() ? "" : ", ") + client->address();
  }
  for (const std::string& address : addresses) {
    if (is_forbidden(address)) {
      return failure(ErrorCode::permission_denied,
                     fmt::format("this user may not open {}", address), "NET-49");
    }
  }
  return failure(ErrorCode::unavailable, fmt::format("no daemon answers on {}", tried), "NET-10");
}

api::Answer<void> Context::check_tenancy(Client& client) const {
  if (options.tenancy.empty()) return {};
  ONYX_ASSIGN_OR_RETURN(const api::VersionView view, client.version());
  if (view.tenancy == options.tenancy) return {};
  return failure(ErrorCode::failed_precondition,
                 fmt::format("found a daemon of tenancy `{}` on {}, wanted one of `{}`",
                             view.tenancy, client.address(), options.tenancy),
                 "CLI-09");
}

ExitCode Context::emit(const Report& report) {
  terminal.out << print(report, options.format, options.is_quiet, terminal.is_out_terminal,
                        out_paint());
  terminal.out.flush();
  return ExitCode::done;
}

bool Context::emit_line(const std::string& line) {
  terminal.out << line;
  terminal.out.flush();
  return terminal.out.good();
}

void Context::say(const std::string& line) {
  if (options.is_quiet) return;
  terminal.err << line << "\n";
  terminal.err.flush();
}

void Context::show(const std::vector<edn::Diagnostic>& diagnostics, const TextOf& text_of) {
  if (is_machine_read()) {
    std::vector<Value> values;
    for (const edn::Diagnostic& diagnostic : diagnostics) values.push_back(value_of(diagnostic));
    terminal.err << print_line("Errors", fields_of({{"errors", Value::vector(std::move(values))}}),
                               options.format == Format::edn ? Format::edn : Format::json);
  } else {
    bool is_first = true;
    for (const edn::Diagnostic& diagnostic : diagnostics) {
      if (!is_first) terminal.err << "\n";
      is_first = false;
      std::string rendered =
          edn::render(diagnostic, text_of ? text_of(diagnostic) : "", err_paint().is_on());
      if (rendered.empty() || rendered.back() != '\n') rendered += '\n';
      terminal.err << rendered;
    }
  }
  terminal.err.flush();
}

ExitCode Context::misuse(const Error& error) {
  complain(error);
  return ExitCode::usage;
}

ExitCode Context::complain(const api::Refusal& refusal, const TextOf& text_of) {
  if (!refusal.diagnostics.empty()) {
    show(refusal.diagnostics, text_of);
  } else {
    edn::Diagnostic diagnostic;
    diagnostic.code = refusal.error.rule();
    diagnostic.message = refusal.error.text();
    if (refusal.position >= 0) {
      diagnostic.notes.push_back(fmt::format("log entry {}", refusal.position));
    }
    if (options.is_verbose && !refusal.daemon.empty()) {
      diagnostic.notes.push_back("said by " + refusal.daemon);
    }
    add_help(refusal, diagnostic);
    show({diagnostic});
  }
  return refusal.is_ambiguous ? ExitCode::usage : exit_code_of(refusal.error.code());
}

}  // namespace onyx::cli
