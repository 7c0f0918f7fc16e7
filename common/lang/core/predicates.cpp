#include <cmath>

#include "common/lang/core/areas.h"
#include "common/lang/core/arguments.h"
#include "common/lang/core/pattern.h"
#include "common/lang/number.h"

namespace onyx::lang::core {

namespace {

using edn::Kind;

template <auto Holds>
Value ask(Call&, Args args) {
  return Value::boolean(Holds(args[0]));
}

bool is_true(const Value& v) { return v.is(Kind::boolean) && v.as_boolean(); }
bool is_false(const Value& v) { return v.is(Kind::boolean) && !v.as_boolean(); }
bool is_list(const Value& v) { return v.is_list(); }
bool is_seq(const Value& v) { return v.is_list() || as_sequence(v) != nullptr; }
bool is_sequential(const Value& v) { return v.is_vector() || is_seq(v); }
bool is_sorted(const Value& v) { return as_sorted(v) != nullptr; }
bool is_coll(const Value& v) {
  return is_sequential(v) || v.is_map() || v.is_set() || is_sorted(v);
}
bool is_associative(const Value& v) { return is_any_map(v) || v.is_vector(); }
bool is_reversible(const Value& v) { return v.is_vector() || is_sorted(v); }
bool is_counted(const Value& v) {
  return v.is_nil() || v.is_sequential() || v.is_map() || v.is_set() || is_sorted(v);
}
bool is_indexed(const Value& v) { return v.is_vector(); }
bool is_ident(const Value& v) { return v.is_keyword() || v.is_symbol(); }
bool has_ns(const Value& v) { return v.name()->ns_length != 0; }
bool is_rational(const Value& v) { return v.is_integer() || v.is(Kind::ratio); }

Value negation(Call&, Args args) { return Value::boolean(!args[0].is_truthy()); }
Value boolean(Call&, Args args) { return Value::boolean(args[0].is_truthy()); }

Value is_empty(Call& call, Args args) {
  return Value::boolean(seq(call, std::move(args[0])).is_nil());
}
Value not_empty(Call& call, Args args) {
  return seq(call, args[0]).is_nil() ? Value() : std::move(args[0]);
}

// --- numbers ---

template <class Holds>
Value of_zero(std::string_view function, const Value& v, Holds holds) {
  if (!v.is_number()) raise_wrong_type(function, "a number", v);
  return Value::boolean(holds(compare_numbers(v, Value::integer(0), function)));
}

Value is_zero(Call&, Args args) {
  return of_zero("zero?", args[0], [](int order) { return order == 0; });
}
Value is_pos(Call&, Args args) {
  return of_zero("pos?", args[0], [](int order) { return order == 1; });
}
Value is_neg(Call&, Args args) {
  return of_zero("neg?", args[0], [](int order) { return order == -1; });
}

bool is_odd_integer(std::string_view function, const Value& v) {
  if (!v.is_integer())
    raise(ErrorClass::illegal_argument,
          std::string(function) + " needs an integer, got " + describe(v));
  return v.as_integer() % 2 != 0;
}
Value is_even(Call&, Args args) { return Value::boolean(!is_odd_integer("even?", args[0])); }
Value is_odd(Call&, Args args) { return Value::boolean(is_odd_integer("odd?", args[0])); }

Value is_nan(Call&, Args args) { return Value::boolean(std::isnan(double_of("NaN?", args[0]))); }
Value is_infinite(Call&, Args args) {
  return Value::boolean(std::isinf(double_of("infinite?", args[0])));
}

// --- what Clojure answers with a class ---

std::string_view class_of(const Value& v) {
  switch (v.kind()) {
    case Kind::boolean:
      return "java.lang.Boolean";
    case Kind::integer:
      return "java.lang.Long";
    case Kind::real:
      return "java.lang.Double";
    case Kind::ratio:
      return "clojure.lang.Ratio";
    case Kind::character:
      return "java.lang.Character";
    case Kind::inst:
      return "java.util.Date";
    case Kind::uuid:
      return "java.util.UUID";
    case Kind::keyword:
      return "clojure.lang.Keyword";
    case Kind::symbol:
      return "clojure.lang.Symbol";
    case Kind::string:
      return "java.lang.String";
    case Kind::list:
      return "clojure.lang.PersistentList";
    case Kind::vector:
      return "clojure.lang.PersistentVector";
    case Kind::map:
      return "clojure.lang.PersistentHashMap";
    case Kind::set:
      return "clojure.lang.PersistentHashSet";
    case Kind::tagged:
      return "clojure.lang.TaggedLiteral";
    default:
      break;
  }
  if (const Sorted* sorted = as_sorted(v)) {
    return sorted->is_map() ? "clojure.lang.PersistentTreeMap" : "clojure.lang.PersistentTreeSet";
  }
  if (as_sequence(v) != nullptr) return "clojure.lang.LazySeq";
  if (as_function(v) != nullptr) return "clojure.lang.Fn";
  if (as_pattern(v) != nullptr) return "java.util.regex.Pattern";
  if (const ExceptionInfo* exception = as_exception(v)) return name_of(exception->error_class());
  return "java.lang.Object";
}

Value type(Call&, Args args) {
  return args[0].is_nil() ? Value() : Value::symbol(class_of(args[0]));
}

template <Kind K>
bool is_kind(const Value& v) {
  return v.is(K);
}

bool is_some(const Value& v) { return !v.is_nil(); }
bool is_number(const Value& v) { return v.is_number(); }
bool is_integer(const Value& v) { return v.is_integer(); }
bool is_double(const Value& v) { return v.is_real(); }
bool is_fn(const Value& v) { return as_function(v) != nullptr; }
bool is_seqable_value(const Value& v) { return is_seqable(v); }
bool is_simple_keyword(const Value& v) { return v.is_keyword() && !has_ns(v); }
bool is_qualified_keyword(const Value& v) { return v.is_keyword() && has_ns(v); }
bool is_simple_symbol(const Value& v) { return v.is_symbol() && !has_ns(v); }
bool is_qualified_symbol(const Value& v) { return v.is_symbol() && has_ns(v); }
bool is_simple_ident(const Value& v) { return is_ident(v) && !has_ns(v); }
bool is_qualified_ident(const Value& v) { return is_ident(v) && has_ns(v); }
bool is_pos_int(const Value& v) { return v.is_integer() && v.as_integer() > 0; }
bool is_neg_int(const Value& v) { return v.is_integer() && v.as_integer() < 0; }
bool is_nat_int(const Value& v) { return v.is_integer() && v.as_integer() >= 0; }
bool is_map_entry(const Value& v) { return v.is_vector() && v.count() == 2; }
bool is_any(const Value&) { return true; }

constexpr Native kPredicatesTable[] = {
    {kCore, "nil?", 1, 1, ask<is_kind<Kind::nil>>, "Whether the value is nil."},
    {kCore, "some?", 1, 1, ask<is_some>, "Whether the value is not nil."},
    {kCore, "true?", 1, 1, ask<is_true>, "Whether the value is true itself."},
    {kCore, "false?", 1, 1, ask<is_false>, "Whether the value is false itself."},
    {kCore, "boolean?", 1, 1, ask<is_kind<Kind::boolean>>, "Whether the value is true or false."},
    {kCore, "any?", 1, 1, ask<is_any>, "True of every value."},
    {kCore, "not", 1, 1, negation, "True of nil and false, false of everything else."},
    {kCore, "boolean", 1, 1, boolean, "False of nil and false, true of everything else."},
    {kCore, "string?", 1, 1, ask<is_kind<Kind::string>>, "Whether the value is a string."},
    {kCore, "keyword?", 1, 1, ask<is_kind<Kind::keyword>>, "Whether the value is a keyword."},
    {kCore, "symbol?", 1, 1, ask<is_kind<Kind::symbol>>, "Whether the value is a symbol."},
    {kCore, "ident?", 1, 1, ask<is_ident>, "Whether the value is a keyword or a symbol."},
    {kCore, "simple-keyword?", 1, 1, ask<is_simple_keyword>,
     "Whether the value is a keyword without a namespace."},
    {kCore, "qualified-keyword?", 1, 1, ask<is_qualified_keyword>,
     "Whether the value is a keyword with a namespace."},
    {kCore, "simple-symbol?", 1, 1, ask<is_simple_symbol>,
     "Whether the value is a symbol without a namespace."},
    {kCore, "qualified-symbol?", 1, 1, ask<is_qualified_symbol>,
     "Whether the value is a symbol with a namespace."},
    {kCore, "simple-ident?", 1, 1, ask<is_simple_ident>,
     "Whether the value is a keyword or symbol without a namespace."},
    {kCore, "qualified-ident?", 1, 1, ask<is_qualified_ident>,
     "Whether the value is a keyword or symbol with a namespace."},
    {kCore, "char?", 1, 1, ask<is_kind<Kind::character>>, "Whether the value is a character."},
    {kCore, "uuid?", 1, 1, ask<is_kind<Kind::uuid>>, "Whether the value is a UUID."},
    {kCore, "inst?", 1, 1, ask<is_kind<Kind::inst>>, "Whether the value is an instant."},
    {kCore, "vector?", 1, 1, ask<is_kind<Kind::vector>>, "Whether the value is a vector."},
    {kCore, "list?", 1, 1, ask<is_list>, "Whether the value is a list."},
    {kCore, "map?", 1, 1, ask<is_any_map>, "Whether the value is a map."},
    {kCore, "set?", 1, 1, ask<is_any_set>, "Whether the value is a set."},
    {kCore, "map-entry?", 1, 1, ask<is_map_entry>,
     "Whether the value is a vector of two, as entries of maps are."},
    {kCore, "coll?", 1, 1, ask<is_coll>, "Whether the value is a collection."},
    {kCore, "sequential?", 1, 1, ask<is_sequential>,
     "Whether the value is a vector, a list or a sequence."},
    {kCore, "seq?", 1, 1, ask<is_seq>, "Whether the value is a list or a sequence."},
    {kCore, "seqable?", 1, 1, ask<is_seqable_value>, "Whether seq takes the value."},
    {kCore, "associative?", 1, 1, ask<is_associative>, "Whether the value is a map or a vector."},
    {kCore, "sorted?", 1, 1, ask<is_sorted>, "Whether the value is a sorted map or a sorted set."},
    {kCore, "reversible?", 1, 1, ask<is_reversible>, "Whether rseq takes the value."},
    {kCore, "counted?", 1, 1, ask<is_counted>, "Whether count takes no walk."},
    {kCore, "indexed?", 1, 1, ask<is_indexed>, "Whether nth takes no walk."},
    {kCore, "fn?", 1, 1, ask<is_fn>, "Whether the value is a function."},
    {kCore, "ifn?", 1, 1, ask<is_callable>, "Whether the value can be called."},
    {kCore, "number?", 1, 1, ask<is_number>, "Whether the value is a number."},
    {kCore, "integer?", 1, 1, ask<is_integer>, "Whether the value is an integer."},
    {kCore, "int?", 1, 1, ask<is_integer>, "Whether the value is an integer."},
    {kCore, "float?", 1, 1, ask<is_double>, "Whether the value is a double."},
    {kCore, "double?", 1, 1, ask<is_double>, "Whether the value is a double."},
    {kCore, "ratio?", 1, 1, ask<is_kind<Kind::ratio>>, "Whether the value is a ratio."},
    {kCore, "rational?", 1, 1, ask<is_rational>, "Whether the value is an integer or a ratio."},
    {kCore, "pos-int?", 1, 1, ask<is_pos_int>, "Whether the value is an integer above 0."},
    {kCore, "neg-int?", 1, 1, ask<is_neg_int>, "Whether the value is an integer below 0."},
    {kCore, "nat-int?", 1, 1, ask<is_nat_int>, "Whether the value is an integer of at least 0."},
    {kCore, "zero?", 1, 1, is_zero, "Whether the number is 0."},
    {kCore, "pos?", 1, 1, is_pos, "Whether the number is above 0."},
    {kCore, "neg?", 1, 1, is_neg, "Whether the number is below 0."},
    {kCore, "even?", 1, 1, is_even, "Whether the integer is even."},
    {kCore, "odd?", 1, 1, is_odd, "Whether the integer is odd."},
    {kCore, "NaN?", 1, 1, is_nan, "Whether the number is not a number."},
    {kCore, "infinite?", 1, 1, is_infinite, "Whether the number is infinite."},
    {kCore, "empty?", 1, 1, is_empty, "Whether there are no elements."},
    {kCore, "not-empty", 1, 1, not_empty, "The collection, or nil when it has no elements."},
    {kCore, "type", 1, 1, type, "The name of the value's class in Clojure, as a symbol."},
    {kCore, "class", 1, 1, type, "The name of the value's class in Clojure, as a symbol."},
};

}  // namespace

std::span<const Native> predicates_table() { return kPredicatesTable; }

}  // namespace onyx::lang::core
