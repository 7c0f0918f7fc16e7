#include <unordered_map>

#include "common/lang/special_forms/special_forms.h"

namespace onyx::lang {

std::string_view refusal(std::string_view name) {
  static constexpr std::string_view kState =
      "functions here have no mutable state; return a new value, or keep state in a window";
  static constexpr std::string_view kVars = "there are no vars here; use the name itself";
  static constexpr std::string_view kTypes =
      "there are no types of one's own here; use maps, and functions that take them";
  static constexpr std::string_view kEval = "code is fixed when the job is submitted";
  static constexpr std::string_view kIo =
      "functions here cannot read or write anything; use input and output tasks";
  static constexpr std::string_view kRandom =
      "the same segment must give the same result on every peer, so there is no randomness";
  static constexpr std::string_view kTime =
      "the same segment must give the same result on every peer, so there is no clock";
  static constexpr std::string_view kThreads = "the peers of a task are what runs in parallel here";
  static constexpr std::string_view kJava =
      "Java cannot be called here, but for Math, Long, Integer and Double";
  static constexpr std::string_view kMacros = "macros cannot be defined here; write a function";
  static constexpr std::string_view kMulti = "use case, cond, or a map of functions";
  static constexpr std::string_view kLoop =
      "without mutable state it could never end; use loop and recur";
  static const std::unordered_map<std::string_view, std::string_view> table = {
      {"atom", kState},
      {"swap!", kState},
      {"reset!", kState},
      {"deref", kState},
      {"ref", kState},
      {"dosync", kState},
      {"alter", kState},
      {"ref-set", kState},
      {"commute", kState},
      {"ensure", kState},
      {"agent", kState},
      {"send", kState},
      {"send-off", kState},
      {"volatile!", kState},
      {"vreset!", kState},
      {"vswap!", kState},
      {"set!", kState},
      {"compare-and-set!", kState},
      {"add-watch", kState},
      {"remove-watch", kState},
      {"transient", kState},
      {"persistent!", kState},
      {"conj!", kState},
      {"assoc!", kState},
      {"dissoc!", kState},
      {"disj!", kState},
      {"pop!", kState},
      {"delay", kState},
      {"promise", kState},
      {"deliver", kState},
      {"aset", kState},
      {"var", kVars},
      {"binding", kVars},
      {"with-redefs", kVars},
      {"with-local-vars", kVars},
      {"alter-var-root", kVars},
      {"intern", kVars},
      {"resolve", kVars},
      {"ns-resolve", kVars},
      {"find-var", kVars},
      {"defonce", "use def: every definition is made once"},
      {"defrecord", kTypes},
      {"deftype", kTypes},
      {"defprotocol", kTypes},
      {"definterface", kTypes},
      {"reify", kTypes},
      {"extend", kTypes},
      {"extend-type", kTypes},
      {"extend-protocol", kTypes},
      {"proxy", kTypes},
      {"gen-class", kTypes},
      {"gen-interface", kTypes},
      {"defstruct", kTypes},
      {"instance?", "there are no Java classes here; use map?, string?, number? and the like"},
      {"eval", kEval},
      {"read-string", kEval},
      {"read", kEval},
      {"load-string", kEval},
      {"load-file", kEval},
      {"load", kEval},
      {"require", "write it in the ns form: (ns my.app (:require [clojure.string :as str]))"},
      {"use", "write it in the ns form: (ns my.app (:require [clojure.string :as str]))"},
      {"in-ns", "start the definitions with an ns form"},
      {"import", kJava},
      {"slurp", kIo},
      {"spit", kIo},
      {"read-line", kIo},
      {"with-open", kIo},
      {"line-seq", kIo},
      {"file-seq", kIo},
      {"with-out-str", kIo},
      {"print", "use println or prn, which write to the task's log"},
      {"pr", "use println or prn, which write to the task's log"},
      {"printf", "use (println (format …)), which writes to the task's log"},
      {"newline", "use println or prn, which write to the task's log"},
      {"flush", kIo},
      {"rand", kRandom},
      {"rand-int", kRandom},
      {"rand-nth", kRandom},
      {"shuffle", kRandom},
      {"random-sample", kRandom},
      {"random-uuid", kRandom},
      {"gensym", kRandom},
      {"time", kTime},
      {"future", kThreads},
      {"future-call", kThreads},
      {"pmap", kThreads},
      {"pcalls", kThreads},
      {"pvalues", kThreads},
      {"locking", kThreads},
      {"monitor-enter", kThreads},
      {"monitor-exit", kThreads},
      {"sync", kThreads},
      {"io!", kThreads},
      {"new", kJava},
      {".", kJava},
      {"..", kJava},
      {"memfn", kJava},
      {"bean", kJava},
      {"class", kJava},
      {"defmacro", kMacros},
      {"macroexpand", kMacros},
      {"macroexpand-1", kMacros},
      {"defmulti", kMulti},
      {"defmethod", kMulti},
      {"while", kLoop},
      {"System/currentTimeMillis", kTime},
      {"System/nanoTime", kTime},
      {"System/getenv", kIo},
      {"System/getProperty", kIo},
      {"System/exit", kIo},
      {"Thread/sleep", kTime},
      {"java.util.UUID/randomUUID", kRandom},
      {"UUID/randomUUID", kRandom},
      {"syntax-quote", kMacros},
  };
  const auto found = table.find(name);
  return found == table.end() ? std::string_view() : found->second;
}

}  // namespace onyx::lang
