// Any configuration file: settings, or findings inside the text.
#include <cstddef>
#include <cstdint>
#include <string>

#include "common/base/check.h"
#include "daemon/config/settings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace onyx;
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const bool is_dev : {false, true}) {
    config::Flags flags;
    flags.is_dev = is_dev;
    flags.config_file = "onyxd.edn";
    const auto loaded = config::load(flags, text);
    if (loaded) {
      ONYX_CHECK(!loaded->settings.tenancy.empty() && !loaded->settings.job_scheduler.empty());
      ONYX_CHECK(is_dev || !loaded->settings.zookeeper.empty());
      continue;
    }
    ONYX_CHECK(!loaded.error().diagnostics.empty(), "refused without a word");
    for (const edn::Diagnostic& found : loaded.error().diagnostics) {
      ONYX_CHECK(!found.span.is_known() || found.span.offset <= size, "{} at {}", found.code,
                 found.span.offset);
      ONYX_CHECK(!edn::render(found, text, false).empty());
    }
  }
  return 0;
}
