#include "common/base/utf8.h"

#include <catch2/catch.hpp>

namespace onyx {

namespace {

using namespace std::string_literals;

std::size_t valid(const std::string& bytes) {
  return valid_utf8_length(bytes.data(), bytes.data() + bytes.size());
}

char32_t decoded(const std::string& text) {
  std::size_t at = 0;
  const char32_t character = decode_utf8(text, at);
  CHECK(at == text.size());
  return character;
}

}  // namespace

TEST_CASE("utf8: the first and last character of each length is valid", "[utf8]") {
  CHECK(valid("\0"s) == 1);
  CHECK(valid("\x7F") == 1);
  CHECK(valid("\xC2\x80") == 2);
  CHECK(valid("\xDF\xBF") == 2);
  CHECK(valid("\xE0\xA0\x80") == 3);
  CHECK(valid("\xEF\xBF\xBF") == 3);
  CHECK(valid("\xF0\x90\x80\x80") == 4);
  CHECK(valid("\xF4\x8F\xBF\xBF") == 4);
}

TEST_CASE("utf8: overlong forms are not valid", "[utf8]") {
  CHECK(valid("\xC0\x80") == 0);
  CHECK(valid("\xC1\xBF") == 0);
  CHECK(valid("\xE0\x9F\xBF") == 0);
  CHECK(valid("\xF0\x8F\xBF\xBF") == 0);
}

TEST_CASE("utf8: surrogates are not valid, their neighbours are", "[utf8]") {
  CHECK(valid("\xED\x9F\xBF") == 3);
  CHECK(valid("\xED\xA0\x80") == 0);
  CHECK(valid("\xED\xBF\xBF") == 0);
  CHECK(valid("\xEE\x80\x80") == 3);
}

TEST_CASE("utf8: nothing beyond U+10FFFF is valid", "[utf8]") {
  CHECK(valid("\xF4\x90\x80\x80") == 0);
  CHECK(valid("\xF5\x80\x80\x80") == 0);
  CHECK(valid("\xF8\x88\x80\x80\x80") == 0);
  CHECK(valid("\xFF") == 0);
}

TEST_CASE("utf8: a character that is cut off or broken is not valid", "[utf8]") {
  for (const std::string whole : {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"}) {
    for (std::size_t length = 1; length < whole.size(); ++length) {
      CHECK(valid(whole.substr(0, length)) == 0);
      CHECK(valid(whole.substr(0, length) + "a" + whole.substr(length + 1)) == 0);
      CHECK(valid(whole.substr(length)) == 0);
    }
    CHECK(valid(whole + "a") == whole.size());
  }
}

TEST_CASE("utf8: every scalar value is encoded validly and decoded again", "[utf8]") {
  std::size_t wrong = 0;
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    const std::string text = to_utf8(c);
    std::size_t at = 0;
    const bool is_right = valid(text) == text.size() && utf8_length(text[0]) == text.size() &&
                          decode_utf8(text, at) == c && at == text.size();
    if (!is_right) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("utf8: each length is encoded as the standard says", "[utf8]") {
  std::string out;
  for (const char32_t c : {U'a', U'\u00E9', U'\u20AC', U'\U0001F600'}) append_utf8(c, out);
  CHECK(out == "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  CHECK(decoded("\xF0\x9F\x98\x80") == 0x1F600);
}

TEST_CASE("utf8: decoding stays within a text that is cut off", "[utf8]") {
  for (const std::string cut : {"\xC3", "\xE2\x82", "\xF0\x9F\x98"}) decoded(cut);
}

TEST_CASE("utf8: characters are counted and found, not bytes", "[utf8]") {
  const std::string text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80";
  CHECK(count_characters(text) == 4);
  CHECK(offset_of(text, 0) == 0u);
  CHECK(offset_of(text, 2) == 3u);
  CHECK(offset_of(text, 3) == 6u);
  CHECK(offset_of(text, 4) == text.size());
  CHECK(offset_of(text, 5) == std::nullopt);
  CHECK(previous_character(text, text.size()) == 6);
  CHECK(previous_character(text, 3) == 1);
  CHECK(previous_character(text, 1) == 0);
}

TEST_CASE("utf8: a text is valid when all of it is", "[utf8]") {
  CHECK(is_valid_utf8(""));
  CHECK(is_valid_utf8("a\xC3\xA9\xF0\x9F\x98\x80"));
  CHECK_FALSE(is_valid_utf8("a\xC3\xA9\xF0\x9F\x98"));
  CHECK_FALSE(is_valid_utf8("\xC3("));
}

}  // namespace onyx
