#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include "common/model/error_codes.h"
#include "tests/unit/common/model/mutations.h"
#include "tests/unit/common/model/support.h"

namespace onyx::model::test {
namespace {

// The value at the path, or the map that lacks its last element.
bool resolves(const edn::Value& root, const std::vector<edn::Value>& path) {
  const edn::Value* at = &root;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const edn::Value* below = nullptr;
    if (at->is_map()) {
      below = at->find(path[i]);
      if (below == nullptr) return i + 1 == path.size() || path.size() - i <= 2;
    } else if (at->is_sequential() && path[i].is_integer() &&
               static_cast<std::size_t>(path[i].as_integer()) < at->count()) {
      below = &at->at(static_cast<std::size_t>(path[i].as_integer()));
    }
    if (below == nullptr) return false;
    at = below;
  }
  return true;
}

}  // namespace

TEST_CASE("validate: a valid job that uses every section has no findings", "[model][validate]") {
  CHECK(summary(findings_in(kValidJob)) == "");
}

TEST_CASE("validate: keys in foreign namespaces change nothing", "[model][validate]") {
  const std::string text = edited(edited(std::string(kValidJob), ":my/unit \"ms\"",
                                         ":my/unit \"ms\" :whatever [1 2] :my.app/x {:a 1}"),
                                  ":window/init 1", ":window/init 1 :my/note :x");
  CHECK(summary(findings_in(text)) == "");
}

TEST_CASE("validate: each single mistake gives exactly its finding", "[model][validate]") {
  for (const Mutation& mutation : mutations()) {
    INFO("change " << mutation.from << "\nto     " << mutation.to);
    const edn::Document job = document(edited(std::string(kValidJob), mutation.from, mutation.to));
    const auto found = findings(job);
    CHECK(summary(found) == std::string(mutation.code) + " " + std::string(mutation.path) + "\n");
    for (const edn::Diagnostic& finding : found) {
      CHECK_THAT(finding.message, Catch::Contains(std::string(mutation.word)));
      CHECK(resolves(job.value, finding.path));
      CHECK(finding.span.is_known());
      CHECK(find_error_code(finding.code) != nullptr);
    }
  }
}

TEST_CASE("validate: a job that is a value, not text, gets the same findings",
          "[model][validate]") {
  for (const Mutation& mutation : mutations()) {
    const edn::Document job = document(edited(std::string(kValidJob), mutation.from, mutation.to));
    const FormNames names(job.value);
    Context context;
    context.functions = &names;
    context.features = Features::all();
    CHECK(summary(validate({job.value}, context)) == summary(findings(job)));
  }
}

TEST_CASE("validate: mistakes that entail others report them all, in the order of the document",
          "[model][validate]") {
  struct Row {
    std::string_view from, to, expected;
  };
  const Row rows[] = {
      {"[:count :out]", "[:cuont :out]", "WF-04 [:workflow 2 0]\n"},
      {":window/task :count\n            :window/type :global",
       ":window/task :coutn\n            :window/type :global",
       "WIN-03 [:windows 1 :window/task]\nRES-05 [:resume-point :count :windows :largest]\n"},
  };
  for (const Row& row : rows) {
    INFO(row.to);
    CHECK(summary(findings_in(edited(std::string(kValidJob), row.from, row.to))) == row.expected);
  }
}

TEST_CASE("validate: names of a job and of tasks have a greatest length", "[model][validate]") {
  const std::string job(kValidJob);
  const std::string most(kNameBytesMax, 'n');
  const auto named = [&](const std::string& name) {
    return summary(findings_in(edited(job, ":job-name \"clicks\"", ":job-name " + name)));
  };
  CHECK(named(':' + most.substr(1)) == "");
  CHECK(named(':' + most) == "JOB-04 [:job-name]\n");
  CHECK(named('"' + most + '"') == "JOB-04 [:job-name]\n");
  const auto tasked = [&](const std::string& name) {
    return summary(findings_in(edited(job, ":onyx/name :late\n", ":onyx/name :" + name + "\n")));
  };
  CHECK_THAT(tasked(most + 'n'), Catch::Contains("CAT-01 [:catalog 4 :onyx/name]\n"));
  CHECK_THAT(tasked(most), !Catch::Contains("CAT-01"));
}

