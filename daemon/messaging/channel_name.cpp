#include "daemon/messaging/channel_name.h"

#include <fmt/format.h>

namespace onyx::messaging {

std::string ChannelName::text() const {
  return fmt::format("job {} version {}: {} {} → {} {}", job.job.text(), job.version, from.text(),
                     from_slot, to.text(), to_slot);
}

}  // namespace onyx::messaging
