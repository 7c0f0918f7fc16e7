#include <pthread.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "cli/app.h"
#include "cli/exit_code.h"

namespace {

class SystemClock final : public onyx::Clock {
 public:
  onyx::Instant monotonic() const override { return std::chrono::steady_clock::now(); }
  onyx::WallTimeMs wall_ms() const override {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  }
};

int columns_of(int fd) {
  winsize size{};
  return ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
}

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

// Signals are taken by one thread, so that what they set off may lock and call gRPC.
void watch_interrupts(onyx::cli::Terminal& terminal) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread([&terminal, signals] {
    for (;;) {
      int signal = 0;
      if (sigwait(&signals, &signal) != 0) return;
      if (!terminal.interrupts.raise()) {
        std::_Exit(static_cast<int>(onyx::cli::ExitCode::interrupted));
      }
    }
  }).detach();
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that has gone shows as a failed write
  std::ios::sync_with_stdio(false);
  std::cin.tie(nullptr);
  static const SystemClock clock;
  static onyx::cli::Terminal terminal{std::cout,        std::cerr,
                                      std::cin,         ::isatty(1) != 0,
                                      ::isatty(2) != 0, columns_of(::isatty(1) != 0 ? 1 : 2),
                                      environment,      clock};
  watch_interrupts(terminal);
  const int code = onyx::cli::run({argv + 1, argv + argc}, terminal);
  std::cout.flush();
  std::cerr.flush();
  std::_Exit(code);  // the signal thread has no end; everything is flushed
}
