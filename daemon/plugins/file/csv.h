// CSV records (RFC 4180): fields separated by commas, in quotes where they hold a comma, a quote or a line feed.
//
// Thread:  pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace onyx::plugins::file {

enum class CsvResult : unsigned char {
  ok,
  unfinished,  // ends inside quotes: the record goes on in the next line
  malformed,   // text after a closing quote, or a quote inside an unquoted field
};

// Replaces `fields`; their memory is used again.
CsvResult split_csv(std::string_view record, std::vector<std::string>& fields);

// The field as it is written, in quotes where they are needed.
void append_csv(std::string_view field, std::string& out);

}  // namespace onyx::plugins::file
