#include "cli/output/table.h"

#include <algorithm>

#include "cli/output/words.h"

namespace onyx::cli {
namespace {

void pad(std::string& line, std::size_t count) { line.append(count, ' '); }

}  // namespace

std::string Table::aligned(bool is_wide, const Paint& paint) const {
  std::vector<std::size_t> shown;
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].is_wide && !is_wide) continue;
    std::size_t width = width_of(columns[i].title);
    for (const auto& row : rows) width = std::max(width, width_of(row[i].text));
    shown.push_back(i);
    widths.push_back(width);
  }
  std::string out;
  const auto add_line = [&](const auto& text_of, const auto& painted) {
    std::string line;
    for (std::size_t k = 0; k < shown.size(); ++k) {
      const std::size_t i = shown[k];
      const std::size_t gap = widths[k] - width_of(text_of(i));
      const bool is_last = k + 1 == shown.size();
      if (columns[i].is_right) pad(line, gap);
      line += painted(i);
      if (!columns[i].is_right && !is_last) pad(line, gap);
      if (!is_last) pad(line, 2);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  };
  add_line([&](std::size_t i) { return columns[i].title; },
           [&](std::size_t i) { return paint.dim(columns[i].title); });
  for (const auto& row : rows) {
    add_line([&](std::size_t i) { return row[i].text; },
             [&](std::size_t i) {
               return row[i].colour == nullptr ? row[i].text : (paint.*row[i].colour)(row[i].text);
             });
  }
  return out;
}

std::string Table::tab_separated(bool is_wide) const {
  std::string out;
  const auto add_line = [&](const auto& text_of) {
    bool is_first = true;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].is_wide && !is_wide) continue;
      if (!is_first) out += '\t';
      is_first = false;
      std::string text = text_of(i);
      std::replace_if(
          text.begin(), text.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; },
          ' ');
      out += text;
    }
    out += '\n';
  };
  add_line([&](std::size_t i) { return columns[i].title; });
  for (const auto& row : rows) add_line([&](std::size_t i) { return row[i].text; });
  return out;
}

}  // namespace onyx::cli
