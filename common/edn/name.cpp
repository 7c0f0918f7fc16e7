// The process-wide table of names. It takes a lock, which this pure folder allows here and in shape.cpp only: a memo
// table that no result depends on.
#include "common/edn/name.h"

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "common/edn/value.h"

namespace onyx::edn {

namespace {

constexpr std::size_t kShards = 64;
constexpr std::size_t kCacheSlots = 1024;

struct PassHash {
  std::size_t operator()(std::uint64_t hash) const { return hash; }
};

struct Shard {
  std::shared_mutex mutex;
  std::unordered_multimap<std::uint64_t, std::unique_ptr<const Name>, PassHash> names;
};

struct Table {
  std::array<Shard, kShards> shards;
  std::atomic<std::size_t> count{0};
};

// Never destroyed: Values may outlive main.
Table& table() {
  static auto* the_table = new Table;
  return *the_table;
}

// The names this thread asked for last, so that reading many lines with the same keys takes no lock.
thread_local std::array<const Name*, kCacheSlots> cache{};

const Name* find_in(const Shard& shard, std::uint64_t hash, std::string_view text) {
  auto [at, end] = shard.names.equal_range(hash);
  for (; at != end; ++at) {
    if (at->second->text == text) return at->second.get();
  }
  return nullptr;
}

std::size_t ns_length_of(std::string_view text) {
  if (text == "/") return 0;
  const std::size_t slash = text.find('/');
  return slash == std::string_view::npos ? 0 : slash;
}

}  // namespace

const Name* intern(std::string_view text) {
  const std::uint64_t hash = stable_hash(text);
  const Name*& cached = cache[hash % kCacheSlots];
  if (cached != nullptr && cached->hash == hash && cached->text == text) return cached;
  Table& names = table();
  Shard& shard = names.shards[(hash >> 32) % kShards];
  {
    std::shared_lock lock(shard.mutex);
    if (const Name* name = find_in(shard, hash, text)) return cached = name;
  }
  std::unique_lock lock(shard.mutex);
  if (const Name* name = find_in(shard, hash, text)) return cached = name;
  if (names.count.fetch_add(1, std::memory_order_relaxed) >= kNamesMax) {
    names.count.fetch_sub(1, std::memory_order_relaxed);
    return nullptr;
  }
  auto name = std::make_unique<const Name>(Name{std::string(text), ns_length_of(text), hash});
  return cached = shard.names.emplace(hash, std::move(name))->second.get();
}

const Name* find_name(std::string_view text) {
  const std::uint64_t hash = stable_hash(text);
  const Name*& cached = cache[hash % kCacheSlots];
  if (cached != nullptr && cached->hash == hash && cached->text == text) return cached;
  Shard& shard = table().shards[(hash >> 32) % kShards];
  std::shared_lock lock(shard.mutex);
  const Name* name = find_in(shard, hash, text);
  if (name != nullptr) cached = name;
  return name;
}

}  // namespace onyx::edn
