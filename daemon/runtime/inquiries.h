// What the daemons of a tenancy ask each other: how far their peers are with jobs, and what the seq outputs there have written.
//
//      service ──▶ ask ──▶ transport ~~~~ transport ──▶ [queue] ──▶ answer: launcher, output store
//         ▲                    │                                       │
//         └──── [mailbox] ◀────┘◀~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~┘
//
// Shape:   of a job that runs, the groups with its peers are asked; of one that has ended, all. What this daemon knows is part of
//          what is heard. Questions and answers are EDN (docs/design/transport.md). A group that does not answer in time is
//          named, and what the others said counts.
// Thread:  the calls from any but the transport's; they wait at most until their deadline. Answers are made on a thread of
//          its own, as a large one takes a while.
// Errors:  none but silence: a group that is gone, refuses, or says what cannot be read, is silent.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/ids.h"
#include "daemon/concurrency/bounded_queue.h"
#include "daemon/concurrency/named_thread.h"
#include "daemon/messaging/transport.h"
#include "daemon/plugins/seq/output_store.h"
#include "daemon/replica/replica.h"
#include "daemon/runtime/task_launcher.h"

namespace onyx::runtime {

struct HeardReports {
  std::map<JobId, std::map<GroupId, JobReport>> of;  // of those that have worked on the job
  std::map<JobId, std::set<GroupId>> silent;
};

// What a group says of itself.
struct GroupReport {
  std::string version;     // of its daemon
  Position position = -1;  // newest entry it has applied
  std::int64_t stale =
      0;  // came under an allocation that was over, and was refused; since its daemon started
};

// What the seq outputs of one job on one daemon have written.
struct OutputReport {
  std::vector<TaskId> tasks;    // that have a seq output there
  ReplicaVersion version = -1;  // of the allocation under which the one asked for was written last
  std::uint64_t written = 0;    // to the one asked for
  std::vector<std::string> segments;  // its newest ones, printed, the oldest of them first
};
struct HeardOutputs {
  std::map<GroupId, OutputReport> of;
  std::set<GroupId> silent;
};

class Inquiries {
 public:
  // `transport` may be null: there is nobody to ask. All outlive this.
  Inquiries(GroupId self, messaging::Transport* transport, const TaskLauncher& launcher,
            std::shared_ptr<const plugins::OutputStore> outputs,
            std::function<GroupReport()> about_self);
  ~Inquiries();  // close()

  // Answers no more, and asks no more.
  void close();

  // Of this group.
  GroupReport own() const;
  // Of the joined groups, this one too; without those that are silent.
  std::map<GroupId, GroupReport> groups(const replica::Replica& replica, Instant deadline);
  HeardReports reports(const replica::Replica& replica, const std::vector<JobId>& jobs,
                       Instant deadline);
  // `limit` 0: all that are kept, as far as they come to some megabytes.
  HeardOutputs outputs(const replica::Replica& replica, const JobId& job, const TaskId& task,
                       std::size_t limit, Instant deadline);

 private:
  struct Question {
    std::string text;
    messaging::Answer answer;
  };
  struct Asked {
    messaging::Site site;
    std::string question;
  };

  // What came of each until the deadline; none: silence.
  std::vector<std::optional<edn::Value>> ask(const std::vector<Asked>& asked, Instant deadline);
  Result<std::string> answer_to(const std::string& question) const;
  std::set<GroupId> groups_to_ask(const replica::Replica& replica, const JobId& job) const;

  const GroupId self_;
  messaging::Transport* const transport_;
  const TaskLauncher& launcher_;
  const std::shared_ptr<const plugins::OutputStore> outputs_;  // null: none
  const std::function<GroupReport()> about_self_;              // any thread
  mutable concurrency::Mutex mutex_;
  bool is_closed_ ONYX_GUARDED_BY(mutex_) = false;
  concurrency::BoundedQueue<Question> queue_{10'000};
  concurrency::NamedThread thread_;
};

}  // namespace onyx::runtime
