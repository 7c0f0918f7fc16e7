#include "common/base/pool.h"

#include <mutex>
#include <new>
#include <vector>

namespace onyx {

namespace {

constexpr std::size_t kGranule = 16;
constexpr std::size_t kClasses = kPoolMaxBytes / kGranule + 1;
constexpr std::size_t kChunkBytes = 64 * 1024;
constexpr std::uint32_t kListMax = 8192;   // blocks a thread keeps per class
constexpr std::uint32_t kTransfer = 4096;  // blocks that move to or from the shared store at once

struct Block {
  Block* next;
};

struct Chain {
  Block* head;
  std::uint32_t length;
};

// Chains of kTransfer blocks that threads with too many leave for threads with none. Never destroyed: blocks may
// be freed by thread-local destructors after main.
struct SharedStore {
  std::mutex mutex;
  std::vector<Chain> chains[kClasses];
};

SharedStore& shared_store() {
  static auto* store = new SharedStore;
  return *store;
}

struct FreeList {
  Block* head = nullptr;
  std::uint32_t length = 0;
};

struct ThreadPool {
  FreeList lists[kClasses];

  ~ThreadPool() {
    auto& store = shared_store();
    std::lock_guard lock(store.mutex);
    for (std::size_t i = 0; i < kClasses; ++i) {
      if (lists[i].head != nullptr) store.chains[i].push_back({lists[i].head, lists[i].length});
      lists[i] = {};
    }
  }
};

thread_local ThreadPool pool;
thread_local std::uint64_t bytes_asked = 0;

[[maybe_unused]] void refill(FreeList& list, std::size_t size_class) {
  {
    auto& store = shared_store();
    std::lock_guard lock(store.mutex);
    auto& chains = store.chains[size_class];
    if (!chains.empty()) {
      list.head = chains.back().head;
      list.length = chains.back().length;
      chains.pop_back();
      return;
    }
  }
  const std::size_t block_bytes = size_class * kGranule;
  const std::size_t count = kChunkBytes / block_bytes;
  auto* chunk = static_cast<std::byte*>(::operator new(count* block_bytes));
  for (std::size_t i = 0; i < count; ++i) {
    auto* block = reinterpret_cast<Block*>(chunk + i * block_bytes);
    block->next = list.head;
    list.head = block;
  }
  list.length += static_cast<std::uint32_t>(count);
}

[[maybe_unused]] void give_back(FreeList& list, std::size_t size_class) {
  Block* head = list.head;
  Block* last = head;
  for (std::uint32_t i = 1; i < kTransfer; ++i) last = last->next;
  list.head = last->next;
  list.length -= kTransfer;
  last->next = nullptr;
  auto& store = shared_store();
  std::lock_guard lock(store.mutex);
  store.chains[size_class].push_back({head, kTransfer});
}

}  // namespace

std::uint64_t& allocated_bytes() noexcept { return bytes_asked; }

#ifdef ONYX_SANITIZED

void* pool_allocate(std::size_t bytes) {
  bytes_asked += bytes;
  return ::operator new(bytes);
}
void pool_free(void* block, std::size_t) noexcept { ::operator delete(block); }

#else

void* pool_allocate(std::size_t bytes) {
  bytes_asked += bytes;
  if (bytes > kPoolMaxBytes) return ::operator new(bytes);
  const std::size_t size_class = (bytes + kGranule - 1) / kGranule;
  FreeList& list = pool.lists[size_class];
  if (list.head == nullptr) [[unlikely]]
    refill(list, size_class);
  Block* block = list.head;
  list.head = block->next;
  --list.length;
  return block;
}

void pool_free(void* pointer, std::size_t bytes) noexcept {
  if (bytes > kPoolMaxBytes) {
    ::operator delete(pointer);
    return;
  }
  const std::size_t size_class = (bytes + kGranule - 1) / kGranule;
  FreeList& list = pool.lists[size_class];
  auto* block = static_cast<Block*>(pointer);
  block->next = list.head;
  list.head = block;
  if (++list.length > kListMax) [[unlikely]]
    give_back(list, size_class);
}

#endif

}  // namespace onyx
