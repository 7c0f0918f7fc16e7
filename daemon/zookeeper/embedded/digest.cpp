#include "daemon/zookeeper/embedded/digest.h"

#include <openssl/evp.h>

#include <array>

namespace onyx::zookeeper::embedded {

std::optional<std::string> digest_identity(const std::string& credentials) {
  const std::size_t colon = credentials.find(':');
  if (colon == std::string::npos) return std::nullopt;
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int hash_bytes = 0;
  if (EVP_Digest(credentials.data(), credentials.size(), hash.data(), &hash_bytes, EVP_sha1(),
                 nullptr) != 1) {
    return std::nullopt;
  }
  std::array<unsigned char, 64> base64{};
  const int length = EVP_EncodeBlock(base64.data(), hash.data(), static_cast<int>(hash_bytes));
  return credentials.substr(0, colon + 1) + std::string(base64.begin(), base64.begin() + length);
}

}  // namespace onyx::zookeeper::embedded
