// 128-bit integers, which the compiler has and the standard lacks.
#pragma once

namespace onyx::edn {

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

}  // namespace onyx::edn
