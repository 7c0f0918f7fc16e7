// onyxctl in this process, against a daemon whose Backend is a FakeBackend, on a Unix socket in a fresh directory.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/terminal.h"
#include "common/edn/value.h"
#include "daemon/service/server.h"
#include "tests/unit/daemon/service/fake_backend.h"

namespace onyx::cli {

struct Ran {
  int code = -1;
  std::string out;
  std::string err;

  // Of `out`; fails the test when it is none.
  edn::Value json() const;
};

class Rig {
 public:
  Rig();
  ~Rig();

  // Starts the daemon at the first call.
  Ran run(std::vector<std::string> arguments);
  // Without --addr.
  Ran run_alone(const std::vector<std::string>& arguments);

  // Writes a file below the fresh directory; its absolute path.
  std::string file(const std::string& name, const std::string& text) const;
  const std::string& directory() const { return directory_; }
  std::string address() const { return "unix:" + directory_ + "/onyxd.sock"; }
  void stop_daemon();

  service::FakeBackend backend;
  bool is_out_terminal = false;
  bool is_err_terminal = false;
  std::map<std::string, std::string> variables;
  std::string input;
  // Runs on another thread while the command does; given its Interrupts.
  std::function<void(Interrupts&)> meanwhile;

 private:
  std::string directory_;
  std::unique_ptr<service::Server> server_;
};

inline const std::string kClicks = "6f1c02d9-0000-4000-8000-000000000001";
inline const std::string kBilling = "91acd0f2-0000-4000-8000-000000000003";

// A job file that is valid wherever one is needed.
std::string a_job_text(const std::string& path_in = "data/in.jsonl");

}  // namespace onyx::cli
