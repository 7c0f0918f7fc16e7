// Any source of functions: errors inside the text, or a program whose functions end within their limits, with the same
// result each time.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "common/base/check.h"
#include "common/edn/printer.h"
#include "common/lang/program.h"
#include "common/lang/reader.h"

namespace {

using namespace onyx;
using edn::Value;

constexpr lang::Limits kLimits{
    .steps = 20'000, .depth = 100, .bytes = 4 * 1024 * 1024, .sequence_length = 10'000};
constexpr std::int64_t kStepsSlack = 10'000;  // it looks every few thousand steps
constexpr std::size_t kCallsMax = 8;

bool is_definition(const Value& form) {
  if (!form.is_list() || form.count() == 0 || !form.at(0).is_symbol()) return false;
  const std::string& head = form.at(0).name()->text;
  return head == "ns" || head == "def" || head == "defn" || head == "defn-" || head == "declare";
}

// The expressions that are no definitions become the body of a function of a segment.
std::vector<edn::Document> with_body(std::vector<edn::Document> forms) {
  std::vector<edn::Document> made;
  std::vector<Value> body{Value::symbol("defn"), Value::symbol("body-of-all"),
                          Value::vector({Value::symbol("segment")})};
  edn::Place place;
  place.children.resize(body.size());
  for (edn::Document& form : forms) {
    if (is_definition(form.value)) {
      made.push_back(std::move(form));
    } else {
      body.push_back(std::move(form.value));
      place.children.push_back(std::move(form.place));
    }
  }
  made.push_back({Value::list(std::move(body)), std::move(place)});
  return made;
}

lang::Compiled compile(const std::vector<edn::Document>& forms) {
  lang::SourceFile file;
  file.file = "f.clj";
  file.path = {Value::keyword("functions")};
  for (const edn::Document& form : forms) file.forms.push_back({form.value, &form.place});
  lang::Source source;
  source.files.push_back(std::move(file));
  return lang::compile(source, kLimits);
}

void check_errors(const std::vector<edn::Diagnostic>& diagnostics, std::string_view text) {
  for (const edn::Diagnostic& found : diagnostics) {
    ONYX_CHECK(!found.code.empty() && !found.message.empty());
    ONYX_CHECK(!found.span.is_known() || found.span.offset <= text.size(), "{} at {}", found.code,
               found.span.offset);
    ONYX_CHECK(!edn::render(found, text, false).empty());
  }
}

struct Ran {
  lang::Outcome::Kind kind;
  std::string text;
  bool operator==(const Ran&) const = default;
};

Ran run(lang::Instance& instance, const lang::Reference& function) {
  const auto key = [](const char* name) { return Value::keyword(name); };
  std::array<Value, 1> segment{
      Value::map({{key("n"), Value::integer(7)},
                  {key("s"), Value::string("a,b é")},
                  {key("x"), Value::real(0.5)},
                  {key("v"), Value::vector({Value::integer(1), Value()})}})};
  const std::size_t count = function.accepts(1) ? 1 : 0;
  const lang::Outcome outcome =
      instance.call(instance.value(function), std::span<Value>(segment.data(), count));
  ONYX_CHECK(instance.steps_used() <= kLimits.steps + kStepsSlack, "{} steps",
             instance.steps_used());
  if (outcome.is_value()) return {outcome.kind, edn::print(outcome.value)};
  return {outcome.kind, outcome.exception().message()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto read = lang::read_source(text, "f.clj");
  if (!read) {
    check_errors({read.error()}, text);
    return 0;
  }
  const std::vector<edn::Document> forms = with_body(std::move(*read));
  const lang::Compiled compiled = compile(forms);
  check_errors(compiled.diagnostics, text);
  ONYX_CHECK(compiled.program != nullptr || !compiled.diagnostics.empty());
  if (compiled.program == nullptr) return 0;
  lang::Instance first(compiled.program, kLimits);
  lang::Instance second(compiled.program, kLimits);
  std::size_t calls = 0;
  for (const std::string& name : compiled.program->names()) {
    const auto found = compiled.program->find(
        Value::keyword(name.starts_with(':') ? std::string_view(name).substr(1) : name));
    ONYX_CHECK(found.has_value(), "{} is named, but not there", name);
    if (!found->is_function() || !(found->accepts(1) || found->accepts(0))) continue;
    if (++calls > kCallsMax) break;
    const Ran once = run(first, *found);
    ONYX_CHECK(once == run(first, *found), "{}: another result the second time", name);
    ONYX_CHECK(once == run(second, *found), "{}: another result elsewhere", name);
  }
  return 0;
}
