#include "common/edn/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "common/base/utf8.h"
#include "common/edn/printer.h"

namespace onyx::edn {

namespace {

constexpr std::size_t kShownColumns = 120;  // of a source line; longer ones are cut around the mark

enum class Style : std::uint8_t { plain, bold, error, warning, gutter, help };

class Painter {
 public:
  explicit Painter(bool colour) : colour_(colour) {}

  std::string operator()(Style style, std::string_view text) const {
    static constexpr std::string_view kCodes[] = {"", "1", "1;31", "1;33", "1;34", "36"};
    const std::string_view code = kCodes[static_cast<std::size_t>(style)];
    if (!colour_ || code.empty() || text.empty()) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
  }

 private:
  bool colour_;
};

struct Mark {
  Span span;
  std::string_view label;
  bool is_primary;
};

// The line that holds the byte at `offset`, without its end.
std::string_view line_at(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const std::size_t before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
  std::string_view line =
      text.substr(start, std::min(text.find('\n', offset), text.size()) - start);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

// A window on a line: `columns` code points from the `skipped`th on. Control characters and broken bytes are shown as
// blanks and question marks.
struct Window {
  std::string text;
  std::size_t skipped = 0;
  std::size_t columns = 0;
};

// What a terminal may be shown for a character.
std::string_view shown_character(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character[0]);
  const bool is_control = lead < 0x20 || lead == 0x7f ||
                          (lead == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0);
  return is_control ? " " : character;
}

Window window_on(std::string_view line, std::size_t column) {
  Window window;
  const std::size_t wanted = column > 0 ? column - 1 : 0;
  window.skipped = wanted > kShownColumns * 2 / 3 && line.size() > kShownColumns
                       ? wanted - kShownColumns / 2
                       : 0;
  std::size_t seen = 0;
  if (window.skipped > 0) window.text = "…";
  for (std::size_t i = 0, bytes = 0; i < line.size(); i += bytes) {
    const std::size_t valid = valid_utf8_length(line.data() + i, line.data() + line.size());
    bytes = std::max<std::size_t>(valid, 1);
    // A byte that continues nothing has no column.
    if (valid == 0 && (static_cast<unsigned char>(line[i]) & 0xc0) == 0x80) continue;
    ++seen;
    if (seen <= window.skipped + (window.skipped > 0 ? 1 : 0)) continue;
    if (seen > window.skipped + kShownColumns) {
      window.text += "…";
      break;
    }
    window.text += valid == 0 ? "?" : shown_character(line.substr(i, bytes));
  }
  window.columns = std::min(seen, window.skipped + kShownColumns) - std::min(seen, window.skipped);
  return window;
}

std::string listing(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

std::string place_of(const Diagnostic& d) {
  std::string entry = d.entry_name.empty() ? "" : fmt::format("  in {}", d.entry_name);
  if (d.span.is_known()) {
    const std::string at = d.file.empty()
                               ? fmt::format("line {}, column {}", d.span.line, d.span.column)
                               : fmt::format("{}:{}:{}", d.file, d.span.line, d.span.column);
    return at;
  }
  std::string place = d.file;
  if (!d.path.empty()) {
    if (!place.empty()) place += "  ";
    place += print(Value::vector(d.path));
  }
  if (place.empty()) return entry.empty() ? "" : entry.substr(2);
  return place + entry;
}

class Renderer {
 public:
  Renderer(const Diagnostic& diagnostic, std::string_view text, bool colour)
      : d_(diagnostic), text_(text), paint_(colour) {
    for (const Diagnostic::Related& related : d_.related) {
      if (related.span.is_known()) marks_.push_back({related.span, related.label, false});
    }
    if (d_.span.is_known()) {
      label_ = d_.label;
      marks_.push_back({d_.span, {}, true});
    }
    std::stable_sort(marks_.begin(), marks_.end(), [](const Mark& a, const Mark& b) {
      return std::pair(a.span.line, a.span.column) < std::pair(b.span.line, b.span.column);
    });
    if (!text_.empty() && !marks_.empty()) gutter_ = std::to_string(marks_.back().span.line).size();
  }

  std::string render() {
    const Style severity = d_.severity == Severity::error ? Style::error : Style::warning;
    const std::string_view word = d_.severity == Severity::error ? "error" : "warning";
    out_ += paint_(severity,
                   d_.code.empty() ? std::string(word) : fmt::format("{}[{}]", word, d_.code));
    out_ += paint_(Style::bold, ": " + d_.message);
    out_ += '\n';
    if (const std::string place = place_of(d_); !place.empty()) {
      out_ +=
          fmt::format("{}{} {}\n", std::string(gutter_, ' '), paint_(Style::gutter, "-->"), place);
    }
    // Without a label, the nearest name is what the caret has to say.
    bool suggested = d_.did_you_mean.empty();
    if (!suggested && d_.span.is_known() && !text_.empty() && label_.empty()) {
      label_ = fmt::format("did you mean {}?", listing(d_.did_you_mean));
      suggested = true;
    }
    if (!text_.empty() && !marks_.empty()) snippet(severity);
    for (const std::string& note : d_.notes) note_line("", note);
    if (!suggested) note_line("", fmt::format("did you mean {}?", listing(d_.did_you_mean)));
    if (!d_.help.empty()) note_line("help: ", d_.help);
    if (!d_.code.empty()) note_line("see:  ", "onyxctl explain " + d_.code);
    return std::move(out_);
  }

 private:
  void bar(std::string_view number) {
    out_ += paint_(Style::gutter, fmt::format("{:>{}} |", number, gutter_));
  }

  void snippet(Style severity) {
    bar("");
    out_ += '\n';
    std::uint32_t last = 0;
    for (std::size_t i = 0; i < marks_.size();) {
      const Mark& first = marks_[i];
      if (last != 0 && first.span.line > last + 1) out_ += paint_(Style::gutter, "...") + "\n";
      last = first.span.line;
      const Window window = window_on(line_at(text_, first.span.offset), first.span.column);
      bar(std::to_string(last));
      out_ += window.text.empty() ? "\n" : fmt::format(" {}\n", window.text);
      for (; i < marks_.size() && marks_[i].span.line == last; ++i)
        underline(marks_[i], window, severity);
    }
  }

  void underline(const Mark& mark, const Window& window, Style severity) {
    const std::size_t start = mark.span.column - 1;
    if (start < window.skipped || start > window.skipped + window.columns) return;
    const std::size_t indent = start - window.skipped;
    std::size_t width = mark.span.end_line > mark.span.line
                            ? window.columns - std::min(indent, window.columns)
                            : mark.span.end_column - mark.span.column;
    width = std::clamp<std::size_t>(
        width, 1, std::max<std::size_t>(1, window.columns - std::min(indent, window.columns)));
    const std::string_view label = mark.is_primary ? std::string_view(label_) : mark.label;
    std::string line(width, mark.is_primary ? '^' : '-');
    if (!label.empty()) line += fmt::format(" {}", label);
    bar("");
    out_ += ' ' + std::string(indent, ' ') +
            paint_(mark.is_primary ? severity : Style::gutter, line) + '\n';
  }

  void note_line(std::string_view head, std::string_view text) {
    out_ += std::string(gutter_ + 1, ' ') + paint_(Style::gutter, "=") + ' ' +
            paint_(Style::help, head);
    // Further lines of a note stand below its first.
    for (const char c : text) {
      out_ += c;
      if (c == '\n') out_ += std::string(gutter_ + 3 + head.size(), ' ');
    }
    out_ += '\n';
  }

  const Diagnostic& d_;
  std::string_view text_;
  Painter paint_;
  std::vector<Mark> marks_;
  std::string label_;
  std::size_t gutter_ = 2;
  std::string out_;
};

}  // namespace

std::string render(const Diagnostic& diagnostic, std::string_view text, bool colour) {
  return Renderer(diagnostic, text, colour).render();
}

}  // namespace onyx::edn
