// Fresh ids from the kernel's random source.
#pragma once

#include "common/base/id_source.h"

namespace onyx {

class RandomIds final : public IdSource {
 public:
  std::string uuid() override;
};

}  // namespace onyx
