// Groups and peers as fields and rows; shared by the commands that show them.
#pragma once

#include <string>
#include <vector>

#include "cli/output/report.h"
#include "common/api/views.h"

namespace onyx::cli {

edn::Value value_of(const api::GroupView& group);
edn::Value value_of(const api::PeerView& peer);

// `is_short` cuts ids, for a terminal.
Table group_table(const std::vector<api::GroupView>& groups, bool is_short);
Table peer_table(const std::vector<api::PeerView>& peers, bool is_short);

// "[:db :gpu]"
std::string in_brackets(const std::vector<std::string>& texts);

}  // namespace onyx::cli
