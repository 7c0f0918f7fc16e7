#include "common/base/ids.h"

#include <array>

namespace onyx {

namespace {

constexpr std::size_t kUuidLength = 36;

constexpr bool is_dash_at(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

constexpr std::array<signed char, 256> kDigits = [] {
  std::array<signed char, 256> digits{};
  digits.fill(-1);
  for (int d = 0; d < 10; ++d)
    digits[static_cast<std::size_t>('0' + d)] = static_cast<signed char>(d);
  for (int d = 10; d < 16; ++d) {
    digits[static_cast<std::size_t>('a' + d - 10)] = static_cast<signed char>(d);
  }
  return digits;
}();

}  // namespace

std::optional<UuidBits> uuid_bits(std::string_view text) {
  if (text.size() != kUuidLength) return std::nullopt;
  UuidBits bits;
  int seen = 0;
  for (std::size_t i = 0; i < kUuidLength; ++i) {
    if (is_dash_at(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const int digit = kDigits[static_cast<unsigned char>(text[i])];
    if (digit < 0) return std::nullopt;
    std::uint64_t& half = seen < 16 ? bits.high : bits.low;
    half = half << 4 | static_cast<std::uint64_t>(digit);
    ++seen;
  }
  return bits;
}

std::string uuid_text(UuidBits bits) {
  std::string text(kUuidLength, '-');
  int seen = 0;
  for (std::size_t i = 0; i < kUuidLength; ++i) {
    if (is_dash_at(i)) continue;
    const std::uint64_t half = seen < 16 ? bits.high : bits.low;
    text[i] = "0123456789abcdef"[half >> (60 - 4 * (seen % 16)) & 0xf];
    ++seen;
  }
  return text;
}

UuidOrText::UuidOrText(std::string_view text) {
  const auto bits = uuid_bits(text);
  if (bits && *bits != UuidBits{}) {
    bits_ = *bits;
  } else if (!text.empty()) {
    other_ = std::make_shared<const std::string>(text);
  }
}

std::string UuidOrText::text() const {
  if (other_ != nullptr) return *other_;
  return empty() ? std::string() : uuid_text(bits_);
}

bool UuidOrText::texts_equal(const UuidOrText& other) const {
  return other_ != nullptr && other.other_ != nullptr && *other_ == *other.other_;
}

std::strong_ordering UuidOrText::compare_texts(const UuidOrText& other) const {
  return text() <=> other.text();
}

std::size_t UuidOrText::hash_of_text() const noexcept { return std::hash<std::string>()(*other_); }

}  // namespace onyx
