// Where the groups of this daemon listen for those of other daemons.
//
// Shape:   :onyxd/data-listen if it is there; else the Unix socket data-GROUP.sock in the run-time directory, for daemons of the
//          same machine, and TCP. A TCP address without a port gets kDataPort.
// Thread:  the opener is called on the group's thread, once per incarnation.
// Errors:  NET-01, NET-02 of the configured addresses. Without a run-time directory there is TCP only.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "common/base/result.h"
#include "daemon/config/settings.h"
#include "daemon/messaging/transport.h"

namespace onyx {

inline constexpr std::uint16_t kDataPort = 7401;

// Before anything is joined that would have to be left again.
Result<void> check_data_plane(const config::Settings& settings);

// By the timeout of the group's session, as granted.
std::function<Result<std::unique_ptr<messaging::Transport>>(const messaging::Identity&,
                                                            std::chrono::milliseconds)>
open_data_plane(const config::Settings& settings);

}  // namespace onyx
