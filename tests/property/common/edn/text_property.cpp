// Text to value and back.
#include <catch2/catch.hpp>

#include "common/edn/iteration.h"
#include "common/edn/printer.h"
#include "common/edn/reader.h"
#include "tests/support/edn_generators.h"

using namespace onyx::edn;

namespace {

void check(bool holds) { REQUIRE(holds); }

// What the span of every value covers reads as that value.
void places_are_right(const std::string& text, const Value& root, const Value& value,
                      const Place& place, std::vector<Value>& path, const Place& root_place) {
  const std::string_view covered =
      std::string_view(text).substr(place.span.offset, place.span.end_offset - place.span.offset);
  const auto again = read(covered);
  RC_ASSERT(again.has_value());
  RC_ASSERT(*again == value);
  RC_ASSERT(locate(root, root_place, path).offset == place.span.offset);
  if (value.is_sequential()) {
    std::size_t i = 0;
    for (const Value& item : value.items()) {
      path.push_back(Value::integer(static_cast<std::int64_t>(i)));
      places_are_right(text, root, item, place.children.at(i), path, root_place);
      path.pop_back();
      ++i;
    }
  }
}

}  // namespace

TEST_CASE("text: what is printed reads back as an equal value of the same kind", "[edn]") {
  check(rc::check([](const Value& v) {
    for (const std::string& text : {print(v), print_canonical(v), pretty(v), pretty(v, 20)}) {
      const auto back = read(text);
      RC_ASSERT(back.has_value());
      RC_ASSERT(*back == v);
    }
    RC_ASSERT(read(print(v))->kind() == v.kind());
  }));
}

TEST_CASE("text: printing is a fixed point", "[edn]") {
  check(rc::check([](const Value& v) {
    RC_ASSERT(print(*read(print_canonical(v))) == print_canonical(*read(print(v))) ||
              print_canonical(*read(print(v))) == print_canonical(v));
    RC_ASSERT(print_canonical(*read(print_canonical(v))) == print_canonical(v));
  }));
}

TEST_CASE("text: places cover the text of their values", "[edn]") {
  check(rc::check([](const Value& v) {
    const std::string text = "  ; a comment\n" + pretty(v, 30) + " ;end";
    const auto document = read_document(text, "t.edn");
    RC_ASSERT(document.has_value());
    std::vector<Value> path;
    places_are_right(text, document->value, document->value, document->place, path,
                     document->place);
  }));
}

TEST_CASE("text: any bytes give a value or an error with a place inside the text", "[edn]") {
  check(rc::check([] {
    const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
        "(", ")", "[", "]", "{", "}", "#{", "#_", "#", "\"", "\\", ":", "a", "/", "1", "-", ".",
        "e", "N", "M", "r", "x", "0", " ", ",", "\n", ";", "^", "@", "#inst", "#uuid", "##", "Inf",
        "nil", "\xc3", "\xa9", "\xff", "\\u00", "#:", "é"));
    std::string text;
    for (const std::string& piece : pieces) text += piece;
    const auto documents = read_all(text, "t.edn");
    if (documents.has_value()) {
      for (const Document& d : *documents) RC_ASSERT(*read(print(d.value)) == d.value);
      return;
    }
    const Diagnostic& wrong = documents.error();
    RC_ASSERT(wrong.code.substr(0, 4) == "EDN-");
    RC_ASSERT(wrong.span.line >= 1u);
    RC_ASSERT(wrong.span.column >= 1u);
    RC_ASSERT(wrong.span.offset <= text.size());
    RC_ASSERT(wrong.span.end_offset >= wrong.span.offset);
    RC_ASSERT(!render(wrong, text, true).empty());
    RC_ASSERT(!render(wrong, text, false).empty());
  }));
}
