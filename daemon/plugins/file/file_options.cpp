#include "daemon/plugins/file/file_options.h"

#include <fmt/format.h>

#include "common/edn/printer.h"

namespace onyx::plugins::file {

namespace {

using edn::Value;

tl::unexpected<Error> wrong(std::string_view key, const Value& found, std::string_view expected) {
  return failure(ErrorCode::invalid_argument,
                 fmt::format(":{} is {}, expected {}", key, edn::print(found), expected));
}

std::string column_name(const Value& key) {
  if (key.is_keyword() || key.is_symbol()) return key.name()->text;
  return key.is_string() ? std::string(key.as_string()) : edn::print(key);
}

}  // namespace

Result<FileOptions> read_options(const Value& entry) {
  FileOptions options;
  const Value& path = entry.get("file/path");
  if (!path.is_string() || path.as_string().empty()) return wrong("file/path", path, "a path");
  options.path = path.as_string();

  const Value& format = entry.get("file/format");
  if (format.is_keyword("json-lines")) {
    options.format = Format::json_lines;
  } else if (format.is_keyword("csv")) {
    options.format = Format::csv;
  } else if (format.is_keyword("edn-lines")) {
    options.format = Format::edn_lines;
  } else if (format.is_keyword("lines")) {
    options.format = Format::lines;
  } else {
    return wrong("file/format", format, "one of :json-lines :csv :edn-lines :lines");
  }

  const Value& keys = entry.get("file/keys");
  options.has_string_keys = keys.is_keyword("string");
  if (!keys.is_nil() && !keys.is_keyword("keyword") && !keys.is_keyword("string")) {
    return wrong("file/keys", keys, ":keyword or :string");
  }

  const Value& types = entry.get("file/types");
  if (types.is_map()) {
    for (const edn::Entry one : types.entries()) {
      ColumnType type = ColumnType::string;
      if (one.value.is_keyword("long")) {
        type = ColumnType::integer;
      } else if (one.value.is_keyword("double")) {
        type = ColumnType::real;
      } else if (!one.value.is_keyword("string")) {
        return wrong("file/types", one.value, "a type: one of :long :double :string");
      }
      options.types.emplace(column_name(one.key), type);
    }
  } else if (!types.is_nil()) {
    return wrong("file/types", types, "a map from columns to :long, :double or :string");
  }

  const Value& bad = entry.get("file/on-bad-line");
  if (bad.is_keyword("skip")) {
    options.on_bad_line = OnBadLine::skip;
  } else if (bad.is_map() && bad.get("to").is_string()) {
    options.on_bad_line = OnBadLine::set_aside;
    options.rejects_path = bad.get("to").as_string();
  } else if (!bad.is_nil() && !bad.is_keyword("fail")) {
    return wrong("file/on-bad-line", bad, ":fail, :skip or {:to PATH}");
  }

  const Value& exists = entry.get("file/if-exists");
  options.may_replace = !exists.is_keyword("fail");
  if (!exists.is_nil() && !exists.is_keyword("fail") && !exists.is_keyword("replace")) {
    return wrong("file/if-exists", exists, ":replace or :fail");
  }
  return options;
}

}  // namespace onyx::plugins::file
