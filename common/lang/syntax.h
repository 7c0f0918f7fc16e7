// A form to be compiled, with the place of every part of it.
//
// Shape:   a tree that mirrors the value: an atom, or a list, vector, map (key, value, key, value …) or set of children.
//          Macros build new trees of old ones, so that a child keeps its place however often it is moved; what a macro
//          adds has the place of the macro's call.
// Thread:  immutable, shared.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/edn/reader.h"
#include "common/edn/value.h"

namespace onyx::lang {

using edn::Value;

struct Syntax;
using Form = std::shared_ptr<const Syntax>;
using Forms = std::vector<Form>;

// The path of a form in the job, as for get-in.
struct PathStep {
  std::shared_ptr<const PathStep> parent;
  Value key;
};
using Path = std::shared_ptr<const PathStep>;
std::vector<Value> to_vector(const Path& path);

struct Syntax {
  enum class Kind : std::uint8_t { atom, list, vector, map, set };

  Kind kind = Kind::atom;
  Value atom;
  Forms children;
  edn::Span span;
  Path path;

  bool is_list() const { return kind == Kind::list; }
  bool is_vector() const { return kind == Kind::vector; }
  bool is_map() const { return kind == Kind::map; }
  bool is_symbol() const { return kind == Kind::atom && atom.is_symbol(); }
  bool is_symbol(std::string_view text) const { return is_symbol() && atom.name()->text == text; }
  bool is_keyword() const { return kind == Kind::atom && atom.is_keyword(); }
  bool is_keyword(std::string_view text) const {
    return kind == Kind::atom && atom.is_keyword(text);
  }
  const std::string& text() const { return atom.name()->text; }  // of a symbol or keyword
  std::size_t size() const { return children.size(); }
  // The first element's name when this is a list that starts with a symbol, else "".
  std::string_view head() const {
    return is_list() && !children.empty() && children[0]->is_symbol() ? children[0]->text()
                                                                      : std::string_view();
  }
};

// `place` may be nullptr: the value did not come from text.
Form to_syntax(const Value& value, const edn::Place* place, const Path& path);
// The value again: what `quote` gives.
Value to_value(const Form& form);
// Its text, cut short, for messages.
std::string shown(const Form& form, std::size_t length_max = 60);

// New forms with the place of `at`.
Form make_atom(const Form& at, Value value);
Form make_symbol(const Form& at, std::string_view name);
Form make_list(const Form& at, Forms children);
Form make_vector(const Form& at, Forms children);
Form make_nil(const Form& at);
// (name arguments …)
Form make_call(const Form& at, std::string_view name, Forms arguments);

}  // namespace onyx::lang
