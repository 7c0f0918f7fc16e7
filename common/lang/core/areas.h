// The tables that core_table() is made of, one per file of this folder.
#pragma once

#include <span>

#include "common/lang/function.h"

namespace onyx::lang::core {

inline constexpr std::string_view kCore = "clojure.core";

std::span<const Native> arithmetic_table();
std::span<const Native> bits_table();
std::span<const Native> comparison_table();
std::span<const Native> exceptions_table();
std::span<const Native> format_table();
std::span<const Native> functional_table();
std::span<const Native> generators_table();
std::span<const Native> grouping_table();
std::span<const Native> hash_table();
std::span<const Native> json_table();
std::span<const Native> lazy_seqs_table();
std::span<const Native> lists_table();
std::span<const Native> maps_table();
std::span<const Native> math_table();
std::span<const Native> naming_table();
std::span<const Native> parsing_table();
std::span<const Native> partitions_table();
std::span<const Native> predicates_table();
std::span<const Native> printing_table();
std::span<const Native> reduce_table();
std::span<const Native> regex_table();
std::span<const Native> seqs_table();
std::span<const Native> set_operations_table();
std::span<const Native> sets_table();
std::span<const Native> sort_table();
std::span<const Native> sorted_table();
std::span<const Native> strings_table();
std::span<const Native> time_table();
std::span<const Native> transducers_table();
std::span<const Native> walk_table();

}  // namespace onyx::lang::core
