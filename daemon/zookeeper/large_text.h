// Texts too large for one znode: numbered parts under the SHA-256 of the whole, and a manifest
// where the text would be.
//
// Shape:   a text of at most kInlineBytesMax is stored as it is. Parts are named by content, so
//          that whoever writes the same text writes the same znodes, and a writer that died on the
//          way is completed by the next.
// Errors:  not_found: a part is gone, because whoever points here has moved on: read the pointer
//          again. internal: what is stored is not what was written.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"
#include "daemon/zookeeper/client/session.h"
#include "daemon/zookeeper/paths.h"

namespace onyx::zookeeper {

inline constexpr std::size_t kInlineBytesMax = 512 * 1024;

bool is_inline(std::string_view text);

// Writes the parts, if the text needs any; returns what to store in its place.
Result<std::string> store_large(Session& session, const Paths& paths, std::string_view text);

// The text behind what is stored.
Result<std::string> load_large(Session& session, const Paths& paths, std::string stored);

// Deletes the parts behind what was stored, if there are any.
Result<void> drop_large(Session& session, const Paths& paths, std::string_view stored);

}  // namespace onyx::zookeeper
