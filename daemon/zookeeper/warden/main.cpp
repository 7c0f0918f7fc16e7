// onyxd-warden: ends the ZooKeeper sessions of an onyxd that has died, so that the others hear of it at once and not when the
// session's timeout has passed.
//
//   onyxd-warden              started by onyxd: tickets come on stdin; when it ends, those still open are closed
//   onyxd-warden --close FILE by systemd after onyxd: the tickets in the file, if it is there
//
// It has no threads, opens no files but that one, and ends when there is nothing more to do.
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>

#include "daemon/zookeeper/warden/close_session.h"
#include "daemon/zookeeper/warden/ticket.h"

namespace {

using onyx::zookeeper::Closed;
using onyx::zookeeper::Tickets;

// A session that cannot be closed by then is as good as expired.
constexpr std::chrono::seconds kPatience{8};

void take_lines(std::string& text, Tickets& tickets) {
  for (std::size_t end = 0; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1))
    tickets.take(text.substr(0, end));
  if (text.size() > onyx::zookeeper::kTicketLineMax) text.clear();
}

void read_to_the_end(int fd, Tickets& tickets) {
  std::string text;
  char block[onyx::zookeeper::kTicketLineMax];
  for (;;) {
    const ssize_t count = ::read(fd, block, sizeof block);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    text.append(block, static_cast<std::size_t>(count));
    take_lines(text, tickets);
  }
}

void read_file(const char* path, Tickets& tickets) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) tickets.take(line);
}

void close_all(const Tickets& tickets) {
  for (const auto& [session, ticket] : tickets.open()) {
    const Closed closed = onyx::zookeeper::close_session(ticket, kPatience);
    if (closed == Closed::was_over) continue;
    std::fprintf(stderr, "onyxd-warden: onyxd has died; its ZooKeeper session %#llx %s\n",
                 static_cast<unsigned long long>(session),
                 closed == Closed::closed ? "is closed" : "could not be closed: no server answers");
  }
}

}  // namespace

int main(int argc, char** argv) {
  // What is meant for onyxd, and for the whole of its group or unit, is not meant for us: we end when it has.
  for (const int one : {SIGTERM, SIGINT, SIGHUP, SIGPIPE, SIGQUIT}) ::signal(one, SIG_IGN);
  Tickets tickets;
  if (argc == 1) {
    read_to_the_end(STDIN_FILENO, tickets);
  } else if (argc == 3 && std::strcmp(argv[1], "--close") == 0) {
    read_file(argv[2], tickets);
  } else {
    std::fprintf(stderr, "onyxd-warden is started by onyxd; or onyxd-warden --close FILE\n");
    return 2;
  }
  close_all(tickets);
  return 0;
}
