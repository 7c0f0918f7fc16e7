// The sending half of a server stream, as gRPC's callback API wants it: at most one write outstanding, the next one
// asked for when it is needed, so that a slow reader holds at most one message here.
//
// Shape:   next() gives a message, nothing now, or the end; wake() says that next() may have more. It deletes itself
//          when gRPC is done with it; what calls wake() is a member of the derived class and so ends before.
// Thread:  wake() and stop() from any; next() is never called twice at once.
#pragma once

#include <grpcpp/support/server_callback.h>

#include <chrono>
#include <mutex>
#include <optional>
#include <set>
#include <utility>
#include <variant>

namespace onyx::service {

// Streams that are open, so that a shutdown can end them at once.
class OpenStreams {
 public:
  class Stream {
   public:
    virtual ~Stream() = default;
    virtual void stop() = 0;
  };

  void add(Stream* stream) {
    const std::lock_guard lock(mutex_);
    streams_.insert(stream);
    if (is_stopped_) stream->stop();
  }
  void remove(Stream* stream) {
    const std::lock_guard lock(mutex_);
    streams_.erase(stream);
  }
  void stop() {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
    for (Stream* stream : streams_) stream->stop();
  }

 private:
  std::mutex mutex_;
  bool is_stopped_ = false;
  std::set<Stream*> streams_;
};

struct NothingNow {};

template <class Message>
class StreamWriter : public grpc::ServerWriteReactor<Message>, public OpenStreams::Stream {
 public:
  using Next = std::variant<NothingNow, Message, grpc::Status>;

  explicit StreamWriter(OpenStreams& open) : open_(open) {}

  // Once, when the object is complete; nothing is sent before.
  StreamWriter* start() {
    {
      const std::lock_guard lock(mutex_);
      is_busy_ = false;
    }
    open_.add(this);
    wake();
    return this;
  }

  void wake() { advance(false); }

  void stop() override {
    {
      const std::lock_guard lock(mutex_);
      if (!end_) end_ = grpc::Status(grpc::StatusCode::UNAVAILABLE, "the daemon is shutting down");
    }
    advance(false);
  }

  void OnWriteDone(bool ok) override {
    if (!ok) {
      const std::lock_guard lock(mutex_);
      end_ = grpc::Status::CANCELLED;
    }
    advance(true);
  }

  void OnCancel() override {
    {
      const std::lock_guard lock(mutex_);
      end_ = grpc::Status::CANCELLED;
    }
    advance(false);
  }

  void OnDone() override {
    open_.remove(this);
    delete this;
  }

 protected:
  virtual Next next() = 0;

 private:
  // `is_written`: the outstanding write is over.
  void advance(bool is_written) {
    {
      const std::lock_guard lock(mutex_);
      if (is_written) is_writing_ = false;
      if (is_finished_) return;
      if (is_busy_) {  // somebody is in next(); it looks again
        is_woken_ = true;
        return;
      }
      is_busy_ = true;
    }
    for (;;) {
      bool may_ask = false;
      {
        const std::lock_guard lock(mutex_);
        is_woken_ = false;
        if (end_ && !is_writing_) {
          is_finished_ = true;
          is_busy_ = false;
        } else {
          may_ask = !is_writing_ && !end_;
        }
      }
      if (is_finished_) {
        this->Finish(*end_);  // `this` may be gone from here on
        return;
      }
      if (may_ask) {
        Next step = next();
        const std::lock_guard lock(mutex_);
        if (auto* message = std::get_if<Message>(&step)) {
          message_ = std::move(*message);
          is_writing_ = true;
          this->StartWrite(&message_);
        } else if (auto* status = std::get_if<grpc::Status>(&step)) {
          if (!end_) end_ = *status;
          is_woken_ = true;
        }
      }
      const std::lock_guard lock(mutex_);
      if (!is_woken_) {
        is_busy_ = false;
        return;
      }
    }
  }

  OpenStreams& open_;
  std::mutex mutex_;
  // Guarded by mutex_; written by the one who is busy.
  bool is_busy_ = true;  // until start()
  bool is_woken_ = false;
  bool is_writing_ = false;
  bool is_finished_ = false;
  std::optional<grpc::Status> end_;
  Message message_;
};

// A stream that ends before it began.
template <class Message>
class EndedStream final : public grpc::ServerWriteReactor<Message> {
 public:
  explicit EndedStream(const grpc::Status& status) { this->Finish(status); }
  void OnDone() override { delete this; }
};

}  // namespace onyx::service
