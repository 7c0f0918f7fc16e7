# The ZooKeeper C client, as one imported static target zookeeper::client.
# Debian's package ships no CMake files. The static archive is used because it also exports the jute
# (de)serialisers that the in-memory server needs; the shared library does not.
find_path(ZOOKEEPER_INCLUDE_DIR zookeeper/zookeeper.h)
find_library(ZOOKEEPER_LIBRARY libzookeeper_mt.a)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ZooKeeper REQUIRED_VARS ZOOKEEPER_LIBRARY ZOOKEEPER_INCLUDE_DIR)
if(ZooKeeper_FOUND AND NOT TARGET zookeeper::client)
  add_library(zookeeper::client STATIC IMPORTED)
  set_target_properties(zookeeper::client PROPERTIES
    IMPORTED_LOCATION ${ZOOKEEPER_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES "${ZOOKEEPER_INCLUDE_DIR};${ZOOKEEPER_INCLUDE_DIR}/zookeeper"
    INTERFACE_COMPILE_DEFINITIONS THREADED
    INTERFACE_LINK_LIBRARIES Threads::Threads)
endif()
