// Ends a session that another process holds: resumes it by number and password, and closes it.
//
// Shape:   two requests of the ZooKeeper protocol by hand, so that whoever does it needs no client. Never makes a session: one
//          that has ended stays ended. Needs no access rights: the password is the proof.
// Thread:  any; blocks. Each server is given a second, in their order, again and again until the patience is over.
#pragma once

#include <chrono>

#include "daemon/zookeeper/warden/ticket.h"

namespace onyx::zookeeper {

enum class Closed : unsigned char {
  closed,       // by this call
  was_over,     // the server knows no such session any more
  unreachable,  // no server answered: it ends when its timeout has passed
};

Closed close_session(const Ticket& ticket, std::chrono::milliseconds patience);

}  // namespace onyx::zookeeper
