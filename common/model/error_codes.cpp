#include "common/model/error_codes.h"

#include <algorithm>
#include <iterator>

namespace onyx::model {
namespace {

constexpr ErrorCodeDoc kCodes[] = {
    // The job.
    {"JOB-01", "a required key of the job is missing",
     "A job needs :workflow, :catalog and :task-scheduler. The path names the key to add."},
    {"JOB-02", "unknown key of the job",
     "A job map is closed: a key that nobody reads is a mistake, most often a misspelling. Values "
     "of your own go under "
     ":metadata."},
    {"JOB-03", ":task-scheduler is none of the three",
     "Write :onyx.task-scheduler/balanced, :onyx.task-scheduler/percentage or "
     ":onyx.task-scheduler/colocated. Onyx "
     "accepted any keyword, and the job then vanished."},
    {"JOB-04", ":job-name has the wrong type, or is too long",
     "A job's name is a string, a keyword or a UUID, of at most 1,024 bytes."},
    {"JOB-05", ":percentage is wrong, missing or without effect",
     "An integer from 1 to 100, required when the tenancy's job scheduler is percentage, and "
     "without effect (a warning) "
     "otherwise."},
    {"JOB-06", ":metadata is wrong",
     "A map with keyword keys. A :job-id in it is a UUID or the text of one; leave it out to get a "
     "fresh id."},
    {"JOB-07", ":job-config is wrong",
     "It has one key, :onyx.peer/coordinator-barrier-period-ms, a positive number of "
     "milliseconds."},
    {"JOB-08", "a part of the job is not a vector of maps",
     ":catalog, :flow-conditions, :windows, :triggers and :lifecycles are vectors of maps; nil is "
     "no entry."},
    {"JOB-09", ":functions is wrong", "A vector of forms: (ns ...), (def ...), (defn ...)."},
    {"JOB-10", "the job is not a map",
     "A job file holds one map, with :workflow, :catalog and :task-scheduler."},
    // Workflow.
    {"WF-01", ":workflow is not a non-empty vector",
     "It lists the edges of the graph: [[:in :parse] [:parse :out]]."},
    {"WF-02", "an edge is not [from to]", "A chain of three tasks is two edges: [:a :b] [:b :c]."},
    {"WF-03", "an end of an edge is not a task name",
     "Tasks are keywords; :all and :none are reserved."},
    {"WF-04", "a task of the workflow is not in the catalog",
     "Every task needs a catalog entry with its :onyx/name."},
    {"WF-05", "an edge is listed twice",
     "Delete one of the two; a segment is sent once along an edge."},
    {"WF-06", "the workflow is circular",
     "Segments would never stop. The message shows the cycle; remove an edge."},
    {"WF-07", "a :function task at the edge of the workflow",
     "A :function has incoming and outgoing edges. What only produces is an :input, what only "
     "consumes an :output."},
    {"WF-08", "an edge leads into an :input task", "Inputs read from outside only."},
    {"WF-09", "a :reduce task in the middle has no window",
     "A :reduce task swallows its segments; only a trigger of one of its windows can send "
     "something on."},
    {"WF-10", "a :reduce task in the middle never emits",
     "One of its windows needs a trigger with :trigger/emit, or the workflow ends at this task."},
    {"WF-11", "an :output task has an outgoing edge", "Outputs write to the outside only."},
    {"WF-12", "the workflow begins at a task that is no :input",
     "Only :input tasks produce segments by themselves."},
    {"WF-14", "a :reduce task has no window", "Without a window it would drop everything it gets."},
    {"WF-15", "a catalog entry is not used (warning)",
     "The workflow does not name it, so it never runs."},
    // Catalog.
    {"CAT-01", ":onyx/name is missing or wrong",
     "A keyword of at most 1,024 bytes, other than :all and :none, which are reserved."},
    {"CAT-02", "two entries have one name", "Task names are unique in the catalog."},
    {"CAT-03", ":onyx/type is missing or wrong", "One of :input, :function, :output, :reduce."},
    {"CAT-04", ":onyx/batch-size is missing or wrong",
     "A positive integer: segments gathered before a batch is processed."},
    {"CAT-05", ":onyx/batch-timeout is wrong", "Milliseconds to go on gathering, an integer."},
    {"CAT-06", "a number of peers or a percentage is wrong", "A positive integer."},
    {"CAT-07", ":onyx/required-tags is wrong", "A vector of keywords."},
    {"CAT-08", ":onyx/params is wrong",
     "A vector of keys of this entry, whose values are passed to :onyx/fn first."},
    {"CAT-09", ":onyx/doc, :onyx/batch-fn? or :onyx/language is wrong",
     "A string; a boolean; :clojure for functions in the job, :cpp for native ones. :java is "
     "refused: there is no JVM."},
    {"CAT-10", "unknown or unfit key of a catalog entry",
     "The namespace onyx is reserved, and some of its keys belong to certain types of task only. "
     "Keys of your own go "
     "under another namespace."},
    {"CAT-11", "a key that was removed from Onyx", "The message says what replaced it."},
    {"CAT-12", ":onyx/flux-policy is missing or wrong",
     "A grouped task says what happens when its number of peers changes: :kill the job, :continue, "
     "or :recover."},
    {"CAT-13", "a flux policy without grouping, or grouping by nothing",
     "Add :onyx/group-by-key or :onyx/group-by-fn, or delete the key."},
    {"CAT-14", ":kill without a minimum",
     ":onyx/flux-policy :kill needs :onyx/n-peers or :onyx/min-peers."},
    {"CAT-15", ":recover without a fixed number of peers",
     ":onyx/flux-policy :recover needs :onyx/n-peers, or equal minimum and maximum, or "
     ":onyx/max-peers 1."},
    {"CAT-16", ":onyx/group-by-fn is wrong",
     "The name of a function of one segment, or an inline one."},
    {"CAT-17", ":onyx/min-peers exceeds :onyx/max-peers",
     "Raise the maximum, or use :onyx/n-peers."},
    {"CAT-18", ":onyx/n-peers beside a minimum or maximum",
     ":onyx/n-peers n means min = max = n, so nothing may stand beside it, but for max 1 with n "
     "1."},
    {"CAT-20", "an input lacks a key", "An :input needs :onyx/plugin and :onyx/medium."},
    {"CAT-21", "an output lacks a key", "An :output needs :onyx/plugin and :onyx/medium."},
    {"CAT-22", "a function lacks :onyx/fn", "A :function needs :onyx/fn."},
    {"CAT-24", "a function or plugin name is not namespaced",
     "Names are looked up as :namespace/name. A function may also be given in place: (fn [segment] "
     "...)."},
    {"CAT-30", "unknown function or plugin",
     "Nothing of that name is defined in the job's :functions, in a native library or among the "
     "connectors, or the "
     "connector does not fit the task: an input plugin on an :output."},
    {"CAT-31", "a connector's own key is wrong",
     "onyxctl doc KEY says what the connector expects."},
    // Flow conditions.
    {"FLOW-01", "a flow condition lacks a key",
     "It needs :flow/from, :flow/to and :flow/predicate."},
    {"FLOW-02", ":flow/from is not a task", "A task of the workflow, or :all."},
    {"FLOW-03", ":flow/to is not a set of tasks",
     ":all, :none or a vector of tasks; for one task write [:task]."},
    {"FLOW-04", ":flow/to is not downstream",
     "A flow condition restricts the workflow's edges; it cannot add one."},
    {"FLOW-05", ":flow/to of :all names an unknown task", "Its tasks are tasks of the workflow."},
    {"FLOW-06", ":flow/predicate has the wrong type",
     "A keyword, a vector, or an inline function."},
    {"FLOW-07", "something in a predicate is not one",
     "[:and p q ...] and [:or p q ...] take two or more, [:not p] one, [:my/pred :key ...] keys of "
     "this flow condition."},
    {"FLOW-08", ":flow/to :all is not first",
     "Among the entries of one :flow/from, the one with :all is first."},
    {"FLOW-09", ":flow/to :none is not first", "It is first, or follows the one with :all."},
    {"FLOW-10", "a short-circuit entry comes too late",
     "Entries with :flow/short-circuit? true stand before the others."},
    {"FLOW-11", ":all or :none without short-circuit", "Add :flow/short-circuit? true."},
    {"FLOW-12", "a key of a flow condition has the wrong type",
     "onyxctl doc KEY says which one it has."},
    {"FLOW-13", ":flow/predicate-errors-to is wrong",
     ":all, :none or a vector of direct successors of :flow/from."},
    {"FLOW-14", "unknown key of a flow condition",
     "The namespace flow is reserved. Parameters of predicates go under another one."},
    // Windows.
    {"WIN-01", "a window lacks a key",
     "It needs :window/id, :window/task, :window/type and :window/aggregation."},
    {"WIN-02", ":window/id is wrong or used twice", "A keyword or UUID, unique in the job."},
    {"WIN-03", ":window/task is not in the catalog", "Windows hang on a task by its name."},
    {"WIN-04", ":window/type is wrong", "One of :fixed, :sliding, :global, :session."},
    {"WIN-05", ":window/aggregation is wrong", "A namespaced keyword, or [keyword segment-key]."},
    {"WIN-06", "a range, slide or gap is not [count unit]",
     "For example [5 :minutes] or [100 :elements]."},
    {"WIN-07", "a fixed or sliding window lacks :window/range",
     "The range is the length of an extent."},
    {"WIN-08", "a sliding window lacks :window/slide",
     "The slide is the distance between the starts of extents."},
    {"WIN-09", "a fixed window has :window/slide",
     "Extents of a fixed window touch; use :sliding for others."},
    {"WIN-10", "a global window has a range or slide", "It has one extent that holds everything."},
    {"WIN-11", "a session window has a range or slide",
     "Its extents end after a :window/timeout-gap."},
    {"WIN-12", "a session window lacks :window/timeout-gap",
     "The gap after which a session has ended."},
    {"WIN-13", ":window/window-key is missing or wrong",
     "The key of the segments whose value, an integer or #inst, places them. Never a function."},
    {"WIN-14", "range and slide are of different kinds", "Both are time, or both are elements."},
    {"WIN-15", ":window/storage-strategy is wrong",
     "A vector of :ordered-log, :incremental, :extents."},
    {"WIN-16", "a session window stores nothing that merges",
     "Its strategy needs :incremental or :extents."},
    {"WIN-17", ":incremental and :extents together", "They exclude each other."},
    {"WIN-18", ":window/min-value or :window/doc is wrong", "An integer; a string."},
    {"WIN-19", ":window/session-key was removed", "Group the task instead."},
    {"WIN-20", "unknown key of a window", "The namespace window is reserved."},
    {"WIN-21", "a unit, a count or a slide is odd",
     "Units are milliseconds to days, or elements, and counts are positive. A slide beyond the "
     "range, or one that does "
     "not divide it, is a warning."},
    {"WIN-22", ":ordered-log on a sliding or session window",
     "Only fixed and global windows can keep it."},
    // Triggers.
    {"TRG-01", "a trigger lacks a key",
     "It needs :trigger/window-id, :trigger/on and :trigger/id."},
    {"TRG-02", ":trigger/window-id names no window",
     "It is the :window/id of a window of the job."},
    {"TRG-03", "two triggers of one window have one id", "Trigger ids are unique within a window."},
    {"TRG-04", "a name in a trigger is not namespaced", "Names are looked up as :namespace/name."},
    {"TRG-05", ":trigger/period or :trigger/delay is wrong",
     "A positive count and a unit of time."},
    {"TRG-06", ":trigger/threshold is wrong", "A positive count of :elements."},
    {"TRG-07", ":trigger/state-context is wrong",
     "A vector of :window-state, :trigger-state, :watermark."},
    {"TRG-08", ":trigger/post-evictor is wrong", "[:all] or [:none]."},
    {"TRG-09", "a key of a trigger has the wrong type", "onyxctl doc KEY says which one it has."},
    {"TRG-10", "unknown key of a trigger", "The namespace trigger is reserved."},
    {"TRG-11", "a watermark trigger without the window's state",
     "The watermark triggers have no state of their own: :trigger/state-context is "
     "[:window-state]."},
    // Lifecycles.
    {"LC-01", "a lifecycle lacks a key", "It needs :lifecycle/task and :lifecycle/calls."},
    {"LC-02", ":lifecycle/task is not a task", "A task of the catalog, or :all."},
    {"LC-03", ":lifecycle/calls is not a namespaced keyword", "The name of a map of hooks."},
    {"LC-04", "unknown key of a lifecycle", "The namespace lifecycle is reserved."},
    {"LC-05", "a lifecycle's map has an unknown or removed hook",
     "onyxctl doc lifecycle lists the hooks."},
    // Resume points.
    {"RES-01", "a part of :resume-point is wrong",
     "{:mode :initialize}, or :mode :resume with all keys of a snapshot's coordinate."},
    {"RES-02", "{:mode :initialize} with other keys", "It stands alone."},
    {"RES-03", "an input is missing in :resume-point", "Every input says where it starts."},
    {"RES-04", "an output is missing in :resume-point", "Every output says where it starts."},
    {"RES-05", "the windows of a task and of its resume point differ",
     "Name each window of the task, and no other."},
    {"RES-06", ":slot-migration is not :direct", "Other migrations do not work yet."},
    {"RES-07", ":resume-point names an unknown task", "Its keys are tasks of the workflow."},
    // Documented by Onyx, checked here.
    {"DOC-01", "two ways of grouping",
     ":onyx/group-by-key and :onyx/group-by-fn exclude each other."},
    {"DOC-02", ":onyx/percentage does not add up",
     "1 to 99, given for every task when the task scheduler is percentage, at most 100 in all."},
    {"DOC-03", ":onyx/batch-timeout is 0", "It is at least 1 millisecond."},
    {"DOC-04", "an exception rule without short-circuit",
     ":flow/thrown-exception? true requires :flow/short-circuit? true."},
    {"DOC-05", ":flow/post-transform that is never called",
     "It is called for exceptions: of the task with :flow/thrown-exception? true, of the predicate "
     "with "
     ":flow/predicate-errors-to."},
    {"DOC-06", ":flow/action :retry",
     "Segments are not retried one by one; Onyx silently drops them since 0.10."},
    {"DOC-07", "a trigger lacks what its kind needs",
     ":trigger/threshold for segment, :trigger/period for timer, :trigger/pred for punctuation, "
     ":trigger/watermark-percentage from 0.0 to 1.0 for percentile-watermark."},
    {"DOC-08", ":window/init is missing",
     "The aggregation has no initial state of its own (min, max, or your own)."},
    {"DOC-09", "a task outside the workflow",
     "The task is in the catalog but never runs, so this entry has no effect."},
    {"DOC-10", "unknown function",
     "Nothing of that name is defined in the job's :functions or in a native library."},
    {"DOC-11", "the plugin of an input is not namespaced",
     "Plugins are named like :onyx.plugin.file/input."},
    // Ours.
    {"ADD-01", "a task with windows needs a fixed number of peers",
     "Its state belongs to slots. Give :onyx/n-peers, equal minimum and maximum, or "
     ":onyx/max-peers 1, or group it."},
    {"ADD-02", "windows on several peers without grouping (warning)",
     "Each peer fills windows of its own."},
    {"ADD-03", "a trigger that does nothing (warning)", "Add :trigger/sync or :trigger/emit."},
    {"ADD-04", "a window without a trigger (warning)", "Nothing ever reads its state."},
    {"ADD-05", "colocation with differing :onyx/max-peers (warning)", "The smallest one decides."},
    {"ADD-06", "more peers needed than there are (warning)",
     "The job is accepted and waits for peers."},
    {"ADD-09", "unknown or incomplete aggregation, trigger or refinement",
     "The name is not one of Onyx's, and the job's :functions define no map of functions under "
     "it."},
    // Functions.
    {"LANG-01", "text that cannot be read",
     "A bracket or a string that is not closed, a key without its value, a form nested too "
     "deep. The caret shows where it was opened, or what is surplus."},
    {"LANG-02", "a name that nothing has",
     "No local, no definition before this one, and nothing of the library has it. The nearest "
     "names are shown; (declare f) announces a definition that comes later."},
    {"LANG-03", "wrong number of arguments",
     "The function is known, and so is how many arguments it takes: the message says both. "
     "`onyxctl doc clojure.core/update` has a line on each function of the library."},
    {"LANG-04", "a form that is not well made",
     "A special form or macro got something at a place where it needs something else, such as "
     "a binding vector with an even number of forms."},
    {"LANG-05", "a form that is refused",
     "The language is a pure subset of Clojure: no mutable state, vars, macros, types of one's "
     "own, Java, input or output. The message says why, and docs/function-language.md what to "
     "do instead."},
    {"LANG-06", "recur where it cannot be",
     "recur is the last thing that its loop or function does, outside of try, with as many "
     "values as there are names."},
    {"LANG-07", "a call of something that is no function",
     "What stands first in a list is called. For a list as data write (quote (1 2)) or [1 2]."},
    {"LANG-08", "namespaces are wrong",
     "ns comes first, requires clojure.string, clojure.set, clojure.walk, onyx.time, "
     "onyx.json, onyx.hash or namespaces of the job, and no circle of them."},
    {"LANG-09", "a definition whose value cannot be computed",
     "The value of a def is computed when the job is submitted. What went wrong then is in the "
     "message: an exception, or a limit."},
    {"LANG-10", "forms nested too deep",
     "A form may be nested 400 deep, macros included. Give the inner parts names of their own."},
    {"LANG-90", "wrong number of parameters for its position",
     "The position decides how many arguments a function is called with: the parameters of "
     ":onyx/params and the segment "
     "for :onyx/fn; event, old, new, all-new and the parameters for a predicate."},
    {"LANG-91", "a definition of the wrong kind",
     "A function where a map of functions is needed, or the reverse."},
    // Configuration.
    {"CFG-01", "the configuration lacks a required key",
     ":onyx/tenancy-id, :zookeeper/address and :onyx.peer/job-scheduler are required."},
    {"CFG-02", ":onyx/tenancy-id is wrong", "A UUID, or a string without /."},
    {"CFG-03", "a configuration key that was removed", "The message says what replaced it."},
    {"CFG-04", "a configuration value is wrong",
     "onyxctl doc KEY says which type and choices it has."},
    {"CFG-05", "a job id is not a UUID", "Job ids are UUIDs, as onyxctl submit prints them."},
    {"CFG-06", "unknown configuration key",
     "Keys in the namespaces onyx... and zookeeper are all known; others are ignored."},
    {"CFG-07", "a configuration key without effect (warning)",
     "It is accepted so that old configurations work."},
    {"CFG-10", "a directory of the daemon cannot be used",
     "The message names the directory and has the reason of the system. Make it, or change "
     ":onyxd/file-roots or --state-dir."},
    {"CFG-11", "the file with the credentials for ZooKeeper cannot be used",
     "It holds one line, USER:PASSWORD, and only its owner can read it (chmod 600). The message "
     "says "
     "what is wrong, and never what is in it."},
    // What this version can run.
    {"RUN-01", "this version lacks what the job needs",
     "The key is valid, and a later version runs it. Until then the job is refused as a whole."},
    {"RUN-02", "more findings were left out (warning)",
     "Correct the first ones and validate again."},
};

}  // namespace

std::span<const ErrorCodeDoc> error_codes() { return kCodes; }

const ErrorCodeDoc* find_error_code(std::string_view code) {
  const auto found = std::find_if(std::begin(kCodes), std::end(kCodes),
                                  [&](const ErrorCodeDoc& doc) { return doc.code == code; });
  return found == std::end(kCodes) ? nullptr : &*found;
}

}  // namespace onyx::model