TEST_CASE("validate: every code that is tested or explained exists once", "[model][validate]") {
  std::set<std::string_view> codes;
  for (const ErrorCodeDoc& doc : error_codes()) CHECK(codes.insert(doc.code).second);
  for (const Mutation& mutation : mutations()) CHECK(codes.contains(mutation.code));
}

// The rows of Onyx's own validation test, on its own base job.
TEST_CASE("validate: Onyx's validation test", "[model][validate]") {
  const std::string base = R"({:workflow [[:in :intermediate] [:intermediate :out]]
    :catalog [{:onyx/name :in :onyx/type :input :onyx/plugin :a/input :onyx/medium :m :onyx/batch-size 20}
              {:onyx/name :intermediate :onyx/type :function :onyx/fn :a/fn-path :onyx/batch-size 21}
              {:onyx/name :out :onyx/type :output :onyx/plugin :b/output :onyx/medium :m :onyx/batch-size 22}]
    :task-scheduler :onyx.task-scheduler/balanced})";
  const PluginDeclaration plugins[] = {
      {"a/input", true, false}, {"b/output", false, true}, {"ab/input", true, false}};
  const auto codes = [&](const std::string& text) {
    const edn::Document job = document(text);
    Context context;
    context.plugins = plugins;
    context.features = Features::all();
    std::string all;
    for (const edn::Diagnostic& d : validate({job.value, &job.place}, context)) all += d.code + " ";
    return all;
  };
  const auto with = [&](std::string_view from, std::string_view to) {
    return codes(edited(base, from, to));
  };
  CHECK(codes(base) == "");
  SECTION("1: a catalog of strings") {
    CHECK(
        codes(
            R"({:workflow [[:a :b]] :catalog ["x" "y"] :task-scheduler :onyx.task-scheduler/balanced})") ==
        "JOB-08 JOB-08 ");
  }
  SECTION("2: required keys by type") {
    CHECK(with(":onyx/plugin :a/input :onyx/medium :m", "") == "CAT-20 CAT-20 ");
    CHECK(with(":onyx/plugin :b/output :onyx/medium :m", "") == "CAT-21 CAT-21 ");
    CHECK(with(":onyx/fn :a/fn-path", "") == "CAT-22 ");
    CHECK(with(":onyx/plugin :a/input", "") == "CAT-20 ");
  }
  SECTION("3 to 5: namespaces") {
    CHECK(with(":a/fn-path", ":fn-path") == "CAT-24 ");
    CHECK(with(":b/output", ":b") == "CAT-24 ");
    CHECK(with(":a/input", ":ab") == "DOC-11 ");
  }
  SECTION("6 to 10: workflows") {
    const std::string_view edges = "[[:in :intermediate] [:intermediate :out]]";
    CHECK(with(edges, "[[:intermediate :in]]") == "WF-07 WF-08 WF-15 ");
    CHECK(with(edges, "[[:out :intermediate]]") == "WF-11 WF-07 WF-15 ");
    CHECK(with(edges, "[[:in :intermediate] [:intermediate]]") == "WF-02 ");
    CHECK(with(edges, "[[:in :intermediate] [:in :out]]") == "WF-07 ");
    CHECK(with(edges, "[[:in :intermediate] [:intermediate :out] [:in :intermediate]]") ==
          "WF-05 ");
    CHECK(with(edges, "[]") == "WF-01 ");
    CHECK(with(edges, "nil") == "WF-01 ");
  }
  SECTION("11, 12: lifecycles and flow conditions") {
    CHECK(with("    :task-scheduler",
               "    :lifecycles [{:lifecycle/task :in :lifecycle/calls :non-namespaced-calls}] "
               ":task-scheduler") == "LC-03 ");
    CHECK(with("    :task-scheduler",
               "    :flow-conditions [{:flow/from :in :flow/to [:out] :flow/predicate :a/p}] "
               ":task-scheduler") == "FLOW-04 ");
  }
  SECTION("13 to 17: grouping") {
    const auto function = [&](std::string_view keys) {
      return with(":onyx/batch-size 21", std::string(":onyx/batch-size 21 ") + std::string(keys));
    };
    CHECK(function(":onyx/group-by-fn :a/g :onyx/min-peers 2") == "CAT-12 ");
    CHECK(function(":onyx/group-by-fn :a/g :onyx/flux-policy :recover") == "CAT-15 ");
    CHECK(function(":onyx/group-by-fn :a/g :onyx/min-peers 2 :onyx/flux-policy :kill") == "");
    CHECK(function(":onyx/group-by-fn :a/g :onyx/min-peers 2 :onyx/max-peers 2 :onyx/flux-policy "
                   ":recover") == "");
    CHECK(with(":onyx/batch-size 20", ":onyx/batch-size 20 :onyx/group-by-fn :a/g") == "CAT-10 ");
    CHECK(with(":onyx/batch-size 22",
               ":onyx/batch-size 22 :onyx/group-by-key :a :onyx/flux-policy :kill :onyx/min-peers "
               "2") == "");
  }
  SECTION("19: reserved and foreign namespaces") {
    CHECK(with(":onyx/batch-size 21", ":onyx/batch-size 21 :onyx/anything 1") == "CAT-10 ");
    CHECK(with(":onyx/batch-size 21", ":onyx/batch-size 21 :anything 1 :my/other 2") == "");
  }
}

