// A function as its text: what can be known of it without running it.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "common/edn/value.h"
#include "common/model/job.h"

namespace onyx::dataflow {

// The one arity of a fn or defn without `&`.
struct WrittenFunction {
  std::vector<edn::Value> parameters;
  std::vector<edn::Value> body;
};

// nullopt when it is written in another way, or elsewhere. `definitions` are the forms of a job's :functions, of which the
// last definition of a name counts.
std::optional<WrittenFunction> written_function(const model::FunctionRef& function,
                                                const std::vector<edn::Value>& definitions);

// Some form defines that name, in whatever namespace.
bool is_redefined(std::string_view name, const std::vector<edn::Value>& definitions);

bool is_symbol(const edn::Value& value, std::string_view text);

}  // namespace onyx::dataflow
