// Whether this version understands everything that a request says. What it does not know would otherwise be left undone
// without a word.
//
// Errors:  invalid_argument that names the field or value and where it stands.
#pragma once

#include <google/protobuf/message.h>

#include "common/api/refusal.h"

namespace onyx::service {

api::Answer<void> check_known(const google::protobuf::Message& request);

}  // namespace onyx::service
