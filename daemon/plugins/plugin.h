// What an input or output is to the task that drives it.
//
// Shape:   a plugin is made by a factory found under the keyword of `:onyx/plugin` and sees one task on one peer. Calls come in
//          this order, never two at once:
//              start, { recover, { poll* | write* }, synced*, checkpoint, checkpointed* }*, stop
//          recover(version, nil) means "from the beginning, as configured": an output drops what it has not published.
// Thread:  the worker that steps the task, but for progress(), which any thread may call. No call may block: what has to wait
//          answers `none_now` / `later` and calls PluginContext::wake from wherever it learns that there is more.
// Errors:  an Error is an exception of the task: lifecycle handlers are asked, the default kills the job.
// Source:  Onyx plugin protocols; docs/plugins.md.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "common/base/result.h"
#include "common/edn/value.h"

namespace onyx::plugins {

// Everything a plugin may know about where it runs.
struct PluginContext {
  std::string tenancy;
  JobId job;
  TaskId task;
  SlotId slot = 0;
  SlotId slots = 1;  // peers of this task in this version
  ReplicaVersion version = -1;
  edn::Value catalog_entry;  // the task's map, with all its keys
  edn::Value event;          // what before-task-start hooks left: keys such as :seq/seq
  std::size_t batch_size = 1;
  std::vector<std::string> file_roots;   // canonical; files may be in these, "/" allows any
  std::function<void()> wake;            // any thread: this task has something to do again
  std::function<void(std::string)> log;  // a line for the task's log
  // Any thread: false while this daemon may have lost its place to another. A plugin that acts on a thread of its own asks
  // right before what others would notice. None: always true.
  std::function<bool()> may_act;
};

// Counters that `onyxctl job status` shows; a snapshot.
struct Progress {
  std::uint64_t records = 0;  // read or written
  std::uint64_t bytes = 0;
  std::uint64_t bytes_total = 0;  // of a finite input; 0 when unknown
  std::uint64_t bad_records = 0;  // skipped or sent to a dead-letter file
};

enum class Polled : std::uint8_t {
  ready,     // there may be more at once, whether segments were added or not
  none_now,  // nothing yet; wake() will be called
  done,      // nothing will ever come again
};

enum class Wrote : std::uint8_t {
  all,    // the batch was taken over
  later,  // not all: call again with what is left after wake()
};

class Input {
 public:
  virtual ~Input() = default;
  virtual Result<void> start() { return {}; }
  virtual Result<void> recover(ReplicaVersion version, const edn::Value& checkpoint) = 0;
  // Adds at most `limit` segments to `out`.
  virtual Result<Polled> poll(std::vector<edn::Value>& out, std::size_t limit) = 0;
  virtual Result<bool> synced(Epoch) { return true; }
  virtual edn::Value checkpoint() { return {}; }
  // As Output's.
  virtual Result<bool> checkpointed(Epoch) { return true; }
  virtual void stop() {}
  virtual Progress progress() const { return {}; }
};

class Output {
 public:
  virtual ~Output() = default;
  virtual Result<void> start() { return {}; }
  virtual Result<void> recover(ReplicaVersion version, const edn::Value& checkpoint) = 0;
  // Takes segments from the front of `batch` and removes them from it.
  virtual Result<Wrote> write(std::vector<edn::Value>& batch) = 0;
  // True once everything written before is as durable as it gets before publication.
  virtual Result<bool> synced(Epoch) { return true; }
  virtual edn::Value checkpoint() { return {}; }
  // The epoch is complete for the whole job: publish what was written up to it. Idempotent. False: not finished,
  // ask again after wake().
  virtual Result<bool> checkpointed(Epoch) { return true; }
  virtual void stop() {}
  virtual Progress progress() const { return {}; }
};

}  // namespace onyx::plugins
