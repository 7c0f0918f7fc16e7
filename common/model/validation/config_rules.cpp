#include <fmt/format.h>

#include <algorithm>

#include "common/model/validation.h"
#include "common/model/validation/entry_shape.h"
#include "common/model/validation/report.h"

namespace onyx::model {
namespace {

const ModelKey* find_row(std::string_view key) {
  if (const ModelKey* row = find_key(Section::peer_config, key)) return row;
  return find_key(Section::daemon, key);
}

bool is_reserved(std::string_view ns) {
  return ns.starts_with("onyx") || ns == "zookeeper" || ns.starts_with("zookeeper.");
}

std::vector<std::string_view> known_keys() {
  std::vector<std::string_view> known;
  for (Section section : {Section::peer_config, Section::daemon}) {
    for (const ModelKey& row : keys_of(section)) {
      if (row.deprecated.empty() && row.notice.empty()) known.push_back(row.key);
    }
  }
  return known;
}

void check_missing(const edn::Value& config, Report& report) {
  for (const ModelKey& row : keys_of(Section::peer_config)) {
    if (row.need != Need::required || config.find(row.key) != nullptr) continue;
    auto& finding = report.error(
        row.rule, Path(row.key),
        fmt::format("the configuration has no :{}, which is required", row.key), At::missing);
    finding.label = fmt::format("add :{}", row.key);
    finding.notes.emplace_back(row.doc);
    finding.help = fmt::format("onyxctl doc :{}", row.key);
  }
}

void check_tenancy(const edn::Value& value, Report& report) {
  const bool is_good =
      value.is(edn::Kind::uuid) || (value.is_string() && !value.as_string().empty() &&
                                    value.as_string().find('/') == std::string_view::npos);
  if (is_good) return;
  auto& finding = report.error(
      "CFG-02", Path("onyx/tenancy-id"),
      fmt::format(":onyx/tenancy-id must be a UUID or a non-empty string without /; found {}",
                  shown(value)));
  finding.label = "not a tenancy";
  finding.help = "onyxctl doc :onyx/tenancy-id";
}

void check_unknown(const edn::Value& key, Report& report) {
  if (!key.is_keyword()) {
    report
        .error("CFG-06", Path() / key,
               fmt::format("the keys of a configuration must be keywords; found {}", shown(key)),
               At::key)
        .label = "not a keyword";
    return;
  }
  if (!is_reserved(key.name()->ns())) return;
  auto& finding =
      report.error("CFG-06", Path() / key,
                   fmt::format("the configuration has no key :{}", key.name()->text), At::key);
  finding.label = "unknown key";
  finding.help = "onyxctl doc --list";
  report.suggest(key.name()->text, known_keys());
}

void check_present(const ModelKey& row, const edn::Value& value, Report& report) {
  const Path path(row.key);
  if (!row.deprecated.empty()) {
    auto& finding = report.error(
        row.rule, path,
        fmt::format(":{} was removed from Onyx in {}: {}", row.key, row.deprecated, row.instead),
        At::key);
    finding.label = "removed";
    finding.help = fmt::format("delete :{}", row.key);
    return;
  }
  if (!row.notice.empty()) {
    auto& finding = report.warning(
        "CFG-07", path, fmt::format(":{} has no effect here: {}", row.key, row.notice), At::key);
    finding.label = "no effect";
    return;
  }
  if (row.key == "onyx/tenancy-id") {
    check_tenancy(value, report);
    return;
  }
  if (const auto expected = expected_instead(row.type, value)) {
    auto& finding = report.error(
        "CFG-04", path, fmt::format(":{} must be {}; found {}", row.key, *expected, shown(value)));
    finding.label = fmt::format("expected {}", *expected);
    finding.help = fmt::format("onyxctl doc :{}", row.key);
    return;
  }
  if (!choices_of(row).empty() && !check_choice(row, value, path, report)) return;
  if (row.key == "onyx.messaging/impl" && value.is_keyword("aeron")) {
    report
        .warning("CFG-07", path,
                 ":onyx.messaging/impl :aeron is read as :tcp: there is no Aeron here")
        .label = "read as :tcp";
  }
  if (row.key == "zookeeper/address" && value.is_string() && value.as_string().empty()) {
    report.error("CFG-04", path, ":zookeeper/address must be a list of host:port; found \"\"")
        .label = "empty";
  }
}

}  // namespace

std::vector<edn::Diagnostic> validate_peer_config(const JobText& config) {
  Report report(config);
  if (!config.value.is_map()) {
    report
        .error("CFG-04", Path(),
               fmt::format("a configuration must be a map; found {}", shown(config.value)))
        .label = "not a map";
    return report.take();
  }
  check_missing(config.value, report);
  for (edn::Entry entry : config.value.entries()) {
    const ModelKey* row = entry.key.is_keyword() ? find_row(entry.key.name()->text) : nullptr;
    if (row == nullptr) {
      check_unknown(entry.key, report);
    } else {
      check_present(*row, entry.value, report);
    }
  }
  return report.take();
}

}  // namespace onyx::model
