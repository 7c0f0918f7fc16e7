// The 16 bytes in front of every frame's body, and their checks.
//
//      0  length of the body                 4 bytes
//      4  type                               1
//      5  number of the frame, low 24 bits   3      counts the frames of one direction of a connection, from 0
//      8  check of bytes 0 … 7               4      low half of XXH3-64, seed 0
//     12  check of the body                  4      low half of XXH3-64, seed: bytes 0 … 7
//
// Errors:  a head that does not check, an unknown type, a length beyond kBodyBytesMax, a number that is not the next.
#pragma once

#include <cstdint>
#include <span>

#include "common/base/result.h"
#include "daemon/messaging/wire/format.h"

namespace onyx::messaging::wire {

struct FrameHead {
  std::uint32_t length = 0;
  Type type = Type::heartbeat;
  std::uint32_t body_check = 0;
  std::uint64_t seed = 0;  // for the body's check
};

// `body` lies right behind the kHeaderBytes at `head`.
void write_head(std::uint8_t* head, Type type, std::uint64_t number, std::size_t length);

Result<FrameHead> read_head(const std::uint8_t* head, std::uint64_t number);
bool checks(const FrameHead& head, std::span<const std::uint8_t> body);

}  // namespace onyx::messaging::wire
