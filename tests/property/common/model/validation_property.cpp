#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <set>

#include "common/model/job_hash.h"
#include "common/model/job_reader.h"
#include "tests/unit/common/model/mutations.h"
#include "tests/unit/common/model/support.h"

namespace onyx::model::test {
namespace {

std::vector<edn::Diagnostic> findings_of(const edn::Value& job) {
  const FormNames names(job);
  Context context;
  context.functions = &names;
  context.features = Features::all();
  return validate({job}, context);
}

// The same value with the entries of every map put in in another order.
edn::Value shuffled(const edn::Value& value, std::mt19937_64& random) {
  if (value.is_map()) {
    std::vector<std::pair<edn::Value, edn::Value>> entries;
    for (edn::Entry entry : value.entries())
      entries.emplace_back(entry.key, shuffled(entry.value, random));
    std::shuffle(entries.begin(), entries.end(), random);
    return edn::Value::map(std::move(entries));
  }
  if (value.is_vector()) {
    std::vector<edn::Value> items;
    for (const edn::Value& item : value.items()) items.push_back(shuffled(item, random));
    return edn::Value::vector(std::move(items));
  }
  return value;
}

std::multiset<std::string> lines(const std::vector<edn::Diagnostic>& all) {
  std::multiset<std::string> lines;
  for (const edn::Diagnostic& finding : all) lines.insert(finding.code + " " + path_text(finding));
  return lines;
}

// Mistakes after which other rules have nothing to judge by.
bool hides_others(const Mutation& mutation) {
  constexpr std::string_view kHiding[] = {"WF-02", "WF-03", "CAT-01", "CAT-03", "JOB-01"};
  return std::find(std::begin(kHiding), std::end(kHiding), mutation.code) != std::end(kHiding);
}

// The first two elements of a path: the entry, or the key of the job.
std::string entry_of(const Mutation& mutation) {
  const edn::Value path = document(mutation.path).value;
  std::string text;
  for (std::size_t i = 0; i < path.count() && i < 2; ++i) text += edn::print(path.at(i)) + " ";
  return text;
}

// The two edits touch different parts of the text, so that they can be made together.
bool are_apart(const Mutation& a, const Mutation& b) {
  const std::size_t at_a = kValidJob.find(a.from);
  const std::size_t at_b = kValidJob.find(b.from);
  return at_a + a.from.size() <= at_b || at_b + b.from.size() <= at_a;
}

// The later one first: what it brings along cannot be mistaken for the text of the earlier one.
std::string edited_by_both(const Mutation& a, const Mutation& b) {
  std::string text(kValidJob);
  const Mutation* later = kValidJob.find(a.from) > kValidJob.find(b.from) ? &a : &b;
  const Mutation* earlier = later == &a ? &b : &a;
  for (const Mutation* mutation : {later, earlier}) {
    text.replace(kValidJob.find(mutation->from), mutation->from.size(), mutation->to);
  }
  return text;
}

edn::Value small_value() {
  switch (*rc::gen::inRange(0, 12)) {
    case 0:
      return edn::Value();
    case 1:
      return edn::Value::boolean(*rc::gen::arbitrary<bool>());
    case 2:
      return edn::Value::integer(*rc::gen::arbitrary<std::int64_t>());
    case 3:
      return edn::Value::real(0.5);
    case 4:
      return edn::Value::string(*rc::gen::arbitrary<std::string>());
    case 5:
      return edn::Value::keyword(
          *rc::gen::element<std::string>("parse", "count", "all", "none", "x", "my.app/parse"));
    case 6:
      return edn::Value::symbol("fn");
    case 7:
      return edn::Value::vector({small_value(), small_value()});
    case 8:
      return edn::Value::list(
          {edn::Value::symbol("fn"), edn::Value::vector({edn::Value::symbol("x")})});
    case 9:
      return edn::Value::map({{small_value(), small_value()}});
    case 10:
      return edn::Value::set({small_value()});
    default:
      return edn::Value::vector();
  }
}

// `value` with one randomly chosen part replaced, or a key added.
edn::Value damaged(const edn::Value& value, int depth) {
  if (depth == 0 || (!value.is_map() && !value.is_vector()) || value.count() == 0)
    return small_value();
  if (value.is_vector()) {
    const std::size_t i = *rc::gen::inRange<std::size_t>(0, value.count());
    return value.with_at(i, damaged(value.at(i), depth - 1));
  }
  std::vector<std::pair<edn::Value, edn::Value>> entries;
  for (edn::Entry entry : value.entries()) entries.emplace_back(entry.key, entry.value);
  const std::size_t i = *rc::gen::inRange<std::size_t>(0, entries.size());
  if (*rc::gen::inRange(0, 8) == 0) return value.dissoc(entries[i].first);
  if (*rc::gen::inRange(0, 8) == 0) return value.assoc(small_value(), small_value());
  return value.assoc(entries[i].first, damaged(entries[i].second, depth - 1));
}

}  // namespace

TEST_CASE("validate: the order of keys in maps changes no finding", "[model][property]") {
  CHECK(rc::check("", [] {
    const std::size_t i = *rc::gen::inRange<std::size_t>(0, mutations().size());
    std::mt19937_64 random(*rc::gen::arbitrary<std::uint64_t>());
    const edn::Value job =
        document(edited(std::string(kValidJob), mutations()[i].from, mutations()[i].to)).value;
    RC_ASSERT(lines(findings_of(shuffled(job, random))) == lines(findings_of(job)));
  }));
}

TEST_CASE("validate: two mistakes in different entries are both reported", "[model][property]") {
  CHECK(rc::check("", [] {
    const Mutation& first = mutations()[*rc::gen::inRange<std::size_t>(0, mutations().size())];
    const Mutation& second = mutations()[*rc::gen::inRange<std::size_t>(0, mutations().size())];
    RC_PRE(!hides_others(first) && !hides_others(second) && entry_of(first) != entry_of(second));
    RC_PRE(are_apart(first, second));
    RC_LOG() << first.to << "\n" << second.to << "\n";
    const auto found = findings_in(edited_by_both(first, second));
    RC_LOG() << summary(found);
    // The indexes of later entries move when an entry is put in front of them.
    for (const Mutation* mutation : {&first, &second}) {
      RC_ASSERT(std::any_of(found.begin(), found.end(), [&](const edn::Diagnostic& d) {
        return d.code == mutation->code && d.message.find(mutation->word) != std::string::npos;
      }));
    }
  }));
}

TEST_CASE("validate: is total, and accepts only what can be read", "[model][property]") {
  const edn::Value valid = document(kValidJob).value;
  CHECK(rc::check("", [&] {
    edn::Value job = valid;
    const int changes = *rc::gen::inRange(1, 4);
    for (int i = 0; i < changes; ++i) job = damaged(job, *rc::gen::inRange(1, 6));
    const auto found = findings_of(job);
    const auto read = read_job(job);
    if (!has_errors(found)) RC_ASSERT(read.has_value());
    for (const edn::Diagnostic& finding : found) {
      RC_ASSERT(!finding.message.empty());
      RC_ASSERT(finding.message.size() < 2'000u);
    }
  }));
}

TEST_CASE("job hash: equal jobs have equal hashes, however they are written", "[model][property]") {
  CHECK(rc::check("", [] {
    std::mt19937_64 random(*rc::gen::arbitrary<std::uint64_t>());
    const edn::Value job = document(kValidJob).value;
    const edn::Value other = shuffled(job, random);
    RC_ASSERT(other == job);
    RC_ASSERT(job_hash(other) == job_hash(job));
    RC_ASSERT(job_hash(document(edn::print(other)).value) == job_hash(job));
  }));
}

}  // namespace onyx::model::test
