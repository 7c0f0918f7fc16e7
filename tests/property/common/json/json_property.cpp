#include <rapidcheck.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstring>
#include <set>
#include <string>

#include "common/base/utf8.h"
#include "common/json/parser.h"
#include "common/json/writer.h"

// Another implementation of JSON is the oracle: what we write it reads as the same data, what it writes we read as the
// same data, and both take and refuse the same mutilated texts, but for our own rules.

namespace onyx::json {
namespace {

using edn::Value;
using Json = nlohmann::json;

std::string any_text() {
  std::string text;
  for (const auto c : *rc::gen::container<std::vector<char32_t>>(rc::gen::oneOf(
           rc::gen::inRange<char32_t>(0, 0x80), rc::gen::inRange<char32_t>(0x20, 0x7F),
           rc::gen::inRange<char32_t>(0x80, 0x800), rc::gen::inRange<char32_t>(0x800, 0xD800),
           rc::gen::inRange<char32_t>(0x10000, 0x110000)))) {
    append_utf8(c, text);
  }
  return text;
}

double any_real() {
  const auto bits = *rc::gen::arbitrary<std::uint64_t>();
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return std::isfinite(value) ? value : 0.5;
}

// The same data twice, in both libraries' terms.
std::pair<Value, Json> any_data(int depth) {
  switch (*rc::gen::inRange(0, depth == 0 ? 5 : 7)) {
    case 0:
      return {Value(), Json()};
    case 1: {
      const bool b = *rc::gen::arbitrary<bool>();
      return {Value::boolean(b), Json(b)};
    }
    case 2: {
      const auto i = *rc::gen::arbitrary<std::int64_t>();
      return {Value::integer(i), Json(i)};
    }
    case 3: {
      const double d = any_real();
      return {Value::real(d), Json(d)};
    }
    case 4: {
      const std::string s = any_text();
      return {Value::string(s), Json(s)};
    }
    case 5: {
      std::vector<Value> items;
      Json array = Json::array();
      for (int i = *rc::gen::inRange(0, 5); i > 0; --i) {
        auto [item, json] = any_data(depth - 1);
        items.push_back(std::move(item));
        array.push_back(std::move(json));
      }
      return {Value::vector(std::move(items)), std::move(array)};
    }
    default: {
      std::vector<std::pair<Value, Value>> entries;
      Json object = Json::object();
      for (int i = *rc::gen::inRange(0, 5); i > 0; --i) {
        const std::string key =
            *rc::gen::arbitrary<bool>() ? any_text() : std::string(1, static_cast<char>('a' + i));
        auto [item, json] = any_data(depth - 1);
        entries.emplace_back(Value::string(key), std::move(item));
        object[key] = std::move(json);
      }
      return {Value::map(std::move(entries)), std::move(object)};
    }
  }
}

TEST_CASE("json: what is written, another library reads as the same data", "[json][property]") {
  CHECK(rc::check([] {
    const auto [value, json] = any_data(4);
    const auto text = write(value);
    RC_ASSERT(text.has_value());
    RC_ASSERT(Json::parse(*text) == json);
  }));
}

TEST_CASE("json: what another library writes is read as the same data", "[json][property]") {
  Parser parser(Keys::string);
  CHECK(rc::check([&] {
    const auto [value, json] = any_data(4);
    const auto plain = parser.parse(json.dump());
    RC_ASSERT(plain.has_value());
    RC_ASSERT(*plain == value);
    const auto indented = parser.parse(json.dump(2, ' ', true));
    RC_ASSERT(indented.has_value());
    RC_ASSERT(*indented == value);
  }));
}

TEST_CASE("json: writing and reading gives the same value and the same text", "[json][property]") {
  Parser parser(Keys::string);
  CHECK(rc::check([&] {
    const auto [value, json] = any_data(4);
    const auto text = write(value);
    RC_ASSERT(text.has_value());
    const auto back = parser.parse(*text);
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == value);
    RC_ASSERT(*write(*back) == *text);
  }));
}

// Accepts what RFC 8259 accepts, save for what parser.h refuses beyond it.
bool is_accepted_by_both_rules(const std::string& text) {
  struct Strict : nlohmann::json_sax<Json> {
    std::vector<std::set<std::string>> keys;
    bool is_fine = true;
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t n) override {
      is_fine = is_fine && n <= static_cast<std::uint64_t>(INT64_MAX);
      return true;
    }
    bool number_float(number_float_t d, const string_t& raw) override {
      // An integer too wide for 64 bits arrives here as well.
      is_fine = is_fine && std::isfinite(d) && raw.find_first_of(".eE") != std::string::npos;
      return true;
    }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override {
      keys.emplace_back();
      return true;
    }
    bool key(string_t& k) override {
      is_fine = keys.back().insert(k).second && is_fine;
      return true;
    }
    bool end_object() override {
      keys.pop_back();
      return true;
    }
    bool start_array(std::size_t) override { return true; }
    bool end_array() override { return true; }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
      return false;
    }
  } strict;
  return Json::sax_parse(text, &strict) && strict.is_fine;
}

TEST_CASE("json: damaged texts are taken or refused as by another library", "[json][property]") {
  Parser parser(Keys::string);
  CHECK(rc::check([&] {
    const auto [value, json] = any_data(3);
    std::string text = json.dump();
    for (int i = *rc::gen::inRange(1, 4); i > 0 && !text.empty(); --i) {
      const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
      switch (*rc::gen::inRange(0, 3)) {
        case 0:
          text.erase(at, 1);
          break;
        case 1:
          text[at] = *rc::gen::element('"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', '.', 'e',
                                       ' ', '\x80', '\n');
          break;
        default:
          text.insert(at, 1,
                      *rc::gen::element('"', '\\', '{', '}', '[', ']', ',', ':', '0', '1', '-', '.',
                                        'e', ' ', '\xC3'));
      }
    }
    RC_ASSERT(parser.parse(text).has_value() == is_accepted_by_both_rules(text));
  }));
}

}  // namespace
}  // namespace onyx::json
