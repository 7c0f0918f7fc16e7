#include "common/lang/core/core.h"

#include <cmath>
#include <limits>
#include <vector>

#include "common/lang/core/areas.h"

namespace onyx::lang {

namespace {

std::vector<Native> all_natives() {
  using namespace core;
  std::vector<Native> all;
  for (const auto table :
       {arithmetic_table(),  bits_table(),       comparison_table(),     exceptions_table(),
        format_table(),      functional_table(), generators_table(),     grouping_table(),
        hash_table(),        json_table(),       lazy_seqs_table(),      lists_table(),
        maps_table(),        math_table(),       naming_table(),         parsing_table(),
        partitions_table(),  predicates_table(), printing_table(),       reduce_table(),
        regex_table(),       seqs_table(),       set_operations_table(), sets_table(),
        sort_table(),        sorted_table(),     strings_table(),        time_table(),
        transducers_table(), walk_table()}) {
    all.insert(all.end(), table.begin(), table.end());
  }
  return all;
}

std::vector<Constant> all_constants() {
  using Limits64 = std::numeric_limits<std::int64_t>;
  using Limits32 = std::numeric_limits<std::int32_t>;
  using Reals = std::numeric_limits<double>;
  return {
      {"Long", "MAX_VALUE", Value::integer(Limits64::max())},
      {"Long", "MIN_VALUE", Value::integer(Limits64::min())},
      {"Integer", "MAX_VALUE", Value::integer(Limits32::max())},
      {"Integer", "MIN_VALUE", Value::integer(Limits32::min())},
      {"Double", "MAX_VALUE", Value::real(Reals::max())},
      {"Double", "MIN_VALUE", Value::real(Reals::denorm_min())},
      {"Double", "POSITIVE_INFINITY", Value::real(Reals::infinity())},
      {"Double", "NEGATIVE_INFINITY", Value::real(-Reals::infinity())},
      {"Double", "NaN", Value::real(Reals::quiet_NaN())},
      {"Math", "PI", Value::real(M_PI)},
      {"Math", "E", Value::real(M_E)},
  };
}

}  // namespace

std::span<const Native> core_table() {
  static const auto* table = new std::vector<Native>(all_natives());
  return *table;
}

std::span<const Constant> core_constants() {
  static const auto* constants = new std::vector<Constant>(all_constants());
  return *constants;
}

}  // namespace onyx::lang
