// Pretty printing: a collection that fits the rest of its line goes there, any other one element a line.
#include "common/edn/iteration.h"
#include "common/edn/objects.h"
#include "common/edn/print_leaf.h"
#include "common/edn/printer.h"

namespace onyx::edn {

namespace {

constexpr std::uint16_t kLevelsMax =
    200;  // deeper values go on one line: indentation says nothing there

std::size_t columns(std::string_view text) {
  std::size_t n = 0;
  for (const char c : text) n += (c & 0xc0) != 0x80 ? 1 : 0;
  return n;
}

class Pretty {
 public:
  explicit Pretty(std::size_t width) : width_(width) {}

  // `after` columns follow the value on its line: the brackets that close.
  void write(const Value& value, std::size_t after) {
    const std::string flat = print(value);
    if (ValueAccess::is_leaf(value) || column() + columns(flat) + after <= width_ ||
        value.depth() > kLevelsMax || (value.count() == 0 && !value.is(Kind::tagged))) {
      out_ += flat;
      return;
    }
    const Kind kind = value.kind();
    print_opening(kind, value, out_);
    const std::size_t indent = column(), closing = after + closing_of(kind).size();
    if (kind == Kind::tagged) {
      write(value.tagged_value(), closing);
    } else if (kind == Kind::map) {
      std::size_t left = value.count();
      for (const Entry entry : value.entries()) {
        --left;
        write(entry.key, 1);
        // A value that only fits a line of its own goes below its key.
        const std::string flat_value = print(entry.value);
        const std::size_t tail = left == 0 ? closing : 1;
        const bool fits_here = column() + 1 + columns(flat_value) + tail <= width_;
        const bool fits_below = indent + 1 + columns(flat_value) + tail <= width_;
        if (!fits_here && (fits_below || ValueAccess::is_leaf(entry.value)) &&
            column() > indent + 24) {
          next_line(indent + 1);
        } else {
          out_ += ' ';
        }
        write(entry.value, tail);
        if (left > 0) next_line(indent);
      }
    } else {
      std::size_t left = value.count();
      for (const Value& item : value.items()) {
        --left;
        write(item, left == 0 ? closing : 0);
        if (left > 0) next_line(indent);
      }
    }
    out_ += closing_of(kind);
  }

  std::string take() { return std::move(out_); }

 private:
  std::size_t column() const { return columns(std::string_view(out_).substr(line_)); }
  void next_line(std::size_t indent) {
    out_ += '\n';
    line_ = out_.size();
    out_.append(indent, ' ');
  }

  std::size_t width_;
  std::string out_;
  std::size_t line_ = 0;
};

}  // namespace

std::string pretty(const Value& value, std::size_t width) {
  Pretty pretty(width);
  pretty.write(value, 0);
  return pretty.take();
}

}  // namespace onyx::edn
