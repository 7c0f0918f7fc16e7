// The rules by which a job or a configuration is accepted or refused: all findings at once, in the
// order of the document.
//
// Shape:   validate() is a function of the job's text and of what the caller knows (Context); it
// never throws and reads
//          nothing else. Every finding is an edn::Diagnostic with the rule's code (error_codes.h),
//          the path, the place when the job came from text, what was found, what was meant and what
//          helps.
// Errors:  a job without findings of Severity::error can be read with read_job() and run by a
// daemon with the same
//          Context. Semantic rules look only at parts whose shape is right, so one mistake is
//          reported once.
// Source:  Onyx's schema and static validation, docs/errors.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/edn/diagnostic.h"
#include "common/edn/reader.h"
#include "common/edn/value.h"
#include "common/model/information_model.h"

namespace onyx::model {

// Of a job and of a task: they are shown, typed, and part of entries of the log and of nodes in ZooKeeper.
inline constexpr std::size_t kNameBytesMax = 1'024;

// A value to be judged and where it came from.
struct JobText {
  const edn::Value& value;
  const edn::Place* place = nullptr;  // nullptr: not from text
  std::string_view file = {};
};

// What a keyword in a function position stands for.
struct Definition {
  enum class Kind : std::uint8_t { function, map, other };
  struct Arity {
    std::size_t parameters = 0;  // without the rest parameter
    bool takes_more = false;
  };
  Kind kind = Kind::function;
  std::vector<Arity> arities;     // function: empty when unknown
  std::vector<std::string> keys;  // map: its keyword keys, "lifecycle/before-batch"
};

// Seam: the function language and the native registry, as validation sees them.
class FunctionNames {
 public:
  virtual ~FunctionNames() = default;

  // `name` without its colon: "my.app/parse". nullopt when nothing is defined under it.
  virtual std::optional<Definition> find(std::string_view name) const = 0;
  // Every name that find() knows and a user may have meant.
  virtual std::vector<std::string> names() const = 0;
};

// What a connector says about itself.
struct PluginDeclaration {
  std::string_view name;  // "onyx.plugin.file/input"
  bool is_input = false;
  bool is_output = false;
  std::string_view key_namespace;    // its own keys: "file"
  bool is_namespace_closed = false;  // an unknown key in that namespace is an error
  std::span<const ModelKey> keys = {};
  std::string_view doc;
};

// seq, null, leaf function and file: linked into every daemon.
std::span<const PluginDeclaration> built_in_plugins();

// What this version can run. A job that needs more is refused with RUN-01, by the name of the key.
struct Features {
  bool windows = false;
  bool triggers = false;
  bool watermarks = false;  // :onyx/assign-watermark-fn
  bool resume_points = false;
  bool native_functions = false;  // :onyx/language :cpp

  static Features of_this_version() { return {}; }
  static Features all() { return {true, true, true, true, true}; }
};

// Peers of the cluster that have the same tags.
struct TaggedPeers {
  std::set<std::string> tags;  // without the colon
  std::int64_t peers = 0;
};

struct Context {
  // nullptr: names in function positions are not looked up.
  const FunctionNames* functions = nullptr;
  std::span<const PluginDeclaration> plugins = built_in_plugins();
  // Without the colon: "onyx.job-scheduler/balanced"; empty when unknown (offline).
  std::string_view job_scheduler = {};
  Features features = Features::of_this_version();
  // Tasks whose leading arguments come from :onyx.peer/fn-params; their arity is not checked.
  std::set<std::string> tasks_with_fn_params = {};
  // Peers of the cluster, for warnings about jobs that will wait; nullopt when unknown.
  std::optional<std::int64_t> peers = std::nullopt;
  std::vector<TaggedPeers> tagged_peers = {};  // of those that have any
};

std::vector<edn::Diagnostic> validate(const JobText& job, const Context& context);

// A peer configuration with the daemon's own keys (:onyxd/…).
std::vector<edn::Diagnostic> validate_peer_config(const JobText& config);

bool has_errors(std::span<const edn::Diagnostic> diagnostics);

}  // namespace onyx::model
