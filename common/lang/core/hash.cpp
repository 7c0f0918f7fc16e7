#include <fmt/format.h>
#include <openssl/evp.h>
#include <xxhash.h>

#include "common/lang/core/areas.h"
#include "common/lang/core/arguments.h"
#include "common/lang/core/search.h"

namespace onyx::lang::core {

namespace {

constexpr std::string_view kHash = "onyx.hash";

Value sha_256(Call& call, Args args) {
  const std::string_view text = text_of("onyx.hash/sha-256", args[0]);
  count_search(call, text.size());
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  if (EVP_Digest(text.data(), text.size(), digest, &length, EVP_sha256(), nullptr) != 1) {
    raise(ErrorClass::illegal_state,
          "onyx.hash/sha-256: the cryptographic library refuses SHA-256");
  }
  std::string hex;
  for (unsigned int i = 0; i < length; ++i)
    fmt::format_to(std::back_inserter(hex), "{:02x}", digest[i]);
  return Value::string(hex);
}

Value xxh64(Call& call, Args args) {
  const std::string_view text = text_of("onyx.hash/xxh64", args[0]);
  count_search(call, text.size());
  const std::int64_t seed = args.size() == 2 ? integer_of("onyx.hash/xxh64", args[1]) : 0;
  return Value::integer(
      static_cast<std::int64_t>(XXH64(text.data(), text.size(), static_cast<std::uint64_t>(seed))));
}

constexpr Native kHashTable[] = {
    {kHash, "sha-256", 1, 1, sha_256, "The SHA-256 of the string's UTF-8, in hexadecimal digits."},
    {kHash, "xxh64", 1, 2, xxh64,
     "The XXH64 of the string's UTF-8, with a seed if given, as an integer."},
};

}  // namespace

std::span<const Native> hash_table() { return kHashTable; }

}  // namespace onyx::lang::core
