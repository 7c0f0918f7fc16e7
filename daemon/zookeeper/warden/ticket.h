// What it takes to end a ZooKeeper session from another process, and the lines in which that is handed over.
//
// Shape:   a line opens a ticket ("open ID PASSWORD SERVERS") or takes it back ("closed ID"); numbers and password in hex. A
//          file of tickets holds the lines of those that are open.
// Units:   a line is at most kTicketLineMax bytes, so a pipe takes it whole.
// Errors:  a line that is none is ignored: who reads it has nobody to tell.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace onyx::zookeeper {

inline constexpr std::size_t kTicketLineMax = 4'096;

struct Ticket {
  std::int64_t session = 0;
  std::string password;  // 16 bytes, any
  std::string servers;   // "host:port,host:port"
  bool operator==(const Ticket&) const = default;
};

std::string open_line(const Ticket& ticket);
std::string closed_line(std::int64_t session);

// The sessions that are open after some lines.
class Tickets {
 public:
  void take(std::string_view line);
  const std::map<std::int64_t, Ticket>& open() const { return open_; }
  std::string text() const;  // the lines that open them

 private:
  std::map<std::int64_t, Ticket> open_;
};

}  // namespace onyx::zookeeper
