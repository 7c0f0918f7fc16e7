// Every :functions vector of the conformance cases compiles.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "common/lang/program.h"

using namespace onyx;
using edn::Value;

namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// The place of a map's value under a keyword.
const edn::Place* place_of(const edn::Place& place, std::string_view key) {
  const std::uint64_t hash = edn::stable_hash(Value::keyword(key));
  for (std::size_t i = 0; i + 1 < place.children.size(); i += 2) {
    if (place.children[i].hash == hash) return &place.children[i + 1];
  }
  return nullptr;
}

}  // namespace

TEST_CASE("conformance: the functions of every case compile", "[lang][conformance]") {
  const std::filesystem::path root =
      std::filesystem::path(std::getenv("ONYX_SOURCE_DIR")) / "tests/conformance/onyx";
  REQUIRE(std::filesystem::exists(root));
  int compiled_count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".edn") continue;
    INFO(entry.path());
    const std::string text = text_of(entry.path());
    const auto document = edn::read_document(text, entry.path().string());
    REQUIRE(document.has_value());
    const Value& job = document->value.get("job");
    const Value& functions = job.get("functions");
    if (!functions.is_vector()) continue;
    const edn::Place* job_place = place_of(document->place, "job");
    REQUIRE(job_place != nullptr);
    const edn::Place* places = place_of(*job_place, "functions");
    REQUIRE(places != nullptr);
    lang::SourceFile file;
    file.file = entry.path().string();
    file.path = {Value::keyword("functions")};
    for (std::size_t i = 0; i < functions.count(); ++i) {
      file.forms.push_back({functions.at(i), &places->children[i]});
    }
    lang::Source source;
    source.files.push_back(std::move(file));
    const lang::Compiled compiled = lang::compile(source);
    for (const auto& diagnostic : compiled.diagnostics) {
      FAIL_CHECK(edn::render(diagnostic, text, false));
    }
    ++compiled_count;
  }
  CHECK(compiled_count > 150);
}
