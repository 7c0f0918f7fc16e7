// Which watches a session may have on the server: what the client has to list anew after every reconnect, in one request that
// the server refuses when it is too large, for ever.
//
// Shape:   pure. Counted by path, as the list is: two watches of one path are one line in it. A path is counted until its watch
//          has fired, also when nobody waits for it any more: the server still has it.
// Units:   kWatchesMax paths of kWatchBytesMax bytes together (5,000 paths of 85 bytes still reconnect, 20,000 never do).
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace onyx::zookeeper {

inline constexpr std::size_t kWatchesMax = 1'000;
inline constexpr std::size_t kWatchBytesMax = 128 * 1024;

class WatchBudget {
 public:
  // False: there is no room; whoever wants to know has to ask again and again.
  bool admit(std::string_view path);
  void fired(std::string_view path);

  std::size_t count() const { return paths_.size(); }
  std::size_t bytes() const { return bytes_; }

 private:
  std::set<std::string, std::less<>> paths_;
  std::size_t bytes_ = 0;
};

}  // namespace onyx::zookeeper
