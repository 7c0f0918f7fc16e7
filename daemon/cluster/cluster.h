// Seam: one session with what the cluster remembers: the log, the jobs, the pulses, the
// coordinates.
//
// Shape:   a group has one session and one id for its life. After `expired` both are dead: close
//          it, open another, under a new group id.
//
//             ┌───────────┐ ── silent for T/3 ──▶ ┌─────────┐
//    open ──▶ │ connected │                       │ suspect │
//             └───────────┘ ◀── answers again ─── └─────────┘
//                   │ the server says so               │ silent for T by our own clock,
//                   │                                  │ or the server says so
//                   └────────▶ ┌─────────┐ ◀───────────┘
//                              │ expired │  final                T: the session timeout granted
//                              └─────────┘
//
// Thread:  any. Destroying it ends the session (its pulse goes at once) within 2 s; followers and
//          watches go first.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace onyx::cluster {

class CoordinateStore;
class CoordinationLog;
class JobStore;
class LogParameters;
class Pulses;

enum class SessionState : unsigned char { connected, suspect, expired };

std::string_view name_of(SessionState state);

// Runs on a thread of the session and must only enqueue. Not called for the first `connected`.
using OnSession = std::function<void(SessionState)>;

class Cluster {
 public:
  virtual ~Cluster() = default;

  virtual CoordinationLog& log() = 0;
  virtual JobStore& jobs() = 0;
  virtual Pulses& pulses() = 0;
  virtual LogParameters& parameters() = 0;
  virtual CoordinateStore& coordinates() = 0;
  virtual SessionState session() const = 0;
};

// Opens a session; blocks until it is connected or the deadline of the store has passed.
using OpenCluster = std::function<Result<std::unique_ptr<Cluster>>(OnSession)>;

}  // namespace onyx::cluster
