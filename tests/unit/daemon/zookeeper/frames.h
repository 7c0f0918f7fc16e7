// Frames as a client of ZooKeeper sends them, for the tests of the in-memory server.
#pragma once

#include <string>
#include <string_view>

#include "daemon/zookeeper/embedded/jute.h"
#include "daemon/zookeeper/embedded/protocol.h"

namespace onyx::zookeeper::embedded {

inline std::string hello(SessionId session = 0, std::string_view password = std::string(16, '\0'),
                         std::int32_t timeout_ms = 1'000, Zxid seen = 0) {
  JuteWriter out;
  out.integer(0);
  out.long_integer(seen);
  out.integer(timeout_ms);
  out.long_integer(session);
  out.text(password);
  out.boolean(false);
  return out.take();
}

inline JuteWriter request(std::int32_t xid, Op op) {
  JuteWriter out;
  out.integer(xid);
  out.integer(static_cast<std::int32_t>(op));
  return out;
}

inline std::string create_frame(std::int32_t xid, std::string_view path, std::int32_t flags = 0) {
  JuteWriter out = request(xid, Op::create);
  out.text(path);
  out.text("data");
  out.integer(1);
  out.integer(31);
  out.text("world");
  out.text("anyone");
  out.integer(flags);
  return out.take();
}

inline std::string exists_frame(std::int32_t xid, std::string_view path, bool watch = false) {
  JuteWriter out = request(xid, Op::exists);
  out.text(path);
  out.boolean(watch);
  return out.take();
}

inline std::string with_length(const std::string& frame) {
  JuteWriter out;
  out.text(frame);
  return out.take();
}

// Of a frame with its length: xid, zxid and code of a reply.
struct ReplyHeader {
  std::int32_t xid = 0;
  Zxid zxid = 0;
  Code code = Code::ok;
  bool operator==(const ReplyHeader&) const = default;
};

inline ReplyHeader header_of(std::string_view framed) {
  JuteReader in(framed.substr(4));
  ReplyHeader header;
  header.xid = in.integer();
  header.zxid = in.long_integer();
  header.code = Code{in.integer()};
  return header;
}

}  // namespace onyx::zookeeper::embedded
