#include <catch2/catch.hpp>

#include "tests/unit/cli/commands/rig.h"

namespace onyx::cli {
namespace {

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("usage: a mistyped command is exit 2, with the nearest one", "[cli]") {
  Rig rig;
  const Ran ran = rig.run_alone({"sumbit", "job.edn"});
  CHECK(ran.code == 2);
  CHECK(ran.out.empty());
  CHECK(has(ran.err, "`onyxctl` has no command `sumbit`"));
  CHECK(has(ran.err, "submit"));
}

TEST_CASE("usage: a mistyped verb names its noun", "[cli]") {
  Rig rig;
  const Ran ran = rig.run_alone({"job", "stats", "x"});
  CHECK(ran.code == 2);
  CHECK(has(ran.err, "`onyxctl job` has no command `stats`"));
  CHECK(has(ran.err, "status"));
}

TEST_CASE("usage: a mistyped flag is exit 2, with the nearest one", "[cli]") {
  Rig rig;
  const Ran ran = rig.run_alone({"submit", "job.edn", "--wiat"});
  CHECK(ran.code == 2);
  CHECK(has(ran.err, "`onyxctl submit` has no flag `--wiat`"));
  CHECK(has(ran.err, "--wait"));
  CHECK(rig.run_alone({"submit", "job.edn", "-z"}).code == 2);
}

TEST_CASE("usage: a word that is not UTF-8 is exit 2, before a daemon is asked", "[cli]") {
  Rig rig;
  const Ran ran = rig.run_alone({"kill", "\xc3(", "--addr", rig.address()});
  CHECK(ran.code == 2);
  CHECK(has(ran.err, "error[CLI-08]: word 2 "));
}

TEST_CASE("usage: a bad choice, a missing or a surplus argument is exit 2", "[cli]") {
  Rig rig;
  const Ran format = rig.run_alone({"job", "ls", "-o", "xml"});
  CHECK(format.code == 2);
  CHECK(has(format.err, "xml"));
  CHECK(rig.run_alone({"submit"}).code == 2);
  CHECK(rig.run_alone({"job", "status"}).code == 2);
  CHECK(rig.run_alone({"job", "status", "a", "b"}).code == 2);
  CHECK(rig.run_alone({"peer", "add", "many"}).code == 2);
  CHECK(rig.run_alone({"submit", "job.edn", "--id"}).code == 2);
  CHECK(rig.run_alone({"await", "x", "--timeout", "soon"}).code == 2);
}

TEST_CASE("usage: a noun without a verb is exit 2 and points to its help", "[cli]") {
  Rig rig;
  const Ran ran = rig.run_alone({"job"});
  CHECK(ran.code == 2);
  CHECK(has(ran.err, "onyxctl job --help"));
}

TEST_CASE("usage: help is data, by group, examples first", "[cli]") {
  Rig rig;
  for (const auto& words : std::vector<std::vector<std::string>>{{}, {"--help"}, {"-h"}}) {
    const Ran ran = rig.run_alone(words);
    CHECK(ran.code == 0);
    CHECK(ran.err.empty());
    CHECK(has(ran.out, "Everyday"));
    CHECK(ran.out.find("Examples") < ran.out.find("Usage"));
  }
  const Ran submit = rig.run_alone({"job", "submit", "--help"});
  CHECK(submit.code == 0);
  CHECK(has(submit.out, "onyxctl job submit FILE [flags]"));
  CHECK(has(submit.out, "--functions FILE"));
}

TEST_CASE("usage: global flags may stand anywhere, and a value is not taken for a command",
          "[cli]") {
  Rig rig;
  CHECK(rig.run_alone({"-o", "json", "doc", ":onyx/batch-size"}).code == 0);
  CHECK(rig.run_alone({"doc", ":onyx/batch-size", "-o", "json"}).code == 0);
  CHECK(rig.run_alone({"--output=json", "doc", ":onyx/batch-size"}).code == 0);
  CHECK(rig.run_alone({"-ojson", "doc", ":onyx/batch-size"}).code == 0);
}

TEST_CASE("usage: the environment gives the format, and a wrong one is named", "[cli]") {
  Rig rig;
  rig.variables["ONYX_OUTPUT"] = "json";
  CHECK(rig.run_alone({"doc", ":onyx/batch-size"}).out.front() == '{');
  rig.variables["ONYX_OUTPUT"] = "yaml";
  const Ran ran = rig.run_alone({"doc", ":onyx/batch-size"});
  CHECK(ran.code == 2);
  CHECK(has(ran.err, "ONYX_OUTPUT"));
}

TEST_CASE("usage: no daemon is exit 8 and says how to start one", "[cli]") {
  Rig rig;
  const Ran ran = rig.run_alone({"job", "ls", "--addr", rig.address()});
  CHECK(ran.code == 8);
  CHECK(ran.out.empty());
  CHECK(has(ran.err, rig.address()));
  CHECK(has(ran.err, "onyxd --dev"));
}

TEST_CASE("usage: of several addresses the first that answers is taken", "[cli]") {
  Rig rig;
  CHECK(rig.run({"job", "ls", "--addr", "unix:" + rig.directory() + "/none.sock"}).code == 0);
  rig.variables["ONYX_ADDR"] = "unix:" + rig.directory() + "/none.sock," + rig.address();
  CHECK(rig.run_alone({"job", "ls"}).code == 0);
}

TEST_CASE("usage: what a daemon refuses has its name, when more is asked for", "[cli]") {
  Rig rig;
  CHECK_FALSE(has(rig.run({"job", "status", "nobody"}).err, "said by"));
  CHECK(has(rig.run({"job", "status", "nobody", "-v"}).err, "said by "));
}

TEST_CASE("usage: a daemon of another tenancy is refused before anything is done", "[cli]") {
  Rig rig;
  rig.backend.identity.tenancy = "prod";
  rig.backend.jobs = {service::a_job(kClicks, "clicks", service::JobState::running)};
  const Ran other = rig.run({"kill", "clicks", "--tenancy", "staging"});
  CHECK(other.code == 1);
  CHECK(other.out.empty());
  CHECK(has(other.err, "error[CLI-09]: found a daemon of tenancy `prod` on " + rig.address() +
                           ", wanted one of `staging`"));
  CHECK(rig.run({"gc", "--tenancy=staging"}).code == 1);
  CHECK(rig.run({"version", "--tenancy=staging"}).code == 1);
  rig.variables["ONYX_TENANCY"] = "staging";
  CHECK(rig.run({"kill", "clicks"}).code == 1);
  CHECK(rig.backend.kill_reasons.empty());
  CHECK(rig.backend.collections == 0);
  CHECK(rig.run({"kill", "clicks", "--tenancy", "prod"}).code == 0);  // the flag is stronger
  rig.variables["ONYX_TENANCY"] = "prod";
  CHECK(rig.run({"job", "ls"}).code == 0);
}

TEST_CASE("usage: a tenancy is named once, and is not empty", "[cli]") {
  Rig rig;
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"--tenancy", ""},
                                             {"--tenancy="},
                                             {"--tenancy", "a", "--tenancy", "b"},
                                             {"--tenancy"}}) {
    std::vector<std::string> all = {"gc", "--addr", rig.address()};
    all.insert(all.end(), words.begin(), words.end());
    const Ran ran = rig.run_alone(all);
    CHECK(ran.code == 2);
    CHECK(has(ran.err, "error[CLI-03]"));
    CHECK(has(ran.err, "--tenancy"));
  }
}

