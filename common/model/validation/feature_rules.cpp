#include <fmt/format.h>

#include "common/model/validation/rules.h"

namespace onyx::model {
namespace {

void lacks(JobParts& parts, std::string_view key, const Path& path, std::string_view what) {
  auto& finding = parts.report.error(
      "RUN-01", path, fmt::format(":{} needs {}, which this version of Onyx lacks", key, what),
      At::key);
  finding.label = "not in this version";
  finding.help = fmt::format("leave :{} out", key);
}

void check_section(JobParts& parts, bool is_there, std::string_view key, std::string_view what) {
  const edn::Value* value = parts.job.find(key);
  if (is_there || value == nullptr || value->count() == 0 || parts.report.has_error_below(key))
    return;
  lacks(parts, key, Path(key), what);
}

}  // namespace

void check_features(JobParts& parts) {
  const Features& features = parts.context.features;
  check_section(parts, features.windows, "windows", "windows");
  check_section(parts, features.triggers, "triggers", "triggers");
  check_section(parts, features.resume_points, "resume-point", "resume points");
  for (const EntryShape& entry : parts.catalog) {
    const auto needs = [&](bool is_there, std::string_view key, std::string_view what) {
      if (!is_there) lacks(parts, key, entry.path_of(key), what);
    };
    if (entry.good("onyx/assign-watermark-fn") != nullptr) {
      needs(features.watermarks, "onyx/assign-watermark-fn", "watermarks");
    }
    if (entry.keyword("onyx/language") == "cpp")
      needs(features.native_functions, "onyx/language", "native functions");
  }
}

}  // namespace onyx::model
