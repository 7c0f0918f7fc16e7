// Which files a path means, and whether the daemon may touch them.
//
// Errors:  not_found for an input that matches nothing; permission_denied for a file outside the daemon's roots, judged after
//          links are resolved.
#pragma once

#include <string>
#include <vector>

#include "common/base/ids.h"
#include "common/base/result.h"

namespace onyx::plugins::file {

// A file, the files a glob matches, or the files in a directory, canonical, in the order of their names.
Result<std::vector<std::string>> input_files(const std::string& path,
                                             const std::vector<std::string>& roots);

// The canonical path of a file that may not exist yet; its directory must.
Result<std::string> output_file(const std::string& path, const std::vector<std::string>& roots);

// "out.jsonl" for the only peer of a task, "out-2.jsonl" for the third of several.
std::string path_of_slot(const std::string& path, SlotId slot, SlotId slots);

}  // namespace onyx::plugins::file
