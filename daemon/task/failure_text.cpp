#include "daemon/task/failure_text.h"

#include <fmt/format.h>

#include "common/edn/printer.h"
#include "common/lang/exception.h"

namespace onyx::task {
namespace {

constexpr std::size_t kDataShownMax = 500;

std::string place_of(const lang::TraceEntry& entry) {
  std::string place = entry.function.empty() ? std::string("(top level)") : entry.function;
  if (entry.span.is_known()) {
    place += fmt::format(" {}:{}:{}", entry.file.empty() ? "job" : entry.file, entry.span.line,
                         entry.span.column);
  }
  if (!entry.form.empty()) place += "  " + entry.form;
  return place;
}

}  // namespace

std::string failure_text(const edn::Value& exception, const TaskId& task, std::string_view phase) {
  const lang::ExceptionInfo* info = lang::as_exception(exception);
  if (info == nullptr) return fmt::format("task :{} failed in :{}", task.text(), phase);
  std::string text = fmt::format("{}\n  in task :{}, {}", info->message(), task.text(), phase);
  for (const lang::TraceEntry& entry : info->trace()) text += "\n  at " + place_of(entry);
  if (info->data().is_map() && info->data().count() != 0) {
    std::string data = edn::print(info->data());
    if (data.size() > kDataShownMax) data = data.substr(0, kDataShownMax) + " …";
    text += "\n  data " + data;
  }
  return text;
}

}  // namespace onyx::task
