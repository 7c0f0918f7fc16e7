// Paths of znodes: absolute, "/"-separated, without empty, "." or ".." parts.
#pragma once

#include <string>
#include <string_view>

namespace onyx::zookeeper::embedded {

bool is_valid_path(std::string_view path);

// Of "/a/b": "/a"; of "/a": "/". The path is valid and not the root.
std::string_view parent_of(std::string_view path);
std::string_view name_in(std::string_view path);

}  // namespace onyx::zookeeper::embedded
