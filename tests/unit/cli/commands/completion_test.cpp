#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

#include "tests/unit/cli/commands/rig.h"

namespace onyx::cli {
namespace {

// What is offered after these words, the first line first: "words" or "files".
std::vector<std::string> offered(const Ran& ran) {
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(ran.err.empty());
  std::istringstream lines(ran.out);
  std::vector<std::string> words;
  for (std::string line; std::getline(lines, line);)
    words.push_back(line.substr(0, line.find('\t')));
  return words;
}

std::vector<std::string> offered(Rig& rig, std::vector<std::string> words) {
  words.insert(words.begin(), "__complete");
  return offered(rig.run_alone(words));
}

// 200 ms are little on a busy machine: who gets no answer in time presses the key again.
std::vector<std::string> offered_at_last(Rig& rig, const std::vector<std::string>& words) {
  for (int tries = 0; tries < 200; ++tries) {
    const std::vector<std::string> found = offered(rig, words);
    if (found.size() > 1) return found;
  }
  return {};
}

// With the daemon of the rig, whose address stands among the words as the user would type it.
std::vector<std::string> offered_by_daemon(Rig& rig, std::vector<std::string> words) {
  CHECK(rig.run({"version"}).code == 0);  // it is there
  words.insert(words.begin(), {"--addr", rig.address()});
  return offered_at_last(rig, words);
}

using Words = std::vector<std::string>;

bool contains(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

TEST_CASE("completion: commands by their beginning, of the noun before", "[cli]") {
  Rig rig;
  CHECK(offered(rig, {"su"}) == Words{"words", "submit"});
  CHECK(offered(rig, {"job", "s"}) == Words{"words", "submit", "status"});
  CHECK(offered(rig, {"group", ""}) == Words{"words", "ls", "show", "drain", "undrain"});
  CHECK(offered(rig, {"li"}) == Words{"words", "lint"});
  CHECK_FALSE(contains(offered(rig, {""}), "__complete"));
  CHECK(contains(offered(rig, {}), "submit"));
}

TEST_CASE("completion: flags of the command and of all commands, not as values", "[cli]") {
  Rig rig;
  CHECK(offered(rig, {"submit", "--f"}) == Words{"words", "--functions"});
  CHECK(offered(rig, {"job", "ls", "--ou"}) == Words{"words", "--output"});
  CHECK(contains(offered(rig, {"log", "tail", "-"}), "--follow"));
  CHECK(offered(rig, {"kill", "--reason", "--a"}) == Words{"words"});
  CHECK(offered(rig, {"kill", "--", "--a"}) == Words{"words"});
}

TEST_CASE("completion: values that can be listed", "[cli]") {
  Rig rig;
  CHECK(offered(rig, {"job", "ls", "-o", "n"}) == Words{"words", "ndjson", "name"});
  CHECK(offered(rig, {"job", "ls", "--output=n"}) ==
        Words{"words", "--output=ndjson", "--output=name"});
  CHECK(offered(rig, {"--color", "a", ""}).size() > 3);
  CHECK(offered(rig, {"completion", ""}) == Words{"words", "bash", "zsh", "fish"});
  CHECK(offered(rig, {"doc", ":onyx/batch-si"}) == Words{"words", ":onyx/batch-size"});
  CHECK(offered(rig, {"explain", "CLI-01"}) == Words{"words", "CLI-01"});
}

TEST_CASE("completion: files where a file is wanted", "[cli]") {
  Rig rig;
  CHECK(offered(rig, {"submit", ""}) == Words{"files"});
  CHECK(offered(rig, {"submit", "job.edn", "--functions", "x"}) == Words{"files"});
  CHECK(offered(rig, {"validate", "a.edn", "b"}) == Words{"files"});
  CHECK(offered(rig, {"test", "cas"}) == Words{"files"});
  CHECK(offered(rig, {"submit", "job.edn", ""}) == Words{"words"});  // it takes one
}

TEST_CASE("completion: words that mean nothing offer nothing", "[cli]") {
  Rig rig;
  CHECK(offered(rig, {"sumbit", ""}) == Words{"words"});
  CHECK(offered(rig, {"job", "ls", "--wiat", ""}) == Words{"words"});
  CHECK(offered(rig, {"job", "ls", "--wiat=x"}) == Words{"words"});
  CHECK(offered(rig, {"job", "ls", "-zx", ""}) == Words{"words"});
  CHECK(offered(rig, {"peer", "add", "3", "4", ""}) == Words{"words"});
}

TEST_CASE("completion: jobs, groups and peers of the daemon that was named", "[cli]") {
  Rig rig;
  api::JobView clicks;
  clicks.ref = {JobId(kClicks), "clicks", api::JobState::running};
  api::JobView odd;
  odd.ref = {JobId(kBilling), "two words; rm", api::JobState::killed};
  rig.backend.jobs = {clicks, odd};
  api::GroupView group;
  group.id = GroupId("b3a10000-0000-4000-8000-000000000001");
  group.host = "host-a";
  rig.backend.groups = {group};
  api::PeerView peer;
  peer.id = PeerId("77a10000-0000-4000-8000-000000000001");
  rig.backend.peers = {peer};
  // A name that a shell would take apart is not offered; its id is.
  CHECK(offered_by_daemon(rig, {"job", "status", ""}) ==
        Words{"words", "clicks", "6f1c02d9", "91acd0f2"});
  CHECK(offered_by_daemon(rig, {"kill", "clicks", "9"}) == Words{"words", "91acd0f2"});
  CHECK(offered_by_daemon(rig, {"await", kClicks.substr(0, 12)}) == Words{"words", kClicks});
  CHECK(offered_by_daemon(rig, {"log", "tail", "--job", "cl"}) == Words{"words", "clicks"});
  CHECK(offered_by_daemon(rig, {"log", "tail", "--job=cl"}) == Words{"words", "--job=clicks"});
  CHECK(offered_by_daemon(rig, {"group", "show", ""}) == Words{"words", "b3a10000", "host-a"});
  CHECK(offered_by_daemon(rig, {"peer", "rm", ""}) == Words{"words", "77a10000"});
  rig.variables["ONYX_ADDR"] = rig.address();
  CHECK(offered_at_last(rig, {"job", "why", "c"}) == Words{"words", "clicks"});
  rig.variables["ONYX_OUTPUT"] = "yaml";  // is complained of when the command runs
  CHECK(offered_at_last(rig, {"job", "why", "c"}) == Words{"words", "clicks"});
}

TEST_CASE("completion: no daemon, no words, no talk", "[cli]") {
  Rig rig;
  CHECK(offered(rig, {"--addr", rig.address(), "job", "status", ""}) == Words{"words"});
}

TEST_CASE("completion: a script a shell, and no other", "[cli]") {
  Rig rig;
  CHECK(rig.run_alone({"completion", "bash"}).out.find("complete -F _onyxctl onyxctl\n") !=
        std::string::npos);
  CHECK(rig.run_alone({"completion", "zsh"}).out.rfind("#compdef onyxctl\n", 0) == 0);
  CHECK(rig.run_alone({"completion", "fish"}).out.find("complete -c onyxctl") != std::string::npos);
  const Ran other = rig.run_alone({"completion", "tcsh"});
  CHECK(other.code == 2);
  CHECK(other.err.find("error[CLI-03]") != std::string::npos);
  CHECK(rig.run_alone({"completion"}).code == 2);
}

}  // namespace onyx::cli
