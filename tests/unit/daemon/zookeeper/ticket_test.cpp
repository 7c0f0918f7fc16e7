#include "daemon/zookeeper/warden/ticket.h"

#include <catch2/catch.hpp>

namespace onyx::zookeeper {
namespace {

const Ticket kTicket{-2, std::string("\0\n \xff 567890123456", 16), "a:1,b:2"};

std::string_view line_of(const std::string& text) {
  return std::string_view(text).substr(0, text.size() - 1);
}

}  // namespace

TEST_CASE("tickets: a line carries any session and password, and a later one takes it back",
          "[session][warden]") {
  Tickets tickets;
  tickets.take(line_of(open_line(kTicket)));
  CHECK(open_line(kTicket).find('\n') == open_line(kTicket).size() - 1);
  REQUIRE(tickets.open().size() == 1);
  CHECK(tickets.open().at(-2) == kTicket);
  CHECK(tickets.text() == open_line(kTicket));
  tickets.take(line_of(closed_line(7)));
  CHECK(tickets.open().size() == 1);
  tickets.take(line_of(closed_line(-2)));
  CHECK(tickets.open().empty());
}

TEST_CASE("tickets: what is no ticket is none", "[session][warden]") {
  Tickets tickets;
  for (const char* line : {"", "open", "open 1", "open 1 00", "open 1 0 a:1", "open x 00 a:1",
                           "open 1 zz a:1", "open 0 00 a:1", "shut 1 00 a:1"}) {
    tickets.take(line);
    CHECK(tickets.open().empty());
  }
}

}  // namespace onyx::zookeeper
