#include "daemon/zookeeper/warden/ticket.h"

#include <charconv>
#include <optional>
#include <utility>

namespace onyx::zookeeper {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

std::string hex(std::int64_t number) {
  std::string bytes;
  for (unsigned shift = 64; shift > 0;) {
    shift -= 8;
    bytes += static_cast<char>((static_cast<std::uint64_t>(number) >> shift) & 0xffU);
  }
  return hex(bytes);
}

std::optional<std::string> bytes_of(std::string_view text) {
  std::string bytes;
  if (text.size() % 2 != 0) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    unsigned byte = 0;
    const char* const end = text.data() + i + 2;
    if (std::from_chars(text.data() + i, end, byte, 16).ptr != end) return std::nullopt;
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number, 16);
  if (text.empty() || at != end || error != std::errc()) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::string_view next_word(std::string_view& rest) {
  const std::size_t space = rest.find(' ');
  const std::string_view word = rest.substr(0, space);
  rest = space == std::string_view::npos ? std::string_view() : rest.substr(space + 1);
  return word;
}

}  // namespace

std::string open_line(const Ticket& ticket) {
  return "open " + hex(ticket.session) + " " + hex(ticket.password) + " " + ticket.servers + "\n";
}

std::string closed_line(std::int64_t session) { return "closed " + hex(session) + "\n"; }

void Tickets::take(std::string_view line) {
  const std::string_view verb = next_word(line);
  const auto session = number_of(next_word(line));
  // A session of number 0 would be a request for a new one.
  if (!session.has_value() || *session == 0) return;
  if (verb == "closed") open_.erase(*session);
  if (verb != "open") return;
  auto password = bytes_of(next_word(line));
  if (!password.has_value() || line.empty()) return;
  open_[*session] = {*session, std::move(*password), std::string(line)};
}

std::string Tickets::text() const {
  std::string lines;
  for (const auto& [session, ticket] : open_) lines += open_line(ticket);
  return lines;
}

}  // namespace onyx::zookeeper
