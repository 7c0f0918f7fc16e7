// The world as a command sees it: two streams, what they are connected to, the environment, the clock, Ctrl-C.
//
// Thread:  the streams belong to the main thread; Interrupts may be raised on any.
#pragma once

#include <functional>
#include <iosfwd>
#include <istream>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>

#include "common/base/clock.h"

namespace onyx::cli {

// Who wants to know about Ctrl-C now. Without anybody, it ends the process.
class Interrupts {
 public:
  class Scope {
   public:
    Scope(Interrupts& interrupts, std::function<void()> deed);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Interrupts& interrupts_;
  };

  // False when nobody listens.
  bool raise();
  bool was_raised() const;

 private:
  mutable std::mutex mutex_;
  std::function<void()> deed_;
  bool was_raised_ = false;
};

struct Terminal {
  std::ostream& out;
  std::ostream& err;
  std::istream& in;
  bool is_out_terminal = false;
  bool is_err_terminal = false;
  int columns = 100;
  std::function<std::optional<std::string>(const std::string&)> environment;
  const Clock& clock;
  Interrupts interrupts{};

  // nullopt when it is not set or empty.
  std::optional<std::string> variable(const std::string& name) const;
};

}  // namespace onyx::cli
