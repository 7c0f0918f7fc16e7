// Seam: one session with what the cluster remembers: the log, the jobs, the pulses, the
// coordinates.
//
// Shape:   a group has one session and one id for its life. After `dead` both are over: close it, open another, under a new
//          group id. T: the session timeout that was granted. Silence is counted by our own clock, which runs while the machine
//          sleeps, from when the newest request that was answered was sent.
//
//             ┌───────────┐ ── silent for T/3, or the ──▶ ┌─────────┐ ── silent for 2/3 T ──▶ ┌────────┐
//    open ──▶ │ connected │     connection broke          │ suspect │                         │ fenced │
//             └───────────┘ ◀──────── answers again ───── └─────────┘                         └────────┘
//                 │     ▲                                     │                                 │    │
//                 │     └────────────────── answers again ────│─────────────────────────────────┘    │
//                 │ the server says so                        │ the server says so                   │ silent for T, or
//                 └────────────────▶ ┌──────┐ ◀───────────────┘                                      │ the server says so
//                                    │ dead │  final ◀───────────────────────────────────────────────┘
//                                    └──────┘
//
//          In `fenced` nothing that anybody outside would notice leaves a peer of this daemon (fence.h): the others take the
//          group's peers over when T has passed, and nobody tells a client that is cut off.
// Thread:  any. close() and the destructor end the session (its pulse goes at once) within 2 s; followers and watches go
//          first. After close() every call fails with unavailable, for whoever still holds this.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace onyx::cluster {

class CoordinateStore;
class CoordinationLog;
class Fence;
class JobStore;
class LogParameters;
class Pulses;

enum class SessionState : unsigned char { connected, suspect, fenced, dead };

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
  virtual std::chrono::milliseconds session_timeout() const = 0;  // T, as granted
  virtual std::shared_ptr<const Fence> fence() const = 0;
  virtual void close() = 0;
};

// Opens a session; blocks until it is connected or the deadline of the store has passed.
using OpenCluster = std::function<Result<std::unique_ptr<Cluster>>(OnSession)>;

}  // namespace onyx::cluster
