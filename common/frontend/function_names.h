// A compiled program, as validation asks about it.
#pragma once

#include "common/lang/program.h"
#include "common/model/validation.h"

namespace onyx::frontend {

class ProgramNames final : public model::FunctionNames {
 public:
  explicit ProgramNames(const lang::Program& program) : program_(program) {}

  std::optional<model::Definition> find(std::string_view name) const override;
  std::vector<std::string> names() const override { return program_.names(); }

 private:
  const lang::Program& program_;
};

}  // namespace onyx::frontend
