#include "daemon/service/known.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/unknown_field_set.h>

#include <vector>

namespace onyx::service {
namespace {

using api::Answer;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

Error unknown_field(int number, const std::string& path, const Message& message) {
  return Error(ErrorCode::invalid_argument,
               fmt::format("found field {} in {}{}, which this daemon does not know: it is older "
                           "than its caller",
                           number, message.GetDescriptor()->name(),
                           path.empty() ? "" : " at `" + path + "`"),
               "NET-07");
}

Answer<void> check_value(int value, const FieldDescriptor& field, const std::string& path) {
  if (field.enum_type()->FindValueByNumber(value) != nullptr) return {};
  return failure(ErrorCode::invalid_argument,
                 fmt::format("found {} as `{}`, which is no {} of this daemon", value, path,
                             field.enum_type()->name()),
                 "NET-07");
}

Answer<void> check(const Message& message, const std::string& path);

Answer<void> check_field(const Message& message, const FieldDescriptor& field,
                         const std::string& path) {
  const Reflection& reflection = *message.GetReflection();
  const bool is_enum = field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM;
  const bool is_message = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  if (!is_enum && !is_message) return {};
  const int count = field.is_repeated() ? reflection.FieldSize(message, &field) : 1;
  for (int i = 0; i < count; ++i) {
    if (is_enum) {
      ONYX_TRY(check_value(field.is_repeated() ? reflection.GetRepeatedEnumValue(message, &field, i)
                                               : reflection.GetEnumValue(message, &field),
                           field, path));
    } else {
      ONYX_TRY(check(field.is_repeated() ? reflection.GetRepeatedMessage(message, &field, i)
                                         : reflection.GetMessage(message, &field),
                     path));
    }
  }
  return {};
}

Answer<void> check(const Message& message, const std::string& path) {
  const Reflection& reflection = *message.GetReflection();
  if (const auto& unknown = reflection.GetUnknownFields(message); !unknown.empty()) {
    return tl::unexpected<api::Refusal>(unknown_field(unknown.field(0).number(), path, message));
  }
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    ONYX_TRY(
        check_field(message, *field, path.empty() ? field->name() : path + "." + field->name()));
  }
  return {};
}

}  // namespace

Answer<void> check_known(const Message& request) { return check(request, ""); }

}  // namespace onyx::service
