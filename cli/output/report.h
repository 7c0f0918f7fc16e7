// What a command found out, once, for every output format.
//
// Shape:   `fields` is a map of keyword keys in the order they are shown; JSON and EDN print it after `kind` and `v`.
//          With `items` (the key of a vector of maps), ndjson prints one item a line. Times in `fields` are insts.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/output/table.h"
#include "common/edn/value.h"

namespace onyx::cli {

enum class Format { table, wide, json, ndjson, edn, name };

struct Report {
  std::string kind;  // "JobList"; its version is 1
  edn::Value fields = edn::Value::map();
  std::string items;               // "jobs"
  std::vector<std::string> names;  // for `-o name` and `-q`: full ids, one a line
  Table table;                     // for people and TSV; without columns, `text` is shown instead
  std::string text;                // for people, with its line ends
};

// A map of keyword keys in this order; nil values are left out.
edn::Value fields_of(std::vector<std::pair<std::string_view, edn::Value>> entries);
edn::Value text_value(std::string_view text);  // nil when it is empty
edn::Value time_value(WallTimeMs time);        // nil when it is unknown
edn::Value read_or_text(
    const std::string& edn);  // nil when it is empty; the text itself when it cannot be read

// The whole report as one text with its line ends. `is_quiet`: names only.
std::string print(const Report& report, Format format, bool is_quiet, bool is_terminal,
                  const Paint& paint);
// One object on one line with its line end, for streams: as JSON or EDN.
std::string print_line(const std::string& kind, const edn::Value& fields, Format format);

}  // namespace onyx::cli
