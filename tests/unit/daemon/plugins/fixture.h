// Plugins by the text of their catalog entry.
#pragma once

#include <memory>
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

// Everything that is left, in polls of `limit`.
inline std::vector<edn::Value> poll_all(Input& input, std::size_t limit) {
  std::vector<edn::Value> out;
  while (input.poll(out, limit).value() != Polled::done) {
  }
  return out;
}

}  // namespace onyx::plugins