TEST_CASE("validate: the graph of the workflow must fit the types of its tasks",
          "[model][validate]") {
  const auto graph = [](std::string_view workflow, std::string_view rest = "") {
    const edn::Document job = document(
        "{:task-scheduler :onyx.task-scheduler/balanced"
        " :catalog [{:onyx/name :in :onyx/type :input :onyx/plugin :onyx.plugin.seq/input "
        ":onyx/medium :seq"
        "            :onyx/batch-size 1}"
        "           {:onyx/name :in2 :onyx/type :input :onyx/plugin :onyx.plugin.seq/input "
        ":onyx/medium :seq"
        "            :onyx/batch-size 1}"
        "           {:onyx/name :f :onyx/type :function :onyx/fn :m/f :onyx/batch-size 1}"
        "           {:onyx/name :sum :onyx/type :reduce :onyx/max-peers 1 :onyx/batch-size 1}"
        "           {:onyx/name :out :onyx/type :output :onyx/plugin :onyx.plugin.seq/output "
        ":onyx/medium :seq"
        "            :onyx/batch-size 1}] " +
        std::string(rest) + " :workflow " + std::string(workflow) + "}");
    Context context;
    context.features = Features::all();
    std::string errors;
    for (const edn::Diagnostic& finding : validate({job.value, &job.place}, context)) {
      if (finding.severity == edn::Severity::error)
        errors += finding.code + " " + path_text(finding) + "\n";
    }
    return errors;
  };
  const std::string window =
      ":windows [{:window/id :w :window/task :sum :window/type :global :window/aggregation "
      ":onyx.windowing.aggregation/count}] ";
  const std::string trigger =
      ":triggers [{:trigger/id :t :trigger/window-id :w :trigger/on :onyx.triggers/segment "
      ":trigger/threshold [1 :element] :trigger/emit :m/e}]";
  CHECK(graph("[[:in :f] [:in2 :f] [:f :out]]") == "");
  CHECK(graph("[[:in :f] [:f :out] [:f :in2] [:in2 :out]]") == "WF-08 [:workflow 2 1]\n");
  CHECK(graph("[[:in :f] [:f :out] [:f :sum]]") == "WF-14 [:workflow 2 1]\n");
  CHECK(graph("[[:in :sum] [:sum :out]]") == "WF-09 [:workflow 0 1]\n");
  CHECK(graph("[[:in :sum] [:sum :out]]", window) == "WF-10 [:workflow 0 1]\n");
  CHECK(graph("[[:in :sum] [:sum :out]]", window + trigger) == "");
  CHECK(graph("[[:in :sum]]", window) == "");
  CHECK(graph("[[:in :out] [:out :sum]]", window) == "WF-11 [:workflow 1 0]\n");
  CHECK(graph("[[:sum :out] [:in :out]]", window + trigger) == "WF-12 [:workflow 0 0]\n");
  CHECK(graph("[[:in :f] [:in2 :out]]") == "WF-07 [:workflow 0 1]\n");
  CHECK(graph("[[:in :f] [:f :f] [:f :out]]") == "WF-06 [:workflow 1]\n");
}

