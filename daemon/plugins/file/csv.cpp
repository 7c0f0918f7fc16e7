#include "daemon/plugins/file/csv.h"

namespace onyx::plugins::file {

CsvResult split_csv(std::string_view record, std::vector<std::string>& fields) {
  std::size_t count = 0;
  const auto field = [&]() -> std::string& {
    if (count == fields.size()) fields.emplace_back();
    fields[count].clear();
    return fields[count++];
  };
  std::size_t i = 0;
  for (;;) {
    std::string& text = field();
    if (i < record.size() && record[i] == '"') {
      for (++i;; ++i) {
        if (i >= record.size()) return CsvResult::unfinished;
        if (record[i] != '"') {
          text += record[i];
        } else if (i + 1 < record.size() && record[i + 1] == '"') {
          text += '"';
          ++i;
        } else {
          break;
        }
      }
      ++i;
      if (i < record.size() && record[i] != ',') return CsvResult::malformed;
    } else {
      const std::size_t end = std::min(record.find(',', i), record.size());
      text.assign(record.substr(i, end - i));
      if (text.find('"') != std::string::npos) return CsvResult::malformed;
      i = end;
    }
    if (i >= record.size()) break;
    ++i;  // the comma
  }
  fields.resize(count);
  return CsvResult::ok;
}

void append_csv(std::string_view field, std::string& out) {
  if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += field;
    return;
  }
  out += '"';
  for (const char c : field) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace onyx::plugins::file
