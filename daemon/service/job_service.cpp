#include <fmt/format.h>

#include <algorithm>

#include "common/api/job_codec.h"
#include "daemon/service/handler.h"
#include "daemon/service/resolve.h"
#include "daemon/service/services.h"
#include "daemon/service/stream.h"
#include "onyx/v1/job_service.grpc.pb.h"

namespace onyx::service {
namespace {

using grpc::ServerContext;
using grpc::Status;

class AwaitStream final : public StreamWriter<v1::Job> {
 public:
  AwaitStream(OpenStreams& open, v1::AwaitRequest::Until until)
      : StreamWriter(open), until_(until) {}

  Answer<void> subscribe(Shared& shared, const JobId& id) {
    ONYX_ASSIGN_OR_RETURN(subscription_, shared.backend.watch_job(id, [this](JobView view) {
      {
        const std::lock_guard lock(mutex_);
        latest_ = std::move(view);
      }
      wake();
    }));
    return {};
  }

 private:
  Next next() override {
    if (is_last_sent_) return Status::OK;
    std::optional<JobView> view;
    {
      const std::lock_guard lock(mutex_);
      view.swap(latest_);
    }
    if (!view) return NothingNow{};
    is_last_sent_ = is_ended(view->ref.state) || (until_ == v1::AwaitRequest::UNTIL_RUNNING &&
                                                  view->ref.state == JobState::running);
    v1::Job message;
    encode(*view, &message);
    return message;
  }

  const v1::AwaitRequest::Until until_;
  bool is_last_sent_ = false;  // next() only
  std::mutex mutex_;
  std::optional<JobView> latest_;  // guarded by mutex_; a newer view replaces one not sent yet
  std::unique_ptr<Subscription> subscription_;  // last: ends before what its callback uses
};

Answer<void> check_size(const Source& document, const std::vector<Source>& more = {}) {
  if (more.size() > kFunctionFilesMax) {
    return failure(ErrorCode::resource_exhausted,
                   fmt::format("{} files of functions are more than the {} that one job may have",
                               more.size(), kFunctionFilesMax),
                   "NET-05");
  }
  std::size_t bytes = document.text.size();
  for (const Source& source : more) bytes += source.text.size();
  if (bytes <= kSourceBytesMax) return {};
  return failure(
      ErrorCode::resource_exhausted,
      fmt::format("{} bytes are more than the {} that one job may have", bytes, kSourceBytesMax),
      "NET-05");
}

class JobService final : public v1::JobService::WithCallbackMethod_Await<v1::JobService::Service> {
 public:
  JobService(Shared& shared, OpenStreams& open) : shared_(shared), open_(open) {}

  Status Validate(ServerContext*, const v1::ValidateRequest* request,
                  v1::ValidateResponse* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      std::vector<Source> functions;
      for (const v1::Source& source : request->functions()) functions.push_back(decode(source));
      const Source job = decode(request->job());
      ONYX_TRY(check_size(job, functions));
      ONYX_ASSIGN_OR_RETURN(const std::vector<edn::Diagnostic> found,
                            shared_.backend.validate(job, functions));
      for (const edn::Diagnostic& diagnostic : found) {
        encode(diagnostic, response->add_diagnostics());
      }
      return {};
    });
  }

  Status Submit(ServerContext* context, const v1::SubmitRequest* request,
                v1::SubmitResponse* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      const SubmitRequest submission = decode(*request);
      ONYX_TRY(check_size(submission.job, submission.functions));
      ONYX_ASSIGN_OR_RETURN(const SubmitView view,
                            shared_.backend.submit(submission, call_of(*context, shared_)));
      encode(view, response);
      return {};
    });
  }

  Status Kill(ServerContext* context, const v1::KillRequest* request,
              v1::KillResponse* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      ONYX_ASSIGN_OR_RETURN(const JobId id, resolve(request->job()));
      ONYX_ASSIGN_OR_RETURN(const KillView view, shared_.backend.kill(id, request->reason(),
                                                                      call_of(*context, shared_)));
      encode(view, response);
      return {};
    });
  }

  grpc::ServerWriteReactor<v1::Job>* Await(grpc::CallbackServerContext*,
                                           const v1::AwaitRequest* request) override {
    auto stream = std::make_unique<AwaitStream>(open_, request->until());
    const Status started = handle(shared_, *request, [&]() -> Answer<void> {
      ONYX_ASSIGN_OR_RETURN(const JobId id, resolve(request->job()));
      return stream->subscribe(shared_, id);
    });
    if (!started.ok()) return new EndedStream<v1::Job>(started);
    return stream.release()->start();
  }

  Status Get(ServerContext*, const v1::GetJobRequest* request, v1::Job* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      ONYX_ASSIGN_OR_RETURN(const JobId id, resolve(request->job()));
      ONYX_ASSIGN_OR_RETURN(const JobView view, shared_.backend.get_job(id));
      encode(view, response);
      return {};
    });
  }

  Status List(ServerContext*, const v1::ListJobsRequest* request,
              v1::ListJobsResponse* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      for (const JobView& view : shared_.backend.list_jobs()) {
        const v1::JobState state = encode(view.ref.state);
        const auto& wanted = request->states();
        response->set_as_of_position(std::max(response->as_of_position(), view.as_of_position));
        response->set_as_of_ms(std::max(response->as_of_ms(), view.as_of_ms));
        if (wanted.empty() || std::find(wanted.begin(), wanted.end(), state) != wanted.end()) {
          encode(view, response->add_jobs());
        }
      }
      return {};
    });
  }

  Status ExplainJob(ServerContext*, const v1::ExplainJobRequest* request,
                    v1::Why* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      const Answer<JobId> id = resolve(request->job());
      // A job that is on its way is in no list yet.
      const auto asked = id ? std::optional(*id) : full_id(request->job());
      if (!asked) return tl::unexpected<Refusal>(id.error());
      const Answer<WhyView> view = shared_.backend.why(*asked);
      if (!view) return tl::unexpected<Refusal>(id ? view.error() : id.error());
      encode(*view, response);
      return {};
    });
  }

  Status Output(ServerContext*, const v1::OutputRequest* request,
                v1::OutputResponse* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      ONYX_ASSIGN_OR_RETURN(const JobId id, resolve(request->job()));
      ONYX_ASSIGN_OR_RETURN(const OutputView view,
                            shared_.backend.job_output(id, request->task(), request->limit()));
      encode(view, response);
      return {};
    });
  }

  Status RunCase(ServerContext* context, const v1::RunCaseRequest* request,
                 v1::RunCaseResponse* response) override {
    return handle(shared_, *request, [&]() -> Answer<void> {
      const CaseRequest wanted = decode(*request);
      ONYX_TRY(check_size(wanted.text));
      ONYX_ASSIGN_OR_RETURN(const CaseView view,
                            shared_.backend.run_case(wanted, call_of(*context, shared_, kCaseMax)));
      encode(view, response);
      return {};
    });
  }

 private:
  Answer<JobId> resolve(const std::string& typed) {
    return resolve_job(typed, shared_.backend.job_refs());
  }

  Shared& shared_;
  OpenStreams& open_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_job_service(Shared& shared, OpenStreams& open) {
  return std::make_unique<JobService>(shared, open);
}

}  // namespace onyx::service
