#include "common/model/keys/keys.h"

namespace onyx::model::keys {
namespace {

constexpr ModelKey kFilePluginKeys[] = {
    {.section = Section::file_plugin,
     .key = "file/path",
     .type = ValueType::string,
     .type_text = "string",
     .need = Need::required,
     .added = "onyxd",
     .rule = "CAT-31",
     .doc = "A file, a glob or a directory. onyxctl resolves a relative one against the job file."},
    {.section = Section::file_plugin,
     .key = "file/format",
     .type = ValueType::keyword,
     .type_text = "keyword",
     .need = Need::required,
     .choices = "[:json-lines :csv :edn-lines :lines]",
     .added = "onyxd",
     .rule = "CAT-31",
     .doc = "How a line becomes a segment, and back."},
    {.section = Section::file_plugin,
     .key = "file/keys",
     .type = ValueType::keyword,
     .type_text = "keyword",
     .default_text = ":keyword",
     .choices = "[:keyword :string]",
     .added = "onyxd",
     .rule = "CAT-31",
     .doc = "Whether the keys of JSON objects and CSV columns become keywords or stay strings."},
    {.section = Section::file_plugin,
     .key = "file/types",
     .type = ValueType::map,
     .type_text = "{column type}",
     .restrictions = "types are :long, :double and :string",
     .added = "onyxd",
     .rule = "CAT-31",
     .doc = "Types of CSV columns; a column without one is a :string."},
    {.section = Section::file_plugin,
     .key = "file/on-bad-line",
     .type = ValueType::checked_elsewhere,
     .type_text = ":fail | :skip | {:to path}",
     .default_text = ":fail",
     .added = "onyxd",
     .rule = "CAT-31",
     .doc = "What to do with a line that cannot be read: kill the job, count and skip it, or write "
            "it to a file."},
    {.section = Section::file_plugin,
     .key = "file/if-exists",
     .type = ValueType::keyword,
     .type_text = "keyword",
     .default_text = ":replace",
     .choices = "[:replace :fail]",
     .added = "onyxd",
     .rule = "CAT-31",
     .doc = "What an output does with a file that is already there."},
};

}  // namespace

std::span<const ModelKey> file_plugin_keys() { return kFilePluginKeys; }

}  // namespace onyx::model::keys
