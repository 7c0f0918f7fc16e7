#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

#include "cli/codes.h"
#include "tests/unit/cli/commands/rig.h"

namespace onyx::cli {
namespace {

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

std::filesystem::path source_folder() { return std::getenv("ONYX_SOURCE_DIR"); }

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Each code that stands as a string in the sources of the product, with a file that has it.
std::map<std::string, std::string> codes_in_sources() {
  static const std::regex kCode("\"([A-Z]{2,5}-[0-9]{2})\"");
  std::map<std::string, std::string> codes;
  for (const char* folder : {"common", "daemon", "cli"}) {
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(source_folder() / folder)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".cpp" && extension != ".h") continue;
      const std::string text = text_of(entry.path());
      for (std::sregex_iterator at(text.begin(), text.end(), kCode), end; at != end; ++at) {
        codes.emplace((*at)[1].str(), entry.path().string());
      }
    }
  }
  return codes;
}

}  // namespace

TEST_CASE("doc: a key is explained, with or without its colon", "[cli]") {
  Rig rig;
  const Ran ran = rig.run_alone({"doc", ":onyx/batch-size"});
  CHECK(ran.code == 0);
  CHECK(ran.out.rfind(":onyx/batch-size", 0) == 0);
  CHECK(rig.run_alone({"doc", "onyx/batch-size"}).out == ran.out);
  const edn::Value json = rig.run_alone({"doc", ":onyx/batch-size", "-o", "json"}).json();
  CHECK(json.get("keys").at(0).get("key") == edn::Value::string(":onyx/batch-size"));
}

TEST_CASE("doc: a mistyped key is exit 5 with the nearest", "[cli]") {
  Rig rig;
  const Ran ran = rig.run_alone({"doc", ":onyx/batch-sise"});
  CHECK(ran.code == 5);
  CHECK(has(ran.err, ":onyx/batch-size"));
}

TEST_CASE("doc: a word finds keys by name and text, none gives all", "[cli]") {
  Rig rig;
  CHECK(has(rig.run_alone({"doc", "batch"}).out, ":onyx/batch-timeout"));
  CHECK(has(rig.run_alone({"doc", "-q"}).out, ":window/range\n"));
}

TEST_CASE("explain: a code is explained in either case of letters", "[cli]") {
  Rig rig;
  const Ran ran = rig.run_alone({"explain", "cat-12"});
  CHECK(ran.code == 0);
  CHECK(ran.out.rfind("CAT-12", 0) == 0);
  CHECK(has(rig.run_alone({"explain"}).out, "CAT-12\t"));
}

TEST_CASE("explain: every code in the sources is explained, once", "[cli]") {
  std::set<std::string> explained;
  for (const model::ErrorCodeDoc& doc : explained_codes()) {
    INFO(doc.code);
    CHECK(explained.insert(std::string(doc.code)).second);
    CHECK_FALSE(doc.title.empty());
    CHECK_FALSE(doc.explanation.empty());
  }
  const std::map<std::string, std::string> emitted = codes_in_sources();
  CHECK(emitted.size() > 200);
  for (const auto& [code, file] : emitted) {
    INFO(code << " in " << file);
    CHECK(explained.count(code) == 1);
  }
}

TEST_CASE("explain: codes of text, functions and connections are found and listed", "[cli]") {
  Rig rig;
  const std::string all = rig.run_alone({"explain"}).out;
  for (const char* code : {"EDN-04", "LANG-02", "CLI-01", "NET-10", "CASE-01"}) {
    INFO(code);
    CHECK(rig.run_alone({"explain", code}).code == 0);
    CHECK(has(all, std::string(code) + "\t"));
  }
}

TEST_CASE("explain: the documentation has every row", "[cli]") {
  const std::string pages =
      text_of(source_folder() / "docs/errors.md") + text_of(source_folder() / "docs/edn.md");
  for (const model::ErrorCodeDoc& doc : explained_codes()) {
    INFO(doc.code);
    CHECK(has(pages, "| `" + std::string(doc.code) + "` | " + std::string(doc.title) + " | " +
                         std::string(doc.explanation) + " |"));
  }
}

TEST_CASE("validate: functions are compiled, and what is missing in them is found", "[cli]") {
  Rig rig;
  std::string text = a_job_text();
  text.insert(text.find(":file/format"), ":onyx/fn :my.app/parse ");
  const std::string job = rig.file("job.edn", text);
  const Ran missing = rig.run_alone({"validate", job});
  CHECK(missing.code == 3);
  CHECK(has(missing.out, ":my.app/parse"));
  const std::string functions =
      rig.file("app.clj", "(ns my.app)\n(defn parse [segment] (assoc segment :n 1))\n");
  const Ran found = rig.run_alone({"validate", job, "--functions", functions});
  INFO(found.out);
  CHECK(found.code == 0);
  const std::string broken =
      rig.file("broken.clj", "(ns my.app)\n(defn parse [segment] (asoc 1))\n");
  const Ran wrong = rig.run_alone({"validate", job, "--functions", broken});
  CHECK(wrong.code == 3);
  CHECK(has(wrong.out, "broken.clj:2:"));
}

TEST_CASE("explain: an unknown code is exit 5", "[cli]") {
  Rig rig;
  CHECK(rig.run_alone({"explain", "CAT-999"}).code == 5);
}

TEST_CASE("validate: a valid job is exit 0, without any daemon", "[cli]") {
  Rig rig;
  const std::string job = rig.file("job.edn", a_job_text());
  const Ran ran = rig.run_alone({"validate", job});
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(ran.out == job + ": 0 errors, 0 warnings\n");
}

TEST_CASE("validate: findings are data: place, caret and count on stdout, exit 3", "[cli]") {
  Rig rig;
  std::string text = a_job_text();
  text.replace(text.find(":onyx/batch-size 10"), 19, ":onyx/batch-size -1");
  const std::string job = rig.file("job.edn", text);
  const Ran ran = rig.run_alone({"lint", job});
  CHECK(ran.code == 3);
  CHECK(has(ran.out, "error[CAT-"));
  CHECK(has(ran.out, "job.edn:3:"));
  CHECK(has(ran.out, "^"));
  CHECK(has(ran.out, "1 error, 0 warnings"));
  CHECK(ran.err.empty());
  const edn::Value json = rig.run_alone({"validate", job, "-o", "json"}).json();
  CHECK(json.get("valid") == edn::Value::boolean(false));
  CHECK(json.get("findings").at(0).get("line") == edn::Value::integer(3));
}

TEST_CASE("validate: every file is looked at, and the worst decides", "[cli]") {
  Rig rig;
  const std::string good = rig.file("good.edn", a_job_text());
  const std::string bad = rig.file("bad.edn", "{:workflow");
  const Ran ran = rig.run_alone({"validate", bad, good, rig.directory() + "/none.edn"});
  CHECK(ran.code == 5);
  CHECK(has(ran.out, "EDN-"));
  CHECK(has(ran.out, good + ": 0 errors"));
  CHECK(has(ran.err, "none.edn"));
}

}  // namespace onyx::cli
