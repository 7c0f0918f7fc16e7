#include <algorithm>
#include <atomic>
#include <deque>

#include "common/api/log_codec.h"
#include "daemon/service/handler.h"
#include "daemon/service/services.h"
#include "daemon/service/stream.h"
#include "onyx/v1/log_service.grpc.pb.h"

namespace onyx::service {
namespace {

using grpc::ServerContext;
using grpc::Status;

constexpr std::uint32_t kFollowChunk = 100;

// -5 is the fifth entry from the end.
Answer<Position> start_of(Backend& backend, Position from) {
  if (from >= 0) return from;
  ONYX_ASSIGN_OR_RETURN(const LogView end, backend.read_log(0, 1));
  return std::max(end.origin, end.newest + 1 + from);
}

// Reads as the client takes, so that a slow one costs one chunk; only the newest position is told to it.
class FollowStream final : public StreamWriter<v1::LogEvent> {
 public:
  FollowStream(OpenStreams& open, Shared& shared, Position from)
      : StreamWriter(open), shared_(shared), at_(from) {}

  void subscribe() {
    subscription_ = shared_.backend.watch_log([this](Position newest) {
      newest_.store(newest);
      wake();
    });
  }

 private:
  Next next() override {
    if (entries_.empty() && at_ <= newest_.load()) {
      Answer<LogView> read = shared_.backend.read_log(at_, kFollowChunk);
      if (!read) return status_of(shared_, read.error());
      entries_.assign(std::make_move_iterator(read->entries.begin()),
                      std::make_move_iterator(read->entries.end()));
      const Position found = entries_.empty() ? read->origin : entries_.front().position;
      if (found > at_) {  // gc was faster than this reader
        v1::LogEvent event;
        event.mutable_gap()->set_from(at_);
        event.mutable_gap()->set_to(found - 1);
        at_ = found;
        return event;
      }
    }
    if (entries_.empty()) return NothingNow{};
    v1::LogEvent event;
    encode(entries_.front(), event.mutable_entry());
    at_ = entries_.front().position + 1;
    entries_.pop_front();
    return event;
  }

  Shared& shared_;
  Position at_;                       // next() only: the position to send next
  std::deque<LogEntryView> entries_;  // next() only: read, not sent; from at_ on
  std::atomic<Position> newest_{-1};
  std::unique_ptr<Subscription> subscription_;  // last: ends before what its callback uses
};

class LogService final : public v1::LogService::WithCallbackMethod_Follow<v1::LogService::Service> {
 public:
  LogService(Shared& shared, OpenStreams& open) : shared_(shared), open_(open) {}

  Status Read(ServerContext*, const v1::ReadLogRequest* request,
              v1::ReadLogResponse* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      ONYX_ASSIGN_OR_RETURN(const Position from, start_of(shared_.backend, request->from()));
      const std::uint32_t limit = request->limit() == 0 ? kLogReadMax : request->limit();
      ONYX_ASSIGN_OR_RETURN(const LogView view,
                            shared_.backend.read_log(from, std::min(limit, kLogReadMax)));
      encode(view, response);
      return {};
    });
  }

  Status Show(ServerContext* context, const v1::ShowEntryRequest* request,
              v1::ShowEntryResponse* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      ONYX_ASSIGN_OR_RETURN(
          const EntryView view,
          shared_.backend.show_entry(request->position(), call_of(*context, shared_)));
      encode(view, response);
      return {};
    });
  }

  grpc::ServerWriteReactor<v1::LogEvent>* Follow(grpc::CallbackServerContext*,
                                                 const v1::FollowLogRequest* request) override {
    std::unique_ptr<FollowStream> stream;
    const Status started = handle(shared_, *request, [&]() -> Answer<void> {
      ONYX_ASSIGN_OR_RETURN(const Position from, start_of(shared_.backend, request->from()));
      stream = std::make_unique<FollowStream>(open_, shared_, from);
      stream->subscribe();
      return {};
    });
    if (!started.ok()) return new EndedStream<v1::LogEvent>(started);
    return stream.release()->start();
  }

 private:
  Shared& shared_;
  OpenStreams& open_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_log_service(Shared& shared, OpenStreams& open) {
  return std::make_unique<LogService>(shared, open);
}

}  // namespace onyx::service
