// One daemon's API, as onyxctl calls it.
//
// Shape:   a method per call of proto/onyx/v1; jobs are named as the user typed them.
// Units:   unary calls have `timeout`; streams none but what they are given.
// Thread:  one; cancel() from any.
// Errors:  the daemon's Refusal as it was sent; `unavailable` with rule NET-10 when no daemon answers there.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/api/refusal.h"
#include "common/api/views.h"

namespace onyx::cli {

enum class StreamEnd { finished, timed_out, cancelled, stopped };

class Client {
 public:
  // `address`: unix:/path, /path or HOST:PORT.
  Client(std::string address, std::chrono::milliseconds timeout);
  ~Client();

  const std::string& address() const { return address_; }

  // Whether somebody listens there.
  api::Answer<void> connect();

  api::Answer<api::SubmitView> submit(const api::SubmitRequest& request);
  api::Answer<api::KillView> kill(const std::string& job, const std::string& reason);
  api::Answer<api::JobView> get_job(const std::string& job);
  api::Answer<std::vector<api::JobView>> list_jobs();
  api::Answer<api::WhyView> why(const std::string& job);
  api::Answer<api::OutputView> job_output(const std::string& job, const std::string& task,
                                          std::uint32_t limit);
  api::Answer<api::CaseView> run_case(const api::CaseRequest& request);
  // Until the job has ended. `on_view` false: stop.
  api::Answer<StreamEnd> await(const std::string& job,
                               std::optional<std::chrono::milliseconds> timeout,
                               const std::function<bool(const api::JobView&)>& on_view);

  api::Answer<api::VersionView> version();
  api::Answer<api::ClusterView> cluster();
  api::Answer<std::vector<api::GroupView>> list_groups();
  // `group` empty: the daemon's own.
  api::Answer<api::GroupDetailView> get_group(const std::string& group);
  api::Answer<std::vector<api::PeerView>> list_peers();
  api::Answer<api::AddPeersView> add_peers(std::int32_t count);
  api::Answer<api::RemovePeerView> remove_peer(const std::string& peer);
  // Nothing when cancel() was called meanwhile; what was asked for goes on.
  api::Answer<std::optional<api::DrainView>> drain_group(const std::string& group, bool stop);
  api::Answer<api::UndrainView> undrain_group(const std::string& group);
  api::Answer<api::SimulationView> simulate(const std::vector<api::SimulationStep>& steps);
  // After the entry `at`, else the newest.
  api::Answer<api::ReplicaView> replica(std::optional<Position> at);
  api::Answer<api::ReplicaDiffView> diff_replica(Position from, std::optional<Position> to);
  // `is_dry_run`: only what would go.
  api::Answer<api::GcView> gc(bool is_dry_run);

  api::Answer<api::LogView> read_log(Position from, std::uint32_t limit);
  api::Answer<api::EntryView> show_entry(Position at);
  // `on_gap` gets the first and the last position that are gone.
  api::Answer<StreamEnd> follow_log(Position from,
                                    const std::function<bool(const api::LogEntryView&)>& on_entry,
                                    const std::function<bool(Position, Position)>& on_gap);

  // Ends the stream that is running, and every later one at once.
  void cancel();

 private:
  struct Parts;

  std::string address_;
  std::chrono::milliseconds timeout_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace onyx::cli
