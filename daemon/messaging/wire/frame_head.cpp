#include "daemon/messaging/wire/frame_head.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <cstring>

namespace onyx::messaging::wire {

namespace {

constexpr std::uint64_t kNumberMask = 0xff'ffff;

std::uint64_t first_half(std::size_t length, Type type, std::uint64_t number) {
  return static_cast<std::uint64_t>(length) |
         static_cast<std::uint64_t>(static_cast<std::uint8_t>(type)) << 32 |
         (number & kNumberMask) << 40;
}

std::uint32_t check_of_head(std::uint64_t first) {
  return static_cast<std::uint32_t>(XXH3_64bits(&first, sizeof first));
}

std::uint32_t check_of_body(const std::uint8_t* body, std::size_t length, std::uint64_t seed) {
  return static_cast<std::uint32_t>(XXH3_64bits_withSeed(body, length, seed));
}

}  // namespace

void write_head(std::uint8_t* head, Type type, std::uint64_t number, std::size_t length) {
  const std::uint64_t first = first_half(length, type, number);
  const std::uint32_t checks[] = {check_of_head(first),
                                  check_of_body(head + kHeaderBytes, length, first)};
  std::memcpy(head, &first, 8);
  std::memcpy(head + 8, checks, 8);
}

Result<FrameHead> read_head(const std::uint8_t* head, std::uint64_t number) {
  std::uint64_t first = 0;
  std::uint32_t checks[2];
  std::memcpy(&first, head, 8);
  std::memcpy(checks, head + 8, 8);
  if (check_of_head(first) != checks[0]) {
    return failure(ErrorCode::invalid_argument,
                   fmt::format("the head of frame {} is damaged", number), "NET-25");
  }
  FrameHead read;
  read.length = static_cast<std::uint32_t>(first);
  read.type = static_cast<Type>(first >> 32 & 0xff);
  read.body_check = checks[1];
  read.seed = first;
  if (first >> 40 != (number & kNumberMask)) {
    return failure(ErrorCode::invalid_argument,
                   fmt::format("frame {} is expected, number {} came", number, first >> 40),
                   "NET-26");
  }
  const auto type = static_cast<std::uint8_t>(read.type);
  if (type == 0 || type > kTypeMax) {
    return failure(ErrorCode::invalid_argument,
                   fmt::format("frame {} has the unknown type {}", number, type), "NET-27");
  }
  if (read.length > kBodyBytesMax) {
    return failure(
        ErrorCode::invalid_argument,
        fmt::format("frame {} has {} bytes, {} are allowed", number, read.length, kBodyBytesMax),
        "NET-14");
  }
  return read;
}

bool checks(const FrameHead& head, std::span<const std::uint8_t> body) {
  return check_of_body(body.data(), body.size(), head.seed) == head.body_check;
}

}  // namespace onyx::messaging::wire
