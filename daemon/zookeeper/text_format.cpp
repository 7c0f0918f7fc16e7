#include "daemon/zookeeper/text_format.h"

#include <charconv>

namespace onyx::zookeeper {

std::optional<std::string_view> word_in(std::string_view line, std::string_view kind,
                                        std::string_view key) {
  if (!line.starts_with(kind)) return std::nullopt;
  std::string_view rest = line.substr(kind.size());
  rest = rest.substr(0, rest.find('\n'));
  while (!rest.empty()) {
    if (rest.front() != ' ') return std::nullopt;
    rest.remove_prefix(1);
    const std::string_view word = rest.substr(0, rest.find(' '));
    if (word.starts_with(key) && word.substr(key.size()).starts_with('=')) {
      return word.substr(key.size() + 1);
    }
    rest.remove_prefix(word.size());
  }
  return std::nullopt;
}

std::optional<std::int64_t> number_in(std::string_view line, std::string_view kind,
                                      std::string_view key) {
  const std::optional<std::string_view> word = word_in(line, kind, key);
  if (!word) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(word->data(), word->data() + word->size(), number);
  if (error != std::errc() || end != word->data() + word->size()) return std::nullopt;
  return number;
}

}  // namespace onyx::zookeeper
