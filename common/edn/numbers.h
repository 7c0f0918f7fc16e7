// Doubles to text: the shortest that reads back as the same double, written as Java and Clojure do: 1.0, 0.001, 1.0E10.
#pragma once

#include <string>

namespace onyx::edn {

void print_real(double d, std::string& out);

}  // namespace onyx::edn
