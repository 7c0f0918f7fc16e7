#include "common/model/validation/quantity_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/model/job_reader.h"

namespace onyx::model {
namespace {

constexpr std::string_view kTimeUnits[] = {"milliseconds", "seconds", "minutes", "hours", "days",
                                           "millisecond",  "second",  "minute",  "hour",  "day"};
constexpr std::string_view kElementUnits[] = {"elements", "element"};

}  // namespace

std::optional<Quantity> check_quantity(JobParts& parts, EntryShape& entry, std::string_view key,
                                       const QuantityUse& use) {
  const edn::Value* value = entry.good(key);
  if (value == nullptr) return std::nullopt;
  const Path path = entry.path_of(key);
  const std::string_view example = use.allows_time ? "[5 :minutes]" : "[5 :elements]";
  const auto refuse = [&](std::string_view code, const Path& at, std::string message,
                          std::string_view label) {
    entry.mark_bad(key);
    auto& finding = parts.report.error(code, at, std::move(message));
    finding.label = label;
    finding.help = fmt::format("onyxctl doc :{}", key);
    return std::nullopt;
  };
  if (!value->is_sequential() || value->count() != 2 || !value->at(0).is_integer() ||
      !value->at(1).is_keyword()) {
    return refuse(use.shape_code, path,
                  fmt::format(":{} must be a count and a unit such as {}; found {}", key, example,
                              shown(*value)),
                  "expected [count unit]");
  }
  const std::string_view unit = value->at(1).name()->text;
  std::vector<std::string_view> allowed;
  if (use.allows_time) allowed.insert(allowed.end(), std::begin(kTimeUnits), std::end(kTimeUnits));
  if (use.allows_elements)
    allowed.insert(allowed.end(), std::begin(kElementUnits), std::end(kElementUnits));
  if (std::find(allowed.begin(), allowed.end(), unit) == allowed.end()) {
    std::vector<std::string_view> plural;
    std::copy_if(allowed.begin(), allowed.end(), std::back_inserter(plural),
                 [](std::string_view name) { return name.ends_with('s'); });
    refuse(use.unit_code, path / std::size_t{1},
           fmt::format("the unit of :{} must be {}; found :{}", key, shown_keywords(plural, "or"),
                       unit),
           "not a unit of this key");
    parts.report.suggest(unit, allowed);
    return std::nullopt;
  }
  if (value->at(0).as_integer() <= 0) {
    return refuse(
        use.unit_code, path / std::size_t{0},
        fmt::format("the count of :{} must be positive; found {}", key, shown(value->at(0))),
        "not positive");
  }
  const auto quantity = read_quantity(*value);
  if (!quantity) {
    return refuse(use.unit_code, path / std::size_t{0},
                  fmt::format(":{} {} is more milliseconds than 64 bits hold", key, shown(*value)),
                  "too long");
  }
  return quantity;
}

}  // namespace onyx::model
