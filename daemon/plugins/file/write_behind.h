// Writes a text file on a thread of its own, behind the worker that fills it, and starts it on its way to the disk while
// more comes, so that making it durable at the end is short.
//
// Shape:   append to buffer() and ask make_room() after each piece: a full buffer is handed over, and up to kBuffersMax wait to be
//          written. publish() makes the file durable and gives it its name.
// Thread:  the worker that steps the task calls; `wake` is called from the thread behind, when a call that said "not yet" is
//          worth repeating, and after an error. No call blocks but the destructor, which waits for what the disk is at.
// Errors:  the first one is kept, ends the writing, and is what every later call answers.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "common/base/result.h"
#include "daemon/concurrency/mutex.h"
#include "daemon/concurrency/named_thread.h"
#include "daemon/plugins/file/text_file.h"

namespace onyx::plugins::file {

class WriteBehind {
 public:
  // `may_act` as PluginContext has it: while it says no the file gets no name.
  WriteBehind(TextFile file, std::function<void()> wake, std::function<bool()> may_act = {});
  ~WriteBehind();  // what has not been published goes
  WriteBehind(const WriteBehind&) = delete;
  WriteBehind& operator=(const WriteBehind&) = delete;

  std::string& buffer() { return buffer_; }
  // False: the buffer is full and cannot be handed over yet, append nothing, ask again after wake().
  Result<bool> make_room();
  // True once everything that was appended is in the file.
  Result<bool> written();
  // True once the file stands under its name, durable; begins that at the first call.
  Result<bool> publish();
  std::uint64_t bytes() const { return handed_over_ + buffer_.size(); }  // appended so far

 private:
  static constexpr std::size_t kBufferBytes = 256 * 1024;
  static constexpr std::size_t kBuffersMax = 4;

  Result<bool> hand_over() ONYX_REQUIRES(mutex_);  // false: no room
  void start();
  void run();
  bool has_work() const ONYX_REQUIRES(mutex_);
  Result<void> give_name();

  TextFile file_;  // the thread's, once it runs
  const std::function<void()> wake_;
  const std::function<bool()> may_act_;
  concurrency::Mutex mutex_;
  concurrency::Condition changed_;
  std::deque<std::string> waiting_ ONYX_GUARDED_BY(mutex_);
  std::string spare_ ONYX_GUARDED_BY(mutex_);  // a written buffer, to be filled again
  bool is_writing_ ONYX_GUARDED_BY(mutex_) = false;
  bool is_asked_ ONYX_GUARDED_BY(mutex_) = false;  // a caller was told to come back
  bool is_to_publish_ ONYX_GUARDED_BY(mutex_) = false;
  bool is_published_ ONYX_GUARDED_BY(mutex_) = false;
  bool is_over_ ONYX_GUARDED_BY(mutex_) = false;
  std::optional<Error> error_ ONYX_GUARDED_BY(mutex_);
  // The caller's.
  std::string buffer_;
  std::uint64_t handed_over_ = 0;  // bytes
  bool is_started_ = false;        // the thread begins with the first buffer or the publication
  concurrency::NamedThread thread_;
};

}  // namespace onyx::plugins::file
