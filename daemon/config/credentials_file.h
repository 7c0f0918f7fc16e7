// The secret a daemon shows to ZooKeeper, from a file of its own: never in a flag or in the configuration, which others may read.
//
// Shape:   one line, USER:PASSWORD.
// Errors:  CFG-11: it is missing, no regular file, readable or writable by others than its owner, or not such a line. The
//          message never has the content.
#pragma once

#include <string>

#include "common/base/result.h"

namespace onyx::config {

Result<std::string> read_credentials(const std::string& path);

}  // namespace onyx::config
