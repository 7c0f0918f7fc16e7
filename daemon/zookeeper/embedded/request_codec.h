// Frames of the ZooKeeper protocol: bytes to requests, replies and events to bytes.
//
// Shape:   a frame is what follows the four bytes of its length. Encoders return a whole frame,
//          length included.
// Errors:  a frame that is not one gives nothing; the connection it came on is to be closed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/zookeeper/embedded/jute.h"
#include "daemon/zookeeper/embedded/protocol.h"

namespace onyx::zookeeper::embedded {

// As jute.maxbuffer of ZooKeeper.
inline constexpr std::size_t kFrameBytesMax = 0xfffff;

struct RequestHeader {
  std::int32_t xid = 0;
  Op op = Op::error;
};

std::optional<ConnectRequest> decode_connect(std::string_view frame);
RequestHeader decode_header(JuteReader& in);
std::optional<AuthRequest> decode_auth(JuteReader& in);

// Nothing too when the operation is not one of ours; `known` tells the two apart.
std::optional<Request> decode_request(Op op, JuteReader& in, bool& known);

std::string encode_connect(const ConnectReply& reply);
std::string encode_reply(std::int32_t xid, Zxid zxid, const Reply& reply);
std::string encode_event(const WatchEvent& event);

}  // namespace onyx::zookeeper::embedded
