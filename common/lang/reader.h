// Source files of functions (.clj): text to forms, with the place of everything.
//
// Shape:   what the EDN reader knows, and #(…), #"regex", 'x, ^meta (ignored), #! lines. The result is plain data: 'x is
//          (quote x), #"re" is (re-pattern "re"), #(+ % 1) is (fn [p1__] (+ p1__ 1)).
// Limits:  nesting 512, a file 16 MiB.
// Errors:  LANG-01 for text that cannot be read, LANG-05 for syntax that is refused (@x, #'x, `x, #=…), or what the EDN
//          reader says of an atom.
#pragma once

#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "common/edn/reader.h"

namespace onyx::lang {

tl::expected<std::vector<edn::Document>, edn::Diagnostic> read_source(std::string_view text,
                                                                      std::string_view file);

}  // namespace onyx::lang
