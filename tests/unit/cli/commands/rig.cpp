#include "tests/unit/cli/commands/rig.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "cli/app.h"
#include "common/json/parser.h"

namespace onyx::cli {
namespace {

// 10 s after a_job() was submitted; monotonic time goes on by itself, so that deadlines work.
class TestClock final : public Clock {
 public:
  Instant monotonic() const override { return std::chrono::steady_clock::now(); }
  WallTimeMs wall_ms() const override { return 1'700'000'010'000; }
};

}  // namespace

edn::Value Ran::json() const {
  auto value = json::parse(out);
  INFO(out);
  REQUIRE(value);
  return *value;
}

Rig::Rig() {
  std::string pattern = (std::filesystem::temp_directory_path() / "onyx-cli-XXXXXX").string();
  REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  directory_ = pattern;
}

Rig::~Rig() {
  stop_daemon();
  std::filesystem::remove_all(directory_);
}

void Rig::stop_daemon() { server_.reset(); }

Ran Rig::run(std::vector<std::string> arguments) {
  if (!server_) {
    auto started = service::Server::start(backend, {address()}, "onyxd test");
    REQUIRE(started);
    server_ = std::move(*started);
  }
  arguments.push_back("--addr");
  arguments.push_back(address());
  return run_alone(arguments);
}

Ran Rig::run_alone(const std::vector<std::string>& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  std::istringstream in(input);
  const TestClock clock;
  Terminal terminal{out,
                    err,
                    in,
                    is_out_terminal,
                    is_err_terminal,
                    100,
                    [this](const std::string& name) -> std::optional<std::string> {
                      const auto it = variables.find(name);
                      return it == variables.end() ? std::nullopt : std::optional(it->second);
                    },
                    clock};
  std::thread other;
  if (meanwhile) other = std::thread([&] { meanwhile(terminal.interrupts); });
  Ran ran;
  ran.code = cli::run(arguments, terminal);
  if (other.joinable()) other.join();
  ran.out = out.str();
  ran.err = err.str();
  return ran;
}

std::string Rig::file(const std::string& name, const std::string& text) const {
  const std::filesystem::path path = std::filesystem::path(directory_) / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path.string();
}

std::string a_job_text(const std::string& path_in) {
  return "{:workflow [[:in :out]]\n"
         " :task-scheduler :onyx.task-scheduler/balanced\n"
         " :catalog [{:onyx/name :in :onyx/type :input :onyx/medium :file :onyx/batch-size 10\n"
         "            :onyx/plugin :onyx.plugin.file/input :onyx/max-peers 1\n"
         "            :file/path \"" +
         path_in +
         "\" :file/format :json-lines}\n"
         "           {:onyx/name :out :onyx/type :output :onyx/medium :seq :onyx/batch-size 10\n"
         "            :onyx/plugin :onyx.plugin.seq/output :onyx/max-peers 1}]}\n";
}

}  // namespace onyx::cli
