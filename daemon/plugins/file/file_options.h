// What a task's catalog entry says about its file.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "common/base/result.h"
#include "common/edn/value.h"

namespace onyx::plugins::file {

enum class Format : std::uint8_t { json_lines, csv, edn_lines, lines };
enum class ColumnType : std::uint8_t { string, integer, real };
enum class OnBadLine : std::uint8_t { fail, skip, set_aside };

struct FileOptions {
  std::string path;
  Format format = Format::json_lines;
  bool has_string_keys = false;
  std::map<std::string, ColumnType> types;  // by the name of the column
  OnBadLine on_bad_line = OnBadLine::fail;
  std::string rejects_path;  // set_aside: where to
  bool may_replace = true;   // an output's target
};

Result<FileOptions> read_options(const edn::Value& catalog_entry);

}  // namespace onyx::plugins::file
