#include "daemon/zookeeper/embedded/jute.h"

namespace onyx::zookeeper::embedded {

std::uint64_t JuteReader::big_endian(std::size_t bytes) {
  if (rest_.size() < bytes) {
    ok_ = false;
    rest_ = {};
    return 0;
  }
  std::uint64_t value = 0;
  for (const char c : rest_.substr(0, bytes)) value = value << 8 | static_cast<unsigned char>(c);
  rest_.remove_prefix(bytes);
  return value;
}

bool JuteReader::boolean() { return big_endian(1) != 0; }

std::int32_t JuteReader::integer() { return static_cast<std::int32_t>(big_endian(4)); }

std::int64_t JuteReader::long_integer() { return static_cast<std::int64_t>(big_endian(8)); }

std::string JuteReader::text() {
  const std::size_t length = count(1);
  std::string text(rest_.substr(0, length));
  rest_.remove_prefix(length);
  return text;
}

std::vector<std::string> JuteReader::texts() {
  std::vector<std::string> texts(count(4));
  for (std::string& element : texts) element = text();
  return texts;
}

std::size_t JuteReader::count(std::size_t element_bytes_min) {
  const std::int32_t count = integer();
  if (count <= 0) return 0;
  if (static_cast<std::size_t>(count) > rest_.size() / element_bytes_min) {
    ok_ = false;
    rest_ = {};
    return 0;
  }
  return static_cast<std::size_t>(count);
}

void JuteWriter::big_endian(std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
    bytes_.push_back(static_cast<char>(value >> shift));
  }
}

void JuteWriter::text(std::string_view value) {
  integer(static_cast<std::int32_t>(value.size()));
  bytes_.append(value);
}

void JuteWriter::texts(const std::vector<std::string>& values) {
  integer(static_cast<std::int32_t>(values.size()));
  for (const std::string& value : values) text(value);
}

}  // namespace onyx::zookeeper::embedded
