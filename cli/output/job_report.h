// Jobs and their reasons as fields, rows and sentences; shared by the commands that show them.
#pragma once

#include <string>
#include <vector>

#include "cli/output/report.h"
#include "common/api/views.h"

namespace onyx::cli {

edn::Value value_of(const std::vector<GroupId>& groups);
edn::Value value_of(const api::JobRef& ref);
edn::Value value_of(const api::JobView& view);
edn::Value value_of(const api::WhyView& view);

// "clicks 6f1c02d9", or the id alone for a job without a name.
std::string label_of(const api::JobRef& ref);
Cell state_cell(api::JobState state);

std::uint64_t segments_in(const api::JobView& view);   // of its input tasks
std::uint64_t segments_out(const api::JobView& view);  // of its output tasks
std::int32_t peers_of(const api::JobView& view);

// "completed in 3m 28s · 250,000 in · 64,102 out · 3 dropped", "killed after 1.2 s: …"
std::string outcome_of(const api::JobView& view);
// Message and data of the exception that killed it, as lines; empty when there is none.
std::string exception_lines(const api::JobView& view, const Paint& paint);
// The numbers behind a wait, as lines.
std::string need_lines(const api::WhyView& why, const Paint& paint);

}  // namespace onyx::cli
