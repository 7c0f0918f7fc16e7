// Memory for small, short-lived, immutable objects: free lists per thread and size class.
//
// Shape:   classes of 16 bytes up to kPoolMaxBytes; anything larger goes to operator new. A block may be freed on
//          another thread than it came from: it joins that thread's list, and a list that grows too long gives its
//          surplus to a shared store in one piece, so a thread that only allocates is refilled from there.
// Units:   bytes. `allocated_bytes()` only grows; the difference around a call is what the call allocated, which is
//          how the function language's memory budget is kept.
// Thread:  any. In sanitizer builds every block comes from operator new, so that misuse is seen.
#pragma once

#include <cstddef>
#include <cstdint>

namespace onyx {

inline constexpr std::size_t kPoolMaxBytes = 512;

void* pool_allocate(std::size_t bytes);
void pool_free(void* block, std::size_t bytes) noexcept;

// Bytes this thread has asked for since it started.
std::uint64_t& allocated_bytes() noexcept;

}  // namespace onyx
