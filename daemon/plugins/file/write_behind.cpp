#include "daemon/plugins/file/write_behind.h"

#include <chrono>
#include <utility>

namespace onyx::plugins::file {

using concurrency::MutexLock;

namespace {

// Nobody says when it may act again.
constexpr std::chrono::milliseconds kHeldLook{20};

}  // namespace

WriteBehind::WriteBehind(TextFile file, std::function<void()> wake, std::function<bool()> may_act)
    : file_(std::move(file)), wake_(std::move(wake)), may_act_(std::move(may_act)) {}

WriteBehind::~WriteBehind() {
  {
    MutexLock lock(mutex_);
    is_over_ = true;
    changed_.notify_one();
  }
  thread_.join();
}

Result<bool> WriteBehind::make_room() {
  if (buffer_.size() < kBufferBytes) return true;
  MutexLock lock(mutex_);
  return hand_over();
}

Result<bool> WriteBehind::written() {
  MutexLock lock(mutex_);
  ONYX_ASSIGN_OR_RETURN(const bool is_all_handed_over, hand_over());
  if (!is_all_handed_over) return false;
  is_asked_ = is_writing_ || !waiting_.empty();
  return !is_asked_;
}

Result<bool> WriteBehind::publish() {
  MutexLock lock(mutex_);
  ONYX_ASSIGN_OR_RETURN(const bool is_all_handed_over, hand_over());
  if (!is_all_handed_over) return false;
  if (is_published_) return true;
  is_to_publish_ = is_asked_ = true;
  changed_.notify_one();
  start();
  return false;
}

Result<bool> WriteBehind::hand_over() {
  if (error_.has_value()) return failure(*error_);
  if (buffer_.empty()) return true;
  if (waiting_.size() >= kBuffersMax) {
    is_asked_ = true;
    return false;
  }
  handed_over_ += buffer_.size();
  waiting_.push_back(std::exchange(buffer_, std::exchange(spare_, {})));
  changed_.notify_one();
  start();
  return true;
}

void WriteBehind::start() {
  if (is_started_) return;
  is_started_ = true;
  thread_ = concurrency::NamedThread("file-write", [this] { run(); });
}

bool WriteBehind::has_work() const {
  return !waiting_.empty() || (is_to_publish_ && !is_published_);
}

// A daemon that may have lost its place to another gives no file its name; asked right before, as the disk may have taken long.
Result<void> WriteBehind::give_name() {
  ONYX_TRY(file_.make_durable());
  while (may_act_ && !may_act_()) {
    MutexLock lock(mutex_);
    if (is_over_) return failure(ErrorCode::aborted, "the job stops before its file has a name");
    changed_.wait_until(mutex_, std::chrono::steady_clock::now() + kHeldLook);
  }
  return file_.publish();
}

// Buffers in their order, then the publication; nothing more after an error.
void WriteBehind::run() {
  for (;;) {
    std::optional<std::string> text;
    {
      MutexLock lock(mutex_);
      while (!is_over_ && (error_.has_value() || !has_work())) changed_.wait(mutex_);
      if (is_over_) return;
      if (!waiting_.empty()) {
        text.emplace(std::move(waiting_.front()));
        waiting_.pop_front();
      }
      is_writing_ = true;
    }
    Result<void> done;
    if (text.has_value()) {
      file_.buffer().swap(*text);
      done = file_.flush();
      if (done.has_value()) file_.start_writing_back();
      file_.buffer().swap(*text);  // its room is used again
    } else {
      done = give_name();
    }
    bool is_asked = false;
    {
      MutexLock lock(mutex_);
      is_writing_ = false;
      if (!done.has_value()) {
        error_ = std::move(done).error();
      } else if (text.has_value()) {
        spare_ = std::move(*text);
      } else {
        is_published_ = true;
      }
      is_asked = std::exchange(is_asked_, false) || error_.has_value();
    }
    if (is_asked) wake_();
  }
}

}  // namespace onyx::plugins::file
