// What the tests of the model share: a valid job that uses every section, edits of its text, and a FunctionNames made of
// a job's own :functions.
#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "common/edn/printer.h"
#include "common/edn/reader.h"
#include "common/model/validation.h"

namespace onyx::model::test {

// Knows the definitions of a job's forms by their heads, without evaluating them.
class FormNames : public FunctionNames {
 public:
  explicit FormNames(const edn::Value& job) {
    found_["clojure.core/identity"] = {Definition::Kind::function, {{1, false}}, {}};
    const edn::Value& forms = job.get("functions");
    if (!forms.is_sequential()) return;
    std::string ns = "user";
    for (const edn::Value& form : forms.items()) {
      if (!form.is_list() || form.count() < 2 || !form.at(0).is_symbol() || !form.at(1).is_symbol())
        continue;
      const std::string& head = form.at(0).name()->text;
      const std::string& name = form.at(1).name()->text;
      if (head == "ns") ns = name;
      if (head == "defn" || head == "def")
        found_[ns + "/" + name] = head == "defn" ? function(form) : value(form);
    }
  }

  std::optional<Definition> find(std::string_view name) const override {
    const auto found = found_.find(std::string(name));
    if (found == found_.end()) return std::nullopt;
    return found->second;
  }
  std::vector<std::string> names() const override {
    std::vector<std::string> names;
    for (const auto& [name, definition] : found_) names.push_back(name);
    return names;
  }

 private:
  static Definition::Arity arity(const edn::Value& parameters) {
    Definition::Arity arity;
    for (const edn::Value& parameter : parameters.items()) {
      if (parameter.is_symbol() && parameter.name()->text == "&") {
        arity.takes_more = true;
        break;
      }
      ++arity.parameters;
    }
    return arity;
  }
  static Definition function(const edn::Value& form) {
    Definition definition{Definition::Kind::function, {}, {}};
    for (std::size_t i = 2; i < form.count(); ++i) {
      if (form.at(i).is_vector()) {
        definition.arities = {arity(form.at(i))};
        break;
      }
      if (form.at(i).is_list() && form.at(i).count() > 0 && form.at(i).at(0).is_vector()) {
        definition.arities.push_back(arity(form.at(i).at(0)));
      }
    }
    return definition;
  }
  static Definition value(const edn::Value& form) {
    const edn::Value& body = form.at(form.count() - 1);
    if (body.is_list()) return {Definition::Kind::function, {}, {}};
    if (!body.is_map()) return {Definition::Kind::other, {}, {}};
    Definition definition{Definition::Kind::map, {}, {}};
    for (edn::Entry entry : body.entries()) {
      if (entry.key.is_keyword()) definition.keys.push_back(entry.key.name()->text);
    }
    return definition;
  }

