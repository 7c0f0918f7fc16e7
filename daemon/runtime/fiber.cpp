#include "daemon/runtime/fiber.h"

#include <cxxabi.h>
#include <boost/context/fiber.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>

#include "common/base/check.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

namespace onyx::runtime {

namespace {

#ifdef ONYX_SANITIZED
constexpr std::size_t kStackBytes =
    4 * 1024 * 1024;  // instrumented frames are several times as large
#else
constexpr std::size_t kStackBytes = 1024 * 1024;
#endif

// The exceptions that are being handled, which the C++ runtime keeps per thread (Itanium ABI, __cxa_eh_globals).
struct ExceptionState {
  void* caught = nullptr;
  unsigned int uncaught = 0;
};

ExceptionState swap_exceptions(ExceptionState next) {
  auto* current = reinterpret_cast<ExceptionState*>(abi::__cxa_get_globals());
  const ExceptionState previous = *current;
  *current = next;
  return previous;
}

}  // namespace

struct Fiber::State {
  boost::context::fiber inner;  // the body's side, while the owner runs
  boost::context::fiber outer;  // the owner's side, while the body runs
  std::function<void()> body;
  ExceptionState exceptions;
  bool paused = false;
  bool quit = false;
#if defined(__SANITIZE_ADDRESS__)
  const void* outer_stack = nullptr;
  std::size_t outer_size = 0;
  void* inner_fake = nullptr;
  const void* inner_stack = nullptr;
  std::size_t inner_size = 0;
#endif
#if defined(__SANITIZE_THREAD__)
  void* inner_tsan = nullptr;
  void* outer_tsan = nullptr;
#endif

  // The owner's half of a switch.
  void enter() {
    const ExceptionState own = swap_exceptions(exceptions);
#if defined(__SANITIZE_ADDRESS__)
    void* fake = nullptr;
    __sanitizer_start_switch_fiber(&fake, inner_stack, inner_size);
#endif
#if defined(__SANITIZE_THREAD__)
    outer_tsan = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(inner_tsan, 0);
#endif
    inner = std::move(inner).resume();
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(fake, nullptr, nullptr);
#endif
    exceptions = swap_exceptions(own);
  }

  // The body's half.
  void leave() {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_start_switch_fiber(quit ? nullptr : &inner_fake, outer_stack, outer_size);
#endif
#if defined(__SANITIZE_THREAD__)
    __tsan_switch_to_fiber(outer_tsan, 0);
#endif
    outer = std::move(outer).resume();
    entered();
  }

  void entered() {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(inner_fake, &outer_stack, &outer_size);
#endif
  }
};

Fiber::Fiber() : state_(std::make_unique<State>()) {
  State* s = state_.get();
  boost::context::protected_fixedsize_stack allocator(kStackBytes);
#if defined(__SANITIZE_THREAD__)
  s->inner_tsan = __tsan_create_fiber(0);
#endif
  const auto stack = allocator.allocate();
#if defined(__SANITIZE_ADDRESS__)
  s->inner_stack = static_cast<char*>(stack.sp) - stack.size;
  s->inner_size = stack.size;
#endif
  s->inner = boost::context::fiber(
      std::allocator_arg, boost::context::preallocated(stack.sp, stack.size, stack), allocator,
      [s](boost::context::fiber&& outer) {
        s->outer = std::move(outer);
        s->entered();
        for (;;) {
          if (s->quit) break;
          s->body();
          s->paused = false;
          s->leave();
        }
#if defined(__SANITIZE_ADDRESS__)
        __sanitizer_start_switch_fiber(nullptr, s->outer_stack, s->outer_size);
#endif
#if defined(__SANITIZE_THREAD__)
        __tsan_switch_to_fiber(s->outer_tsan, 0);
#endif
        return std::move(s->outer);
      });
}

Fiber::~Fiber() {
  ONYX_CHECK(!state_->paused, "a paused fiber is destroyed");
  state_->quit = true;
  state_->enter();
#if defined(__SANITIZE_ADDRESS__)
  // What its frames have marked must not meet whatever is mapped there next.
  __asan_unpoison_memory_region(state_->inner_stack, state_->inner_size);
#endif
#if defined(__SANITIZE_THREAD__)
  __tsan_destroy_fiber(state_->inner_tsan);
#endif
}

bool Fiber::run(std::function<void()> body) {
  ONYX_CHECK(!state_->paused, "a paused fiber gets a new body");
  state_->body = std::move(body);
  state_->enter();
  return !state_->paused;
}

bool Fiber::resume() {
  state_->enter();
  return !state_->paused;
}

void Fiber::pause() {
  state_->paused = true;
  state_->leave();
}

bool Fiber::is_paused() const { return state_->paused; }

}  // namespace onyx::runtime