TEST_CASE("usage: every command has examples", "[cli]") {
  Rig rig;
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"submit"},
                                             {"await"},
                                             {"kill"},
                                             {"validate"},
                                             {"test"},
                                             {"gc"},
                                             {"doc"},
                                             {"explain"},
                                             {"completion"},
                                             {"version"},
                                             {"job", "ls"},
                                             {"job", "status"},
                                             {"job", "why"},
                                             {"job", "output"},
                                             {"cluster", "status"},
                                             {"cluster", "simulate"},
                                             {"group", "ls"},
                                             {"group", "show"},
                                             {"group", "drain"},
                                             {"group", "undrain"},
                                             {"peer", "ls"},
                                             {"peer", "add"},
                                             {"peer", "rm"},
                                             {"log", "tail"},
                                             {"log", "show"},
                                             {"replica", "show"},
                                             {"replica", "diff"}}) {
    std::vector<std::string> with_help = words;
    with_help.emplace_back("--help");
    const Ran ran = rig.run_alone(with_help);
    CHECK(ran.code == 0);
    CHECK(has(ran.out, "Examples\n  onyxctl "));
  }
}

TEST_CASE("usage: errors are JSON when JSON was asked for", "[cli]") {
  Rig rig;
  const Ran ran = rig.run_alone({"job", "ls", "--addr", rig.address(), "-o", "json"});
  CHECK(ran.code == 8);
  CHECK(ran.err.rfind("{\"kind\":\"Errors\",\"v\":1,\"errors\":[{\"code\":\"NET-10\"", 0) == 0);
  const Ran edn = rig.run_alone({"job", "ls", "--addr", rig.address(), "-o", "edn"});
  CHECK(edn.err.rfind("{:kind \"Errors\", :v 1, :errors [{:code \"NET-10\"", 0) == 0);
}

}  // namespace onyx::cli
