#include "common/model/job_hash.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <memory>
#include <string_view>

#include "common/base/check.h"
#include "common/edn/printer.h"

namespace onyx::model {
namespace {

constexpr std::string_view kPrefix = "onyx-job-1\n";  // changes with the canonical form

}  // namespace

std::string job_hash(const edn::Value& job) {
  const std::string canonical = edn::print_canonical(job);
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                  EVP_MD_CTX_free);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  const bool is_done = context != nullptr &&
                       EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1 &&
                       EVP_DigestUpdate(context.get(), kPrefix.data(), kPrefix.size()) == 1 &&
                       EVP_DigestUpdate(context.get(), canonical.data(), canonical.size()) == 1 &&
                       EVP_DigestFinal_ex(context.get(), digest.data(), &size) == 1;
  ONYX_CHECK(is_done && size == 32, "SHA-256 is not available");
  std::string text;
  for (unsigned int i = 0; i < size; ++i)
    fmt::format_to(std::back_inserter(text), "{:02x}", digest[i]);
  return text;
}

}  // namespace onyx::model
