#include "daemon/zookeeper/large_text.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <vector>

#include "daemon/zookeeper/text_format.h"

namespace onyx::zookeeper {
namespace {

constexpr std::string_view kManifest = "onyx/parts/1";
constexpr std::size_t kPartBytes = 512 * 1024;

struct Manifest {
  std::size_t bytes = 0;
  std::size_t count = 0;
  std::string sha256;
};

std::string sha256_of(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int hash_bytes = 0;
  EVP_Digest(text.data(), text.size(), hash.data(), &hash_bytes, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned int i = 0; i < hash_bytes; ++i) hex += fmt::format("{:02x}", hash[i]);
  return hex;
}

std::optional<Manifest> manifest_in(std::string_view stored) {
  const auto bytes = number_in(stored, kManifest, "bytes");
  const auto count = number_in(stored, kManifest, "count");
  const auto sha256 = word_in(stored, kManifest, "sha256");
  if (!bytes || !count || !sha256) return std::nullopt;
  return Manifest{static_cast<std::size_t>(*bytes), static_cast<std::size_t>(*count),
                  std::string(*sha256)};
}

std::string part_path(const std::string& folder, std::size_t number) {
  return fmt::format("{}/{:04d}", folder, number);
}

}  // namespace

bool is_inline(std::string_view text) {
  return text.size() <= kInlineBytesMax && !text.starts_with(kManifest);
}

Result<std::string> store_large(Session& session, const Paths& paths, std::string_view text) {
  if (is_inline(text)) return std::string(text);
  const Manifest manifest{text.size(), (text.size() + kPartBytes - 1) / kPartBytes,
                          sha256_of(text)};
  const std::string folder = paths.parts(manifest.sha256);
  const auto create = [&](const std::string& path, std::string_view part) -> Result<void> {
    const Reply reply = session.repeat([&] { return session.handle().create(path, part); });
    if (reply.ok() || reply.code == Code::node_exists) return {};
    return failure_of(reply, fmt::format("writing {}", path));
  };
  ONYX_TRY(create(folder, {}));
  for (std::size_t i = 0; i < manifest.count; ++i) {
    ONYX_TRY(create(part_path(folder, i), text.substr(i * kPartBytes, kPartBytes)));
  }
  return fmt::format("{} bytes={} count={} sha256={}", kManifest, manifest.bytes, manifest.count,
                     manifest.sha256);
}

Result<std::string> load_large(Session& session, const Paths& paths, std::string stored) {
  if (!stored.starts_with(kManifest)) return stored;
  const std::optional<Manifest> manifest = manifest_in(stored);
  if (!manifest) {
    return failure(ErrorCode::internal, fmt::format("not a manifest of parts: {}", stored));
  }
  const std::string folder = paths.parts(manifest->sha256);
  std::string text;
  for (std::size_t i = 0; i < manifest->count; ++i) {
    const std::string path = part_path(folder, i);
    const Reply reply = session.repeat([&] { return session.handle().get(path); });
    if (!reply.ok()) return failure_of(reply, fmt::format("reading {}", path));
    text += reply.text;
  }
  if (text.size() != manifest->bytes || sha256_of(text) != manifest->sha256) {
    return failure(ErrorCode::internal,
                   fmt::format("{}: {} bytes are not what was written", folder, text.size()));
  }
  return text;
}

Result<void> drop_large(Session& session, const Paths& paths, std::string_view stored) {
  const std::optional<Manifest> manifest = manifest_in(stored);
  if (!manifest) return {};
  const std::string folder = paths.parts(manifest->sha256);
  for (std::size_t i = 0; i <= manifest->count; ++i) {
    const std::string path = i < manifest->count ? part_path(folder, i) : folder;
    const Reply reply = session.repeat([&] { return session.handle().remove(path); });
    if (!reply.ok() && reply.code != Code::no_node) {
      return failure_of(reply, fmt::format("deleting {}", path));
    }
  }
  return {};
}

}  // namespace onyx::zookeeper
