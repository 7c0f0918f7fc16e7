// The plugins this daemon has, by the keyword of `:onyx/plugin`.
//
// Shape:   filled once at start, read-only afterwards.
// Thread:  any, after filling.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/plugins/plugin.h"

namespace onyx::plugins {

struct PluginKind {
  std::string name;  // "onyx.plugin.seq/input", without the colon
  std::string doc;   // one sentence
  // Exactly one of the two is set.
  std::function<Result<std::unique_ptr<Input>>(PluginContext)> make_input;
  std::function<Result<std::unique_ptr<Output>>(PluginContext)> make_output;
};

class Registry {
 public:
  void add(PluginKind kind);
  const PluginKind* find(std::string_view name) const;
  std::vector<std::string> names() const;

 private:
  std::map<std::string, PluginKind, std::less<>> kinds_;
};

}  // namespace onyx::plugins
