// What a run met: which faults happened, and which rare states of the protocol were passed through.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace onyx::simulation {

#define ONYX_SIMULATION_SEEN(X)                                                     \
  /* faults, as they took effect */                                                 \
  X(crash, "F01 a daemon is killed, its session lives on until it expires")         \
  X(crash_with_helper, "F01 a daemon is killed, and its session is closed at once") \
  X(crash_of_coordinator, "F03 the daemon of a job's coordinator is killed")        \
  X(crash_of_all, "F04 all daemons are killed at once")                             \
  X(pause_long, "F05 a daemon stands still for longer than its session lasts")      \
  X(pause_short, "F06 a daemon stands still for less than half its session")        \
  X(cut_long, "F07 a daemon is cut off from ZooKeeper for longer than its session") \
  X(cut_short, "F07 a daemon is cut off from ZooKeeper for a moment")               \
  X(eviction, "F08 a peer is evicted by another")                                   \
  X(data_cut, "F08 two daemons cannot reach each other, ZooKeeper is fine")         \
  X(cut_in, "F09 a daemon hears nothing from ZooKeeper, which hears it")            \
  X(cut_out, "F09 ZooKeeper hears nothing from a daemon, which hears it")           \
  X(flapping, "F10 a daemon's connection flaps")                                    \
  X(packets_lost, "F10 a third of a daemon's packets are lost")                     \
  X(server_restart, "F11 a ZooKeeper server restarts")                              \
  X(leader_lost, "F12 ZooKeeper's leader dies, another is elected")                 \
  X(ensemble_lost, "F13 ZooKeeper is away for all")                                 \
  X(clock_skewed, "F19 a daemon's clock runs too fast or too slow")                 \
  X(clock_jumped, "F19 ZooKeeper's wall clock jumps")                               \
  X(timers_late, "a daemon's timers are late")                                      \
  X(entry_doubled, "F28 an entry is in the log twice")                              \
  X(reply_lost, "F29 a create happens, and its answer is lost")                     \
  X(request_lost, "F29 a create is lost on its way")                                \
  X(many_peers, "F33 a hundred peers or more come at once")                         \
  X(gc_overtakes, "F35 a gc passes a group that lags")                              \
  X(gc_before_join, "F35 a group joins from an origin")                             \
  X(origin_moved, "F36 an origin is replaced while somebody reads its parts")       \
  X(killed_twice, "F39 a job that has ended is killed or completed again")          \
  X(hole, "F41 something else than an entry takes a position of the log")           \
  X(too_large, "an entry or a job that is too large for the store")                 \
  X(slow_reader, "a group applies entries late")                                    \
  X(slow_writer, "a group's entries leave late")                                    \
  X(server_lags, "a ZooKeeper server is behind the others")                         \
  X(session_expired, "ZooKeeper ends a session early")                              \
  X(watch_missed, "an entry came and was collected while its watcher was cut off")  \
  X(task_restarts, "a task fails and asks for a restart of the job")                \
  X(task_kills, "a task fails and kills its job")                                   \
  X(deposed_coordinator, "a coordinator speaks of an allocation that is over")      \
  X(drained, "a group is drained")                                                  \
  X(undrained, "a drained group brings its peers back")                             \
  X(poison_entry, "an entry that makes no sense")                                   \
  X(resubmission, "a job is submitted again")                                       \
  /* states passed through */                                                       \
  X(fenced_by_own_clock, "a group ends by its own clock, before ZooKeeper says so") \
  X(declared_dead, "a group that lives reads that it has left")                     \
  X(ambiguity_found, "an entry of unknown outcome was found in the log")            \
  X(ambiguity_repeated, "an entry of unknown outcome was appended again")           \
  X(join_refused, "a joiner finds no free observer")                                \
  X(join_in_parallel, "two groups join at the same time")                           \
  X(observer_left, "an observer leaves while it brings a joiner in")                \
  X(joiner_left, "a joiner leaves while it is brought in")                          \
  X(successor_changed, "a joiner's successor leaves between notify and accept")     \
  X(ring_of_many, "a ring of ten groups or more")                                   \
  X(job_starved, "a running job loses its minimum and waits")                       \
  X(job_resumed, "a job that had to wait runs again")                               \
  X(job_completed, "a job completes")                                               \
  X(job_killed_by_flux, "a job is killed because a task lost a peer")               \
  X(coordinator_moved, "a job's coordinator changes while the job runs")            \
  X(tombstone_forgotten, "a gc forgets a finished job")

enum class Seen : std::uint8_t {
#define X(name, words) name,
  ONYX_SIMULATION_SEEN(X)
#undef X
      count
};

inline constexpr std::size_t kSeenKinds = static_cast<std::size_t>(Seen::count);

inline constexpr std::string_view name_of(Seen seen) {
  constexpr std::string_view kNames[] = {
#define X(name, words) #name,
      ONYX_SIMULATION_SEEN(X)
#undef X
  };
  return kNames[static_cast<std::size_t>(seen)];
}

inline constexpr std::string_view words_of(Seen seen) {
  constexpr std::string_view kWords[] = {
#define X(name, words) words,
      ONYX_SIMULATION_SEEN(X)
#undef X
  };
  return kWords[static_cast<std::size_t>(seen)];
}

class Coverage {
 public:
  void note(Seen seen) { ++counts_[static_cast<std::size_t>(seen)]; }
  std::int64_t of(Seen seen) const { return counts_[static_cast<std::size_t>(seen)]; }
  void add(const Coverage& other) {
    for (std::size_t i = 0; i < kSeenKinds; ++i) counts_[i] += other.counts_[i];
  }

 private:
  std::array<std::int64_t, kSeenKinds> counts_{};
};

}  // namespace onyx::simulation
