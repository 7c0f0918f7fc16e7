#include "common/frontend/inline_forms.h"

#include "common/model/information_model.h"

namespace onyx::frontend {

namespace {

using edn::Place;
using edn::Value;
using Path = std::vector<Value>;

struct SectionOfJob {
  std::string_view key;
  model::Section section;
};

constexpr SectionOfJob kSections[] = {
    {"catalog", model::Section::catalog_entry}, {"flow-conditions", model::Section::flow_condition},
    {"windows", model::Section::window},        {"triggers", model::Section::trigger},
    {"lifecycles", model::Section::lifecycle},
};

const Place* child(const Place* place, std::size_t index) {
  return place != nullptr && index < place->children.size() ? &place->children[index] : nullptr;
}

// The place of the value under `key`: a map's place has key and value in turn.
const Place* value_place(const Value& map, const Place* place, const Value& key) {
  std::size_t index = 0;
  for (const edn::Entry entry : map.entries()) {
    if (entry.key == key) return child(place, 2 * index + 1);
    ++index;
  }
  return nullptr;
}

class Finder {
 public:
  Finder(std::string file, std::vector<lang::InlineForm>& out)
      : file_(std::move(file)), out_(out) {}

  void look(const Value& value, const Place* place, Path path) {
    if (value.is_list()) {
      out_.push_back({{value, place}, file_, std::move(path)});
    } else if (value.is_vector()) {
      for (std::size_t i = 0; i < value.count(); ++i) {
        Path below = path;
        below.push_back(Value::integer(static_cast<std::int64_t>(i)));
        look(value.at(i), child(place, i), std::move(below));
      }
    }
  }

 private:
  const std::string file_;
  std::vector<lang::InlineForm>& out_;
};

}  // namespace

std::vector<lang::InlineForm> inline_forms(const Value& job, const Place* place,
                                           const std::string& file) {
  std::vector<lang::InlineForm> out;
  if (!job.is_map()) return out;
  Finder finder(file, out);
  for (const SectionOfJob& part : kSections) {
    const Value key = Value::keyword(part.key);
    const Value& entries = job.get(part.key);
    if (!entries.is_vector()) continue;
    const Place* entries_place = value_place(job, place, key);
    for (std::size_t i = 0; i < entries.count(); ++i) {
      const Value& entry = entries.at(i);
      if (!entry.is_map()) continue;
      for (const model::ModelKey& row : model::keys_of(part.section)) {
        if (row.type != model::ValueType::function && row.key != "flow/predicate") continue;
        const Value name = Value::keyword(row.key);
        const Value* value = entry.find(name);
        if (value == nullptr) continue;
        finder.look(*value, value_place(entry, child(entries_place, i), name),
                    {key, Value::integer(static_cast<std::int64_t>(i)), name});
      }
    }
  }
  return out;
}

}  // namespace onyx::frontend
