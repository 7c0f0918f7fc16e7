#include "common/lang/syntax.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/edn/printer.h"

namespace onyx::lang {

namespace {

const edn::Place* child(const edn::Place* place, std::size_t index, std::size_t expected) {
  if (place == nullptr || place->children.size() != expected) return nullptr;
  return &place->children[index];
}

// A hash map's or set's own order is not that of the text: its parts are found by their hash. `stride`: 2 in a map.
std::optional<std::size_t> by_hash(const edn::Place* place, const Value& key, std::size_t stride) {
  if (place == nullptr) return std::nullopt;
  const std::uint64_t hash = edn::stable_hash(key);
  for (std::size_t i = 0; i < place->children.size(); i += stride) {
    if (place->children[i].hash == hash) return i;
  }
  return std::nullopt;
}

Path below(const Path& path, Value key) {
  return std::make_shared<const PathStep>(PathStep{path, std::move(key)});
}

void shorten(std::string& text, std::size_t length_max) {
  if (text.size() <= length_max) return;
  std::size_t cut = length_max;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  text.resize(cut);
  text += "…";
}

void print_form(const Syntax& form, std::string& out, std::size_t enough) {
  if (out.size() > enough) return;
  if (form.kind == Syntax::Kind::atom) {
    edn::print(form.atom, out);
    return;
  }
  static constexpr std::string_view kOpen[] = {"", "(", "[", "{", "#{"};
  static constexpr std::string_view kClose[] = {"", ")", "]", "}", "}"};
  out += kOpen[static_cast<std::size_t>(form.kind)];
  bool first = true;
  for (const Form& part : form.children) {
    if (!first) out += ' ';
    first = false;
    print_form(*part, out, enough);
  }
  out += kClose[static_cast<std::size_t>(form.kind)];
}

}  // namespace

std::vector<Value> to_vector(const Path& path) {
  std::vector<Value> keys;
  for (const PathStep* step = path.get(); step != nullptr; step = step->parent.get()) {
    keys.push_back(step->key);
  }
  std::reverse(keys.begin(), keys.end());
  return keys;
}

Form to_syntax(const Value& value, const edn::Place* place, const Path& path) {
  auto form = std::make_shared<Syntax>();
  if (place != nullptr) form->span = place->span;
  form->path = path;
  const auto add = [&](const Value& element, const edn::Place* at, Value key) {
    Form part = to_syntax(element, at, below(path, std::move(key)));
    if (at == nullptr && place != nullptr) {
      auto placed = std::make_shared<Syntax>(*part);
      placed->span = place->span;
      part = std::move(placed);
    }
    form->children.push_back(std::move(part));
  };
  switch (value.kind()) {
    case edn::Kind::list:
    case edn::Kind::vector: {
      form->kind = value.is_list() ? Syntax::Kind::list : Syntax::Kind::vector;
      std::size_t index = 0;
      for (const Value& element : value.items()) {
        add(element, child(place, index, value.count()),
            Value::integer(static_cast<std::int64_t>(index)));
        ++index;
      }
      break;
    }
    case edn::Kind::set:
      form->kind = Syntax::Kind::set;
      for (const Value& element : value.items()) {
        const auto index = by_hash(place, element, 1);
        add(element, index ? &place->children[*index] : nullptr, element);
      }
      break;
    case edn::Kind::map:
      form->kind = Syntax::Kind::map;
      for (const edn::Entry entry : value.entries()) {
        const auto index = by_hash(place, entry.key, 2);
        const bool is_known = index && *index + 1 < place->children.size();
        add(entry.key, is_known ? &place->children[*index] : nullptr, entry.key);
        add(entry.value, is_known ? &place->children[*index + 1] : nullptr, entry.key);
      }
      break;
    default:
      form->atom = value;
  }
  return form;
}

Value to_value(const Form& form) {
  if (form->kind == Syntax::Kind::atom) return form->atom;
  std::vector<Value> parts;
  parts.reserve(form->size());
  for (const Form& part : form->children) parts.push_back(to_value(part));
  switch (form->kind) {
    case Syntax::Kind::list:
      return Value::list(std::move(parts));
    case Syntax::Kind::vector:
      return Value::vector(std::move(parts));
    case Syntax::Kind::set:
      return Value::set(std::move(parts));
    default:
      break;
  }
  std::vector<std::pair<Value, Value>> entries;
  for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
    entries.emplace_back(std::move(parts[i]), std::move(parts[i + 1]));
  }
  return Value::map(std::move(entries));
}

std::string shown(const Form& form, std::size_t length_max) {
  std::string text;
  print_form(*form, text, length_max + 8);
  shorten(text, length_max);
  return text;
}

Form make_atom(const Form& at, Value value) {
  auto form = std::make_shared<Syntax>();
  form->atom = std::move(value);
  form->span = at->span;
  form->path = at->path;
  return form;
}

Form make_symbol(const Form& at, std::string_view name) {
  return make_atom(at, Value::symbol(name));
}

namespace {
Form make_collection(const Form& at, Syntax::Kind kind, Forms children) {
  auto form = std::make_shared<Syntax>();
  form->kind = kind;
  form->children = std::move(children);
  form->span = at->span;
  form->path = at->path;
  return form;
}
}  // namespace

Form make_list(const Form& at, Forms children) {
  return make_collection(at, Syntax::Kind::list, std::move(children));
}
Form make_vector(const Form& at, Forms children) {
  return make_collection(at, Syntax::Kind::vector, std::move(children));
}
Form make_nil(const Form& at) { return make_atom(at, Value()); }

Form make_call(const Form& at, std::string_view name, Forms arguments) {
  Forms children;
  children.reserve(arguments.size() + 1);
  children.push_back(make_symbol(at, name));
  for (Form& argument : arguments) children.push_back(std::move(argument));
  return make_list(at, std::move(children));
}

}  // namespace onyx::lang
