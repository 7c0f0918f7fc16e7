#include "common/lang/core/areas.h"
#include "common/lang/core/maps.h"

namespace onyx::lang::core {

namespace {

constexpr std::string_view kWalk = "clojure.walk";

// `change` of every element of a collection, put together as a collection of the same kind.
template <class Change>
Value rebuilt(Call& call, Value form, const Change& change) {
  const auto changed_items = [&] {
    std::vector<Value> items = collect(call, form, "walk");
    for (Value& item : items) item = change(std::move(item));
    return items;
  };
  switch (form.kind()) {
    case edn::Kind::vector:
      return Value::vector(changed_items());
    case edn::Kind::list:
      return Value::list(changed_items());
    case edn::Kind::set: {
      Value result = Value::set();
      for (Value& item : changed_items())
        result = std::move(result).conj(key_of(call, std::move(item)));
      return result;
    }
    case edn::Kind::map: {
      Value result = Value::map();
      for (Value& entry : changed_items()) {
        if (!entry.is_vector() || entry.count() != 2) {
          raise_wrong_type("clojure.walk", "a vector of key and value in place of a map's entry",
                           entry);
        }
        result = std::move(result).assoc(key_of(call, entry.at(0)), entry.at(1));
      }
      return result;
    }
    default:
      if (as_sequence(form) != nullptr) return Value::list(changed_items());
      if (const Sorted* sorted = as_sorted(form)) {
        Value result = sorted->emptied();
        for (Value& item : changed_items())
          result = conjoin(call, std::move(result), std::move(item));
        return result;
      }
      return form;
  }
}

Value post(Call& call, const Callee& f, Value form) {
  call.step();
  call.check_stack();
  return f(call, rebuilt(call, std::move(form),
                         [&](Value item) { return post(call, f, std::move(item)); }));
}

Value pre(Call& call, const Callee& f, Value form) {
  call.step();
  call.check_stack();
  return rebuilt(call, f(call, std::move(form)),
                 [&](Value item) { return pre(call, f, std::move(item)); });
}

Value postwalk(Call& call, Args args) {
  return post(call, Callee(std::move(args[0])), std::move(args[1]));
}
Value prewalk(Call& call, Args args) {
  return pre(call, Callee(std::move(args[0])), std::move(args[1]));
}

Value walk(Call& call, Args args) {
  const Callee inner(std::move(args[0]));
  const Callee outer(std::move(args[1]));
  return outer(call, rebuilt(call, std::move(args[2]),
                             [&](Value item) { return inner(call, std::move(item)); }));
}

// Every key of every map, at any depth, through `change`.
template <class Change>
Value with_keys(Call& call, Value form, const Change& change) {
  call.step();
  call.check_stack();
  if (!is_any_map(form)) {
    return rebuilt(call, std::move(form),
                   [&](Value item) { return with_keys(call, std::move(item), change); });
  }
  Value result = Value::map();
  visit_entries(call, form, [&](const Value& old, const Value& value) {
    Value key = change(old);
    if (key == old) key = with_keys(call, std::move(key), change);
    result = std::move(result).assoc(key_of(call, std::move(key)), with_keys(call, value, change));
    return true;
  });
  return result;
}

Value keywordize_keys(Call& call, Args args) {
  return with_keys(call, std::move(args[0]), [](const Value& key) {
    if (!key.is_string()) return key;
    const edn::Name* name = edn::intern(key.as_string());
    if (name == nullptr)
      raise(ErrorClass::illegal_state,
            "keywordize-keys: no further keyword can be made; keep such keys as strings");
    return Value::keyword(name);
  });
}

Value stringify_keys(Call& call, Args args) {
  return with_keys(call, std::move(args[0]), [](const Value& key) {
    return key.is_keyword() ? Value::string(key.name()->name()) : key;
  });
}

Value replaced(Call& call, Args args, bool is_post) {
  const Value replacements = std::move(args[0]);
  require_map(is_post ? "postwalk-replace" : "prewalk-replace", replacements);
  class Substitution final : public Function {
   public:
    explicit Substitution(Value map) : map_(std::move(map)) { holds(map_); }
    Value call(Call& call, std::span<Value> values) const override {
      auto found = lookup(call, map_, values[0]);
      return found ? *std::move(found) : std::move(values[0]);
    }
    std::string_view name() const override { return "replace"; }
    bool accepts(std::size_t n) const override { return n == 1; }

   private:
    Value map_;
  };
  const Callee f(Value::extension(new Substitution(replacements)));
  return is_post ? post(call, f, std::move(args[1])) : pre(call, f, std::move(args[1]));
}
Value postwalk_replace(Call& call, Args args) { return replaced(call, args, true); }
Value prewalk_replace(Call& call, Args args) { return replaced(call, args, false); }

constexpr Native kWalkTable[] = {
    {kWalk, "walk", 3, 3, walk, "(outer form), after (inner element) of each of its elements."},
    {kWalk, "postwalk", 2, 2, postwalk, "The nested form with f of every part, inner ones first."},
    {kWalk, "prewalk", 2, 2, prewalk, "The nested form with f of every part, outer ones first."},
    {kWalk, "keywordize-keys", 1, 1, keywordize_keys,
     "The nested form with keywords for all string keys of maps."},
    {kWalk, "stringify-keys", 1, 1, stringify_keys,
     "The nested form with strings for all keyword keys of maps."},
    {kWalk, "postwalk-replace", 2, 2, postwalk_replace,
     "The nested form with the map's values for its keys, inner ones first."},
    {kWalk, "prewalk-replace", 2, 2, prewalk_replace,
     "The nested form with the map's values for its keys, outer ones first."},
};

}  // namespace

std::span<const Native> walk_table() { return kWalkTable; }

}  // namespace onyx::lang::core