TEST_CASE("validate: flow conditions must stand in the documented order", "[model][validate]") {
  const auto order = [](std::string_view conditions) {
    return summary(findings_in(
        "{:workflow [[:in :a] [:a :out] [:a :late]]"
        " :catalog [{:onyx/name :in :onyx/type :input :onyx/plugin :onyx.plugin.seq/input"
        "            :onyx/medium :seq :onyx/batch-size 1}"
        "           {:onyx/name :a :onyx/type :function :onyx/fn :m/f :onyx/batch-size 1}"
        "           {:onyx/name :out :onyx/type :output :onyx/plugin :onyx.plugin.seq/output"
        "            :onyx/medium :seq :onyx/batch-size 1}"
        "           {:onyx/name :late :onyx/type :output :onyx/plugin :onyx.plugin.seq/output"
        "            :onyx/medium :seq :onyx/batch-size 1}]"
        " :functions [(ns m) (defn f [s] s) (defn p [event old new all-new] true)]"
        " :flow-conditions [" +
        std::string(conditions) + "] :task-scheduler :onyx.task-scheduler/balanced}"));
  };
  const std::string all =
      "{:flow/from :a :flow/to :all :flow/short-circuit? true :flow/predicate :m/p} ";
  const std::string none =
      "{:flow/from :a :flow/to :none :flow/short-circuit? true :flow/predicate :m/p} ";
  const std::string some = "{:flow/from :a :flow/to [:out] :flow/predicate :m/p} ";
  const std::string first =
      "{:flow/from :a :flow/to [:out] :flow/short-circuit? true :flow/predicate :m/p} ";
  const std::string error =
      "{:flow/from :a :flow/to [:late] :flow/short-circuit? true :flow/thrown-exception? true "
      ":flow/predicate :m/p} ";
  CHECK(order(all + none + first + some) == "");
  CHECK(order(some + all) == "FLOW-08 [:flow-conditions 1]\n");
  CHECK(order(some + none) == "FLOW-09 [:flow-conditions 1]\n");
  CHECK(order(none + all) == "FLOW-08 [:flow-conditions 1]\n");
  CHECK(order(some + first) == "FLOW-10 [:flow-conditions 1]\n");
  // Rules for exceptions never meet the others, so their order among them is free.
  CHECK(order(some + error) == "");
}

