#include "common/lang/destructure.h"

#include <fmt/format.h>

#include <map>

#include "common/lang/nodes/basic.h"
#include "common/lang/nodes/destructure_node.h"
#include "common/lang/nodes/record.h"

namespace onyx::lang {

namespace {

class Pattern {
 public:
  Pattern(Analyzer& analyzer, FunctionScope& scope, std::vector<LetNode::Binding>& bindings)
      : analyzer_(analyzer), scope_(scope), bindings_(bindings) {}

  void bind(const Form& pattern, NodePtr value) {
    if (pattern->is_symbol()) {
      if (pattern->atom.name()->ns_length != 0) {
        analyzer_.malformed(pattern,
                            fmt::format("a local cannot have a namespace: {}", pattern->text()),
                            "qualified name");
      }
      set(scope_.add_local(pattern->atom.name()), std::move(value));
      return;
    }
    const std::uint32_t slot = scope_.add_local(nullptr);
    set(slot, std::move(value));
    take_apart(pattern, slot, false);
  }

  void take_apart(const Form& pattern, std::uint32_t slot, bool is_rest) {
    if (pattern->is_vector()) {
      vector(pattern, slot);
    } else if (pattern->is_map()) {
      if (is_rest) set(slot, std::make_unique<KeywordArgumentsNode>(read(slot), at(pattern)));
      map(pattern, slot);
    } else {
      analyzer_.malformed(
          pattern,
          fmt::format("{} cannot be bound: a name, a vector or a map pattern is needed",
                      shown(pattern)),
          "not a pattern");
    }
  }

 private:
  void set(std::uint32_t slot, NodePtr value) { bindings_.push_back({slot, std::move(value)}); }
  static NodePtr read(std::uint32_t slot) { return std::make_unique<LocalNode>(slot); }
  PositionPtr at(const Form& form) const { return analyzer_.position(form); }

  void vector(const Form& pattern, std::uint32_t slot) {
    const Forms& parts = pattern->children;
    std::size_t index = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i]->is_symbol("&")) {
        if (i + 1 == parts.size()) {
          analyzer_.malformed(parts[i], "& must be followed by a name", "nothing follows");
          return;
        }
        const Form& rest = parts[++i];
        auto following = std::make_unique<FollowingNode>(read(slot), index, at(pattern));
        if (rest->is_map()) {
          bind(rest, std::make_unique<KeywordArgumentsNode>(std::move(following), at(rest)));
        } else {
          bind(rest, std::move(following));
        }
      } else if (parts[i]->is_keyword("as")) {
        if (i + 1 == parts.size() || !parts[i + 1]->is_symbol()) {
          analyzer_.malformed(parts[i], ":as must be followed by a name", "no name follows");
          return;
        }
        bind(parts[++i], read(slot));
      } else {
        bind(parts[i], std::make_unique<NthNode>(read(slot), index++, at(pattern)));
      }
    }
  }

  void map(const Form& pattern, std::uint32_t slot) {
    const Forms& parts = pattern->children;
    std::map<std::string, Form> defaults;
    for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
      if (!parts[i]->is_keyword("or")) continue;
      if (!parts[i + 1]->is_map()) {
        analyzer_.malformed(parts[i + 1], ":or needs a map from names to defaults", "not a map");
        continue;
      }
      const Forms& pairs = parts[i + 1]->children;
      for (std::size_t k = 0; k + 1 < pairs.size(); k += 2) {
        if (pairs[k]->is_symbol()) {
          defaults[pairs[k]->text()] = pairs[k + 1];
        } else {
          analyzer_.malformed(pairs[k],
                              "the keys of :or are the names that are bound, without colon",
                              "not a name");
        }
      }
    }
    for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
      const Form& left = parts[i];
      const Form& right = parts[i + 1];
      if (left->is_keyword("or")) continue;
      if (left->is_keyword("as")) {
        if (right->is_symbol()) {
          bind(right, read(slot));
        } else {
          analyzer_.malformed(right, ":as must be followed by a name", "not a name");
        }
      } else if (left->is_keyword()) {
        names(left, right, slot, defaults);
      } else {
        NodePtr otherwise = left->is_symbol() ? default_of(left->text(), defaults) : nullptr;
        NodePtr key = analyzer_.analyze(right, scope_, nullptr);
        bind(left, get(right, slot, std::move(key), std::move(otherwise)));
      }
    }
  }

  // :keys [a b], :strs, :syms, :some.ns/keys.
  void names(const Form& what, const Form& list, std::uint32_t slot,
             const std::map<std::string, Form>& defaults) {
    const edn::Name* group = what->atom.name();
    const std::string ns(group->ns());
    const std::string_view kind = group->name();
    if (kind != "keys" && kind != "strs" && kind != "syms") {
      auto& diagnostic = analyzer_.malformed(
          what, fmt::format("{} is not part of a map pattern", shown(what)), "not known here");
      diagnostic.help = "a pattern has :keys, :strs, :syms, :or, :as, and pairs like {name :key}";
      return;
    }
    if (!list->is_vector()) {
      analyzer_.malformed(list, fmt::format("{} needs a vector of names", shown(what)),
                          "not a vector");
      return;
    }
    for (const Form& name : list->children) {
      if (!name->is_symbol() && !name->is_keyword()) {
        analyzer_.malformed(name, fmt::format("{} needs names, got {}", shown(what), shown(name)),
                            "not a name");
        continue;
      }
      const std::string local(name->atom.name()->name());
      std::string key = name->text();
      if (!ns.empty() && name->atom.name()->ns_length == 0) key = ns + "/" + key;
      const Value key_value = kind == "keys"   ? Value::keyword(key)
                              : kind == "strs" ? Value::string(local)
                                               : Value::symbol(key);
      bind(make_symbol(name, local),
           get(name, slot, std::make_unique<ConstantNode>(key_value), default_of(local, defaults)));
    }
  }

  NodePtr default_of(const std::string& name, const std::map<std::string, Form>& defaults) {
    const auto found = defaults.find(name);
    return found == defaults.end() ? nullptr : analyzer_.analyze(found->second, scope_, nullptr);
  }

  NodePtr get(const Form& where, std::uint32_t slot, NodePtr key, NodePtr otherwise) {
    if (key->constant() != nullptr && key->constant()->is_keyword()) {
      return std::make_unique<GetKeyNode>(*key->constant(), analyzer_.new_cache(), read(slot),
                                          std::move(otherwise), true);
    }
    std::vector<NodePtr> args;
    args.push_back(read(slot));
    args.push_back(std::move(key));
    if (otherwise != nullptr) args.push_back(std::move(otherwise));
    return std::make_unique<NativeCallNode>(*find_native("clojure.core/get"), std::move(args),
                                            at(where));
  }

  Analyzer& analyzer_;
  FunctionScope& scope_;
  std::vector<LetNode::Binding>& bindings_;
};

}  // namespace

void destructure(Analyzer& analyzer, const Form& pattern, NodePtr value, FunctionScope& scope,
                 std::vector<LetNode::Binding>& bindings) {
  Pattern(analyzer, scope, bindings).bind(pattern, std::move(value));
}

void destructure_slot(Analyzer& analyzer, const Form& pattern, std::uint32_t slot,
                      FunctionScope& scope, std::vector<LetNode::Binding>& bindings, bool is_rest) {
  Pattern(analyzer, scope, bindings).take_apart(pattern, slot, is_rest);
}

}  // namespace onyx::lang
