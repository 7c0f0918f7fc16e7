#include "daemon/plugins/registry.h"

#include <catch2/catch.hpp>

#include "tests/unit/daemon/plugins/fixture.h"

namespace onyx::plugins {
namespace {

TEST_CASE("registry: the built-in plugins are found by name, each an input or an output",
          "[plugins]") {
  Registry registry;
  add_built_in(registry, std::make_shared<OutputStore>());
  CHECK(registry.names() ==
        std::vector<std::string>{"onyx.peer.function/function", "onyx.plugin.file/input",
                                 "onyx.plugin.file/output", "onyx.plugin.generator/input",
                                 "onyx.plugin.null/output", "onyx.plugin.seq/input",
                                 "onyx.plugin.seq/output"});
  for (const std::string& name : registry.names()) {
    const PluginKind* kind = registry.find(name);
    REQUIRE(kind != nullptr);
    CHECK_FALSE(kind->doc.empty());
    CHECK((kind->make_input != nullptr) == (name.find("/input") != std::string::npos));
  }
  CHECK(registry.find("onyx.plugin.kafka/read-messages") == nullptr);
}

}  // namespace
}  // namespace onyx::plugins
