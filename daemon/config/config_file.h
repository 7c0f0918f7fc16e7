// The configuration file's text, if it may be trusted.
//
// Errors:  not_found, permission_denied, invalid_argument, with the path and what to do: it is missing, cannot be read, is a
//          directory, is longer than the EDN reader takes, or anybody may write to it.
#pragma once

#include <string>

#include "common/base/result.h"

namespace onyx::config {

Result<std::string> read_config_file(const std::string& path);

}  // namespace onyx::config
