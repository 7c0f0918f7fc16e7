// Where the daemon of this machine listens when nobody says otherwise; one rule for onyxd and onyxctl.
//
// Shape:   the first of
//            $RUNTIME_DIRECTORY/onyxd.sock       (systemd's RuntimeDirectory=, onyxd only has it)
//            /run/onyx/onyxd.sock                when that directory is there
//            $XDG_RUNTIME_DIR/onyx/onyxd.sock    when that directory is there
//            /tmp/onyx-UID/onyxd.sock
//          onyxd takes the first it can write to, onyxctl the first where a socket is.
// Errors:  socket_to_listen_on() refuses a directory below /tmp that belongs to somebody else or that others may write to.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"

namespace onyx::api {

// Absolute paths, in the order of the rule; from the environment of the process.
std::vector<std::string> local_sockets();

// The path onyxd binds; its directory exists afterwards, for the owner only when it is made here.
Result<std::string> socket_to_listen_on();

// Its directory, for other sockets of the daemon.
Result<std::string> run_directory();

// The path onyxctl connects to; without any socket, the one that onyxd would bind.
std::string socket_to_connect_to();

}  // namespace onyx::api
