// A job's functions, compiled: immutable, shared by all peers of a daemon; an Instance per peer runs them.
//
// Shape:   compile() takes every form of the job at once: the definitions of :functions and the inline forms of function
//          positions. A Reference names one of them, or a function of the core library; it is what validation asks
//          and what an Instance turns into a value.
// Thread:  Program and Reference are immutable. An Instance is used by one evaluation at a time; it may move between
//          threads.
// Errors:  compile() gives diagnostics LANG-nn, all at once. Instance::call gives an Outcome; no C++ exception leaves.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/edn/diagnostic.h"
#include "common/edn/reader.h"
#include "common/edn/value.h"
#include "common/lang/call.h"
#include "common/lang/exception.h"
#include "common/lang/function.h"
#include "common/lang/preimage.h"

namespace onyx::lang {

struct Definition;
struct Native;
class Program;

// `place` may be nullptr: the form did not come from text.
struct SourceForm {
  Value form;
  const edn::Place* place = nullptr;
};

// Forms that belong together: the vector under :functions, or one source file.
struct SourceFile {
  std::string file;              // as shown in errors
  std::vector<Value> path;       // of the vector that the forms stand in: [:functions]
  std::int64_t first_index = 0;  // of the first form in that vector
  std::vector<SourceForm> forms;
};

// A form in a function position: (fn [segment] …), or any other expression whose value is a function.
struct InlineForm {
  SourceForm source;
  std::string file;
  std::vector<Value> path;  // [:catalog 2 :onyx/fn]
};

struct Source {
  std::vector<SourceFile> files;
  std::vector<InlineForm> inline_forms;
};

// A function or value that a program knows.
class Reference {
 public:
  const std::string& name() const { return name_; }  // "my.app/normalise"
  bool is_function() const;                          // can be called
  // True when it accepts that many arguments; of callable data, what Clojure says of it.
  bool accepts(std::size_t arguments) const;
  std::string accepted() const;  // "1, 2 or at least 4"; of functions only
  // What it is, for validation: a map of functions, a number. Call values of an Instance only.
  const Value& value() const { return value_; }

 private:
  friend class Program;
  friend class Instance;
  std::string name_;
  Value value_;
  const Definition* definition_ = nullptr;
};

class Program {
 public:
  ~Program();

  // By keyword (`:my.app/normalise`, `:clojure.core/identity`), or by the inline form itself.
  std::optional<Reference> find(const Value& reference) const;
  // Names like it, best first, with their colon.
  std::vector<std::string> did_you_mean(const Value& keyword) const;
  // Every definition that a keyword can name, in the order of the text.
  std::vector<std::string> names() const;

 private:
  friend class Compiler;
  friend class Instance;
  struct Parts;
  Program();
  std::unique_ptr<Parts> parts_;
};

struct Compiled {
  std::shared_ptr<const Program> program;  // nullptr when there is an error
  std::vector<edn::Diagnostic> diagnostics;
};

Compiled compile(const Source& source, const Limits& limits = {});

struct Outcome {
  enum class Kind : std::uint8_t {
    value,
    exception,  // thrown by the function: `value` is the exception
    limit,      // a limit was hit: `value` is an exception that says which, `limit` too
  };
  Kind kind = Kind::value;
  Limit limit = Limit::steps;
  Value value;

  bool is_value() const { return kind == Kind::value; }
  // Of an exception or limit.
  const ExceptionInfo& exception() const { return *as_exception(value); }
};

class Instance {
 public:
  explicit Instance(std::shared_ptr<const Program> program, const Limits& limits = {},
                    Yield* yield = nullptr, LineSink* lines = nullptr);
  ~Instance();

  // The value to call, and to call again; it belongs to this Instance.
  Value value(const Reference& reference) const;

  // Calls a function (or what else can be called). The arguments are moved out of. Lazy sequences in the result are
  // realised. `stack_limit` as in Call::begin.
  Outcome call(const Value& callee, std::span<Value> args, const void* stack_limit = nullptr);

  // Calls a function with `leading` and each element in turn, as a task does with a batch. A result that is a map takes the
  // element's place; it stops at the first that gives anything else, or throws, which stays as it was. Returns its index,
  // and in `other` what it gave; the number of elements when there is none.
  std::size_t call_each(const Value& callee, std::span<const Value> leading,
                        std::span<Value> elements, Outcome& other,
                        const void* stack_limit = nullptr);

  void set_hooks(Yield* yield, LineSink* lines) { call_.set_hooks(yield, lines); }
  const Program& program() const { return *program_; }
  std::int64_t steps_used() const { return call_.steps_used(); }

 private:
  std::shared_ptr<const Program> program_;
  std::vector<InlineCache> caches_;
  std::vector<Value> globals_;
  Call call_;
  Preimage preimage_;  // of the element of call_each() that is being worked on
};

}  // namespace onyx::lang
