#include "daemon/random_ids.h"

#include <fmt/format.h>
#include <sys/random.h>

#include "common/base/check.h"

namespace onyx {

std::string RandomIds::uuid() {
  std::uint8_t b[16];
  ONYX_CHECK(::getrandom(b, sizeof b, 0) == sizeof b, "getrandom gives no bytes");
  b[6] = static_cast<std::uint8_t>((b[6] & 0x0f) | 0x40);  // version 4
  b[8] = static_cast<std::uint8_t>((b[8] & 0x3f) | 0x80);  // variant 1
  return fmt::format(
      "{:02x}{:02x}{:02x}{:02x}-{:02x}{:02x}-{:02x}{:02x}-{:02x}{:02x}-{:02x}{:02x}{:02x}{:02x}{:"
      "02x}{:02x}",
      b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
      b[15]);
}

}  // namespace onyx
