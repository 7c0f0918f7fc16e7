// Plugins by the text of their catalog entry.
#pragma once

#include <catch2/catch.hpp>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string_view>

#include "common/edn/reader.h"
#include "daemon/plugins/built_in.h"

namespace onyx::plugins {

inline edn::Value value(std::string_view text) { return edn::read(text).value(); }

inline std::vector<edn::Value> values(std::string_view text) {
  std::vector<edn::Value> all;
  const edn::Value list = value(text);
  for (const edn::Value& item : list.items()) all.push_back(item);
  return all;
}

inline PluginContext context(std::string_view entry = "{}", std::string_view event = "{}") {
  PluginContext made;
  made.job = JobId("j");
  made.task = TaskId("t");
  made.version = 1;
  made.catalog_entry = value(entry);
  made.event = value(event);
  made.wake = [] {};
  made.log = [](const std::string&) {};
  return made;
}

// Counts the calls of a plugin's wake(), which come from any thread.
class Wakes {
 public:
  void ring() {
    std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_one();
  }
  // Asks until the answer is yes, and between two times waits to be woken.
  template <class Ask>
  void until(Ask ask) {
    for (;;) {
      if (ask()) return;
      std::unique_lock lock(mutex_);
      REQUIRE(changed_.wait_for(lock, std::chrono::seconds(60), [this] { return count_ > 0; }));
      count_ = 0;
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

// Everything that is left, in polls of `limit`.
inline std::vector<edn::Value> poll_all(Input& input, std::size_t limit) {
  std::vector<edn::Value> out;
  while (input.poll(out, limit).value() != Polled::done) {
  }
  return out;
}

}  // namespace onyx::plugins
