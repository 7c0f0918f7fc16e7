#include "daemon/plugins/file/rejects.h"

#include "daemon/plugins/file/decoder.h"

namespace onyx::plugins::file {

namespace {

using edn::Value;

constexpr std::size_t kTextBytesMax = 64 * 1024;

// Bytes that are no UTF-8 become U+FFFD, so that the line is valid JSON.
std::string as_utf8(std::string_view text) {
  text = text.substr(0, kTextBytesMax);
  if (is_utf8(text)) return std::string(text);
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = 1;
    while (length <= 4 && i + length <= text.size() && !is_utf8(text.substr(i, length))) ++length;
    if (length <= 4 && i + length <= text.size()) {
      out += text.substr(i, length);
      i += length;
    } else {
      out += "\xEF\xBF\xBD";
      ++i;
    }
  }
  return out;
}

}  // namespace

Result<void> Rejects::add(const BadLine& bad) {
  if (!file_.has_value()) return {};
  const Value row =
      Value::map({{Value::keyword("file"), Value::string(bad.file)},
                  {Value::keyword("line"), Value::integer(static_cast<std::int64_t>(bad.line))},
                  {Value::keyword("offset"), Value::integer(static_cast<std::int64_t>(bad.offset))},
                  {Value::keyword("reason"), Value::string(bad.reason)},
                  {Value::keyword("text"), Value::string(as_utf8(bad.text))}});
  ONYX_TRY(writer_.append(row, file_->buffer()));
  file_->buffer() += '\n';
  return {};
}

}  // namespace onyx::plugins::file
