#include "common/edn/diagnostic.h"

#include <catch2/catch.hpp>

#include "common/edn/lexer.h"
#include "common/edn/reader.h"

using namespace onyx::edn;

TEST_CASE("diagnostic: head, place, snippet with carets, help", "[edn]") {
  const std::string text = "{:a\n :onyx/min-peers 4\n :onyx/max-peers 2}\n";
  Diagnostic d;
  d.code = "CAT-07";
  d.message = ":onyx/min-peers is greater than :onyx/max-peers";
  d.file = "job.edn";
  d.span = span_at(text, text.find('4'), text.find('4') + 1);
  d.label = "the minimum is 4 …";
  d.related.push_back({span_at(text, text.find('2'), text.find('2') + 1), "… the maximum is 2"});
  d.notes = {"a task cannot have fewer peers than its minimum"};
  d.help = "raise :onyx/max-peers to 4, or use :onyx/n-peers 4";
  CHECK(render(d, text, false) ==
        "error[CAT-07]: :onyx/min-peers is greater than :onyx/max-peers\n"
        " --> job.edn:2:18\n"
        "  |\n"
        "2 |  :onyx/min-peers 4\n"
        "  |                  ^ the minimum is 4 …\n"
        "3 |  :onyx/max-peers 2}\n"
        "  |                  - … the maximum is 2\n"
        "  = a task cannot have fewer peers than its minimum\n"
        "  = help: raise :onyx/max-peers to 4, or use :onyx/n-peers 4\n"
        "  = see:  onyxctl explain CAT-07\n");
}

TEST_CASE("diagnostic: without a label the caret suggests", "[edn]") {
  const std::string text = "{:onyx/fn :clicks/prase}";
  Diagnostic d;
  d.message = "no function clicks/prase in this job";
  d.span = span_at(text, 10, 23);
  d.did_you_mean = {":clicks/parse", ":clicks/praise"};
  CHECK(render(d, text, false) ==
        "error: no function clicks/prase in this job\n"
        " --> line 1, column 11\n"
        "  |\n"
        "1 | {:onyx/fn :clicks/prase}\n"
        "  |           ^^^^^^^^^^^^^ did you mean :clicks/parse or :clicks/praise?\n");
}

TEST_CASE("diagnostic: without text it shows the path and the entry", "[edn]") {
  Diagnostic d;
  d.code = "CAT-12";
  d.severity = Severity::warning;
  d.message = ":continu is not a valid choice";
  d.path = {Value::keyword("catalog"), Value::integer(2), Value::keyword("onyx/flux-policy")};
  d.entry_name = ":sum-balance";
  d.did_you_mean = {":continue"};
  CHECK(render(d, "", false) ==
        "warning[CAT-12]: :continu is not a valid choice\n"
        "  --> [:catalog 2 :onyx/flux-policy]  in :sum-balance\n"
        "   = did you mean :continue?\n"
        "   = see:  onyxctl explain CAT-12\n");
}

TEST_CASE("diagnostic: a terminal is shown no control characters and no broken bytes", "[edn]") {
  const std::string text = "[\x1b[31m \x80\xff \xc2\x9b \xc3 x é]";
  Diagnostic d;
  d.message = "m";
  d.span = span_at(text, text.find('x'), text.find('x') + 1);
  CHECK(render(d, text, false) ==
        "error: m\n"
        " --> line 1, column 14\n"
        "  |\n"
        "1 | [ [31m ?   ? x é]\n"
        "  |              ^\n");
}

TEST_CASE("diagnostic: a long line is cut around the caret, far lines are set apart", "[edn]") {
  const std::string text = "{:a 1\n\n\n" + std::string(5000, ' ') + ":a 2}";
  const auto wrong = read_document(text, "f.edn");
  REQUIRE_FALSE(wrong.has_value());
  const std::string shown = render(wrong.error(), text, false);
  CHECK(shown.size() < 600);
  CHECK(shown.find("...\n4 | …") != std::string::npos);
  CHECK(shown.find("^^ the second time") != std::string::npos);
}

TEST_CASE("diagnostic: colour adds sequences and nothing else", "[edn]") {
  const auto wrong = read_document("{:a 1 :a 2}", "f.edn");
  const std::string plain = render(wrong.error(), "{:a 1 :a 2}", false);
  std::string coloured = render(wrong.error(), "{:a 1 :a 2}", true), stripped;
  for (std::size_t i = 0; i < coloured.size(); ++i) {
    if (coloured[i] == '\x1b')
      i = coloured.find('m', i);
    else
      stripped += coloured[i];
  }
  CHECK(coloured != plain);
  CHECK(stripped == plain);
}
