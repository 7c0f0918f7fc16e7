#include "daemon/dataflow/task_exception.h"

#include <utility>

#include "common/base/check.h"
#include "common/lang/exception.h"

namespace onyx::dataflow {
namespace {

edn::Value keyword(std::string_view text) { return edn::Value::keyword(text); }

}  // namespace

edn::Value with_offender(const edn::Value& exception, const edn::Value& task, const char* key,
                         edn::Value offending) {
  const lang::ExceptionInfo* info = lang::as_exception(exception);
  ONYX_CHECK(info != nullptr, "not an exception");
  edn::Value data = info->data().is_map() ? info->data() : edn::Value::map();
  data = std::move(data)
             .assoc(keyword("offending-task"), task)
             .assoc(keyword(key), std::move(offending))
             .assoc(keyword("original-exception"), keyword(lang::name_of(info->error_class())));
  return info->with_trace(info->trace(), std::move(data));
}

edn::Value error_segment(const edn::Value& exception, const edn::Value& task, edn::Value segment) {
  const lang::ExceptionInfo* info = lang::as_exception(exception);
  ONYX_CHECK(info != nullptr, "not an exception");
  return edn::Value::map(
      {{keyword("error"),
        edn::Value::map({
            {keyword("message"), edn::Value::string(info->message())},
            {keyword("class"), edn::Value::string(lang::name_of(info->error_class()))},
            {keyword("data"), info->data()},
            {keyword("task"), task},
        })},
       {keyword("segment"), std::move(segment)}});
}

edn::Value task_exception(std::string message, edn::Value data) {
  return lang::make_exception(lang::ErrorClass::illegal_state, std::move(message), std::move(data));
}

edn::Value task_exception(const Error& error) { return task_exception(error.text()); }

}  // namespace onyx::dataflow
