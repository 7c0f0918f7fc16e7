// Jobs to their messages and back.
#pragma once

#include "common/api/views.h"
#include "onyx/v1/job.pb.h"
#include "onyx/v1/job_service.pb.h"

namespace onyx::api {

v1::JobState encode(JobState state);
JobState decode(v1::JobState state);  // unspecified: submitted

void encode(const Source& source, v1::Source* message);
Source decode(const v1::Source& message);

void encode(const JobRef& ref, v1::JobRef* message);
JobRef decode(const v1::JobRef& message);

void encode(const JobView& view, v1::Job* message);
JobView decode(const v1::Job& message);

void encode(const WhyView& view, v1::Why* message);
WhyView decode(const v1::Why& message);

void encode(const SubmitRequest& request, v1::SubmitRequest* message);
SubmitRequest decode(const v1::SubmitRequest& message);
void encode(const SubmitView& view, v1::SubmitResponse* message);
SubmitView decode(const v1::SubmitResponse& message);

void encode(const KillView& view, v1::KillResponse* message);
KillView decode(const v1::KillResponse& message);

void encode(const OutputView& view, v1::OutputResponse* message);
OutputView decode(const v1::OutputResponse& message);

void encode(const CaseRequest& request, v1::RunCaseRequest* message);
CaseRequest decode(const v1::RunCaseRequest& message);
void encode(const CaseView& view, v1::RunCaseResponse* message);
CaseView decode(const v1::RunCaseResponse& message);

}  // namespace onyx::api