TEST_CASE(
    "validate: the arity of :onyx/fn is left alone where a lifecycle or the peers may set "
    "arguments",
    "[model][validate]") {
  const std::string fixed = edited(std::string(kValidJob), ":lifecycles [{:lifecycle/task :parse ",
                                   ":lifecycles [{:lifecycle/task :in ");
  const std::string only_in = edited(fixed, "{:lifecycle/task :all ", "{:lifecycle/task :in ");
  const std::string wrong =
      edited(only_in, "(defn parse [unit segment] segment)", "(defn parse [segment] segment)");
  CHECK(summary(findings_in(only_in)) == "");
  CHECK(summary(findings_in(wrong)) == "LANG-90 [:catalog 1 :onyx/fn]\n");
  CHECK(summary(findings_in(edited(std::string(kValidJob), "(defn parse [unit segment] segment)",
                                   "(defn parse [segment] segment)"))) == "");
  const edn::Document job = document(wrong);
  const FormNames names(job.value);
  Context context;
  context.functions = &names;
  context.features = Features::all();
  context.tasks_with_fn_params = {"parse"};
  CHECK(summary(validate({job.value, &job.place}, context)) == "");
}

TEST_CASE("validate: an inline function may stand wherever a name may", "[model][validate]") {
  CHECK(summary(findings_in(edited(std::string(kValidJob), ":onyx/fn :my.app/parse",
                                   ":onyx/fn (fn [unit segment] segment)"))) == "");
  CHECK(summary(findings_in(edited(std::string(kValidJob), "[:not :my.app/valid?]",
                                   "[:not (fn [event old new all-new] true)]"))) == "");
  CHECK(summary(findings_in(edited(std::string(kValidJob), ":trigger/sync :my.app/emit",
                                   ":trigger/sync (fn [a b] nil)"))) ==
        "LANG-90 [:triggers 1 :trigger/sync]\n");
  CHECK(summary(findings_in(
            edited(std::string(kValidJob), ":onyx/fn :my.app/parse", ":onyx/fn (my.app/parse)"))) ==
        "CAT-24 [:catalog 1 :onyx/fn]\n");
}

TEST_CASE("validate: what this version lacks is refused by the name of its key",
          "[model][validate]") {
  const edn::Document job =
      document(edited(std::string(kValidJob), ":onyx/batch-timeout 20", ":onyx/language :cpp"));
  const auto found = findings(job, Features{});
  CHECK(summary(found) ==
        "RUN-01 [:catalog 1 :onyx/language]\nRUN-01 [:windows]\nRUN-01 [:triggers]\nRUN-01 "
        "[:resume-point]\n");
  CHECK_THAT(found[1].message,
             Catch::Contains(":windows") && Catch::Contains("this version of Onyx lacks"));
  SECTION("but a section with its own mistakes gets those") {
    const edn::Document wrong =
        document(edited(std::string(kValidJob), ":window/type :global", ":window/type :globl"));
    CHECK(summary(findings(wrong, Features{})) ==
          "WIN-04 [:windows 1 :window/type]\nRUN-01 [:triggers]\nRUN-01 [:resume-point]\n");
  }
  SECTION("and empty sections need nothing") {
    CHECK(summary(findings(
              document("{:workflow [[:in :out]] :windows [] :triggers []"
                       " :catalog [{:onyx/name :in :onyx/type :input :onyx/medium :seq"
                       "            :onyx/plugin :onyx.plugin.seq/input :onyx/batch-size 1}"
                       "           {:onyx/name :out :onyx/type :output :onyx/medium :seq"
                       "            :onyx/plugin :onyx.plugin.seq/output :onyx/batch-size 1}]"
                       " :task-scheduler :onyx.task-scheduler/balanced}"),
              Features{})) == "");
  }
  SECTION("schedulers, percentages and tags are here") {
    const edn::Document colocated =
        document(edited(edited(std::string(kValidJob), ":onyx.task-scheduler/balanced",
                               ":onyx.task-scheduler/colocated"),
                        ":onyx/batch-timeout 20", ":onyx/required-tags [:gpu]"));
    const auto lacking = findings(colocated, Features{});
    CHECK(summary(findings(colocated)) == "ADD-05 [:task-scheduler]\n");
    CHECK(std::none_of(lacking.begin(), lacking.end(), [](const auto& d) {
      return d.code == "RUN-01" && d.path.size() > 1;  // only :windows, :triggers, :resume-point
    }));
  }
}