  std::map<std::string, Definition> found_;
};

inline constexpr std::string_view kValidJob =
    R"({:workflow [[:in :parse] [:parse :count] [:count :out] [:parse :late]]
 :catalog [{:onyx/name :in
            :onyx/type :input
            :onyx/plugin :onyx.plugin.file/input
            :onyx/medium :file
            :file/path "data/clicks.json"
            :file/format :json-lines
            :file/on-bad-line :skip
            :onyx/n-peers 1
            :onyx/batch-size 100}
           {:onyx/name :parse
            :onyx/type :function
            :onyx/fn :my.app/parse
            :onyx/params [:my/unit]
            :my/unit "ms"
            :onyx/batch-size 101
            :onyx/batch-timeout 20
            :onyx/min-peers 2
            :onyx/max-peers 4}
           {:onyx/name :count
            :onyx/type :reduce
            :onyx/group-by-key :user
            :onyx/flux-policy :recover
            :onyx/n-peers 3
            :onyx/batch-size 102}
           {:onyx/name :out
            :onyx/type :output
            :onyx/plugin :onyx.plugin.file/output
            :onyx/medium :file
            :file/path "out.csv"
            :file/format :csv
            :onyx/max-peers 1
            :onyx/batch-size 103}
           {:onyx/name :late
            :onyx/type :output
            :onyx/plugin :onyx.plugin.null/output
            :onyx/medium :null
            :onyx/doc "nobody reads these"
            :onyx/batch-size 104}]
 :flow-conditions [{:flow/from :parse :flow/to :all :flow/short-circuit? true :flow/predicate :my.app/vip?}
                   {:flow/from :parse :flow/to :none :flow/short-circuit? true :flow/predicate [:not :my.app/valid?]}
                   {:flow/from :parse :flow/to [:late] :flow/predicate [:my.app/above? :my/limit] :my/limit 5}
                   {:flow/from :parse :flow/to [:count] :flow/predicate [:and :my.app/valid? :my.app/early?]}
                   {:flow/from :in :flow/to [:parse] :flow/predicate :my.app/broken?
                    :flow/thrown-exception? true :flow/short-circuit? true :flow/post-transform :my.app/explain}]
 :lifecycles [{:lifecycle/task :parse :lifecycle/calls :my.app/calls}
              {:lifecycle/task :all :lifecycle/calls :onyx.plugin.core-async/reader-calls}]
 :windows [{:window/id :per-minute
            :window/task :count
            :window/type :sliding
            :window/aggregation [:onyx.windowing.aggregation/sum :n]
            :window/window-key :time
            :window/range [10 :minutes]
            :window/slide [5 :minutes]
            :window/storage-strategy [:incremental]}
           {:window/id :largest
            :window/task :count
            :window/type :global
            :window/aggregation [:onyx.windowing.aggregation/max :n]
            :window/init 1}
           {:window/id :visits
            :window/task :count
            :window/type :session
            :window/aggregation :my.app/visits
            :window/window-key :time
            :window/timeout-gap [3 :seconds]}]
 :triggers [{:trigger/id :every-five
             :trigger/window-id :per-minute
             :trigger/on :onyx.triggers/segment
             :trigger/threshold [5 :elements]
             :trigger/emit :my.app/emit}
            {:trigger/id :clock
             :trigger/window-id :largest
             :trigger/on :onyx.triggers/timer
             :trigger/period [7 :seconds]
             :trigger/post-evictor [:all]
             :trigger/sync :my.app/emit}
            {:trigger/id :mark
             :trigger/window-id :visits
             :trigger/on :onyx.triggers/percentile-watermark
             :trigger/watermark-percentage 0.5
             :trigger/state-context [:window-state]
             :trigger/emit :my.app/emit}]
 :resume-point {:in {:input {:mode :initialize}}
                :count {:windows {:per-minute {:mode :initialize} :largest {:mode :initialize}
                                  :visits {:mode :resume :tenancy-id "t" :job-id #uuid "6f1c02d9-0000-4000-8000-000000000000"
                                           :task-id :count :window-id :visits :slot-migration :direct
                                           :replica-version 4 :epoch 9}}}
                :out {:output {:mode :initialize}}
                :late {:output {:mode :initialize}}}
 :functions [(ns my.app)
             (defn parse [unit segment] segment)
             (defn vip? [event old new all-new] false)
             (defn valid? [event old new all-new] true)
             (defn early? [event old new all-new] true)
             (defn broken? [event old new all-new] true)
             (defn above? [event old new all-new limit] true)
             (defn explain [event segment exception] segment)
             (defn emit [event window trigger state-event state] state)
             (defn one [segment] segment)
             (def calls {:lifecycle/before-batch one})
             (def visits {:aggregation/init one :aggregation/create-state-update one :aggregation/apply-state-update one})
             (def on-all {:trigger/trigger-fire? one})]
 :job-name "clicks"
 :job-config {:onyx.peer/coordinator-barrier-period-ms 500}
 :metadata {:job-id "0A1c02d9-0000-4000-8000-000000000000" :team :web}
 :percentage 30
 :task-scheduler :onyx.task-scheduler/balanced})";

// `from`, which occurs once, becomes `to`.
inline std::string edited(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos || text.find(from, at + 1) != std::string::npos) {
    throw std::invalid_argument("not exactly once in the text: " + std::string(from));
  }
  return text.replace(at, from.size(), to);
}

inline edn::Document document(std::string_view text, std::string_view file = "job.edn") {
  auto read = edn::read_document(text, file);
  if (!read) throw std::invalid_argument(read.error().message);
  return std::move(*read);
}

inline std::vector<edn::Diagnostic> findings(const edn::Document& job,
                                             Features features = Features::all(),
                                             std::string_view job_scheduler = {}) {
  const FormNames names(job.value);
  Context context;
  context.functions = &names;
  context.features = features;
  context.job_scheduler = job_scheduler;
  return validate({job.value, &job.place, "job.edn"}, context);
}

inline std::vector<edn::Diagnostic> findings_in(std::string_view text) {
  return findings(document(text));
}

inline std::string path_text(const edn::Diagnostic& finding) {
  return edn::print(edn::Value::vector(finding.path));
}

// "CAT-12 [:catalog 1 :onyx/flux-policy]" a line, for comparing whole results.
inline std::string summary(const std::vector<edn::Diagnostic>& all) {
  std::string text;
  for (const edn::Diagnostic& finding : all) text += finding.code + " " + path_text(finding) + "\n";
  return text;
}

inline std::string source_dir() {
  const char* dir = std::getenv("ONYX_SOURCE_DIR");
  return dir == nullptr ? std::string(".") : std::string(dir);
}

inline std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::invalid_argument("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace onyx::model::test
