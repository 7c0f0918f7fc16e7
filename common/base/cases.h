// One function a case, for std::visit: std::visit(Cases{[](const A&) {…}, [](const B&) {…}}, variant).
#pragma once

namespace onyx {

template <class... F>
struct Cases : F... {
  using F::operator()...;
};
template <class... F>
Cases(F...) -> Cases<F...>;

}  // namespace onyx
