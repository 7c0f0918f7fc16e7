// The identity behind ZooKeeper's digest scheme: "user:password" →
// "user:base64(sha1(user:password))".
#pragma once

#include <optional>
#include <string>

namespace onyx::zookeeper::embedded {

// Nothing when there is no ":" in the credentials.
std::optional<std::string> digest_identity(const std::string& credentials);

}  // namespace onyx::zookeeper::embedded
