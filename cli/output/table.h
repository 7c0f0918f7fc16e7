// Rows and columns: aligned for a terminal, tab-separated for a pipe.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/output/paint.h"

namespace onyx::cli {

struct Column {
  std::string title;
  bool is_right = false;  // numbers
  bool is_wide = false;   // shown with `-o wide` only
};

struct Cell {
  Cell(std::string t) : text(std::move(t)) {}  // NOLINT: a cell is its text
  Cell(std::string t, std::string (Paint::*c)(std::string_view) const)
      : text(std::move(t)), colour(c) {}

  std::string text;
  std::string (Paint::*colour)(std::string_view) const = nullptr;
};

struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;

  // Two blanks between columns, none at the end of a line.
  std::string aligned(bool is_wide, const Paint& paint) const;
  // With tabs and line ends inside cells replaced by blanks.
  std::string tab_separated(bool is_wide) const;
};

}  // namespace onyx::cli
