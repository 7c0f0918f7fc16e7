#include "common/model/information_model.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <set>

#include "common/model/error_codes.h"
#include "tests/unit/common/model/support.h"

namespace onyx::model::test {

TEST_CASE("information model: every key stands once in its section", "[model][information-model]") {
  std::set<std::pair<Section, std::string_view>> seen;
  for (const ModelKey* row : all_keys()) {
    INFO(row->key);
    CHECK(seen.emplace(row->section, row->key).second);
    CHECK(find_key(row->section, row->key) == row);
    CHECK_FALSE(row->doc.empty());
    CHECK_FALSE(row->type_text.empty());
    CHECK(find_error_code(row->rule) != nullptr);
  }
  CHECK(seen.size() > 200);
}

TEST_CASE("information model: every default reads, and is one of the choices",
          "[model][information-model]") {
  for (const ModelKey* row : all_keys()) {
    INFO(row->key);
    const auto value = default_of(row->section, row->key);
    CHECK(value.has_value() == !row->default_text.empty());
    const auto choices = choices_of(*row);
    CHECK(choices.empty() == row->choices.empty());
    if (!value || choices.empty() || !value->is_keyword()) continue;
    CHECK(std::find(choices.begin(), choices.end(), value->name()->text) != choices.end());
  }
  CHECK(default_of(Section::catalog_entry, "onyx/batch-timeout") == edn::Value::integer(50));
  CHECK(default_of(Section::catalog_entry, "onyx/name") == std::nullopt);
}

TEST_CASE("information model: a removed key says what replaced it", "[model][information-model]") {
  for (const ModelKey* row : all_keys()) {
    INFO(row->key);
    CHECK(row->deprecated.empty() == row->instead.empty());
  }
}

TEST_CASE("information model: a key is found in every section that has it",
          "[model][information-model]") {
  const auto rows = find_keys(":onyx.peer/coordinator-barrier-period-ms");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0]->section == Section::job_config);
  CHECK(rows[1]->section == Section::peer_config);
  CHECK(find_keys("onyx/nothing").empty());
}

TEST_CASE("information model: has every key of Onyx's", "[model][information-model]") {
  const char* shared = std::getenv("ONYX_SHARED_DIR");
  const std::filesystem::path dir =
      shared != nullptr ? std::filesystem::path(shared)
                        : std::filesystem::path(source_dir()).parent_path() / "shared";
  const std::filesystem::path file = dir / "spec/information-model.edn";
  if (!std::filesystem::exists(file)) {
    WARN("no " << file << " to compare with");
    return;
  }
  const edn::Value model = document(file_text(file.string())).value;
  const std::pair<const char*, Section> sections[] = {
      {"job", Section::job},
      {"catalog-entry", Section::catalog_entry},
      {"flow-conditions-entry", Section::flow_condition},
      {"window-entry", Section::window},
      {"trigger-entry", Section::trigger},
      {"lifecycle-entry", Section::lifecycle},
      {"lifecycle-calls", Section::lifecycle_calls},
      {"state-aggregation", Section::state_aggregation},
      {"trigger", Section::trigger_calls},
      {"state-refinement", Section::state_refinement},
      {"resume-point", Section::resume_point},
      {"job-config", Section::job_config},
      {"peer-config", Section::peer_config},
  };
  for (const auto& [name, section] : sections) {
    const edn::Value& rows = model.get(name);
    REQUIRE(rows.count() > 0);
    for (const edn::Value& row : rows.items()) {
      INFO(name << " " << edn::print(row.get("key")));
      CHECK(find_key(section, row.get("key").name()->text) != nullptr);
    }
  }
}

TEST_CASE("error codes: docs/errors.md explains each, in order", "[model][error-codes]") {
  const std::string page = file_text(source_dir() + "/docs/errors.md");
  std::size_t at = 0;
  for (const ErrorCodeDoc& doc : error_codes()) {
    INFO(doc.code);
    const std::string row = "| `" + std::string(doc.code) + "` | " + std::string(doc.title) +
                            " | " + std::string(doc.explanation) + " |";
    const std::size_t found = page.find(row, at);
    CHECK(found != std::string::npos);
    if (found != std::string::npos) at = found;
  }
}

}  // namespace onyx::model::test