TEST_CASE("validate: percentages follow the schedulers", "[model][validate]") {
  const std::string without = edited(std::string(kValidJob), "\n :percentage 30", "");
  CHECK(summary(findings(document(without), Features::all(), "onyx.job-scheduler/percentage")) ==
        "JOB-05 [:percentage]\n");
  CHECK(summary(findings(document(kValidJob), Features::all(), "onyx.job-scheduler/percentage")) ==
        "");
  const auto ignored = findings(document(kValidJob), Features::all(), "onyx.job-scheduler/greedy");
  CHECK(summary(ignored) == "JOB-05 [:percentage]\n");
  CHECK_FALSE(has_errors(ignored));
  const auto by_task = findings_in(edited(std::string(kValidJob), ":onyx.task-scheduler/balanced",
                                          ":onyx.task-scheduler/percentage"));
  CHECK(std::count_if(by_task.begin(), by_task.end(),
                      [](const auto& d) { return d.code == "DOC-02"; }) == 5);
}

TEST_CASE("validate: a job that will wait for peers is a warning with numbers",
          "[model][validate]") {
  const edn::Document job = document(kValidJob);
  Context context;
  context.features = Features::all();
  context.peers = 7;
  const auto found = validate({job.value, &job.place}, context);
  REQUIRE(summary(found) == "ADD-06 [:catalog]\n");
  CHECK_FALSE(has_errors(found));
  CHECK_THAT(found[0].message, Catch::Contains("8 peers") && Catch::Contains("has 7"));
  context.peers = 8;
  CHECK(summary(validate({job.value, &job.place}, context)) == "");
}

TEST_CASE("validate: tags that too few peers have are a warning with numbers",
          "[model][validate]") {
  const edn::Document job = document(
      edited(std::string(kValidJob), ":onyx/batch-timeout 20", ":onyx/required-tags [:gpu :ssd]"));
  Context context;
  context.features = Features::all();
  context.peers = 8;
  context.tagged_peers = {{{"gpu"}, 3}, {{"ssd"}, 2}};
  const auto found = validate({job.value, &job.place}, context);
  REQUIRE(summary(found) == "ADD-06 [:catalog 1 :onyx/required-tags]\n");
  CHECK_FALSE(has_errors(found));
  CHECK_THAT(found[0].message, Catch::Contains("and 0 of 8 have them"));
  context.tagged_peers.push_back({{"db", "gpu", "ssd"}, 5});
  CHECK(summary(validate({job.value, &job.place}, context)) == "");
}

TEST_CASE("validate: misspellings are answered with what was meant", "[model][validate]") {
  const auto suggestion = [](std::string_view from, std::string_view to) {
    const auto found = findings_in(edited(std::string(kValidJob), from, to));
    return found.empty() || found[0].did_you_mean.empty() ? std::string()
                                                          : found[0].did_you_mean[0];
  };
  CHECK(suggestion(":onyx/batch-timeout", ":onyx/batch-timout") == ":onyx/batch-timeout");
  CHECK(suggestion(":job-name", ":job-nmae") == ":job-name");
  CHECK(suggestion(":my.app/parse\n", ":my.app/prase\n") == ":my.app/parse");
  CHECK(suggestion(":onyx/flux-policy :recover", ":onyx/flux-policy :recovr") == ":recover");
  CHECK(suggestion("[:count :out]", "[:cuont :out]") == ":count");
  CHECK(suggestion(":flow/to [:late]", ":flow/to :late") == "[:late]");
  CHECK(suggestion(":onyx.plugin.null/output", ":onyx.plugin.nul/output") ==
        ":onyx.plugin.null/output");
  CHECK(suggestion(":trigger/window-id :largest", ":trigger/window-id :largst") == ":largest");
  CHECK(suggestion("[:count :out]", "[:count \"out\"]") == ":out");
}

}  // namespace onyx::model::test
