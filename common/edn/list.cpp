// Lists: chains of cells, the last of which has no rest.
#include "common/base/check.h"
#include "common/edn/objects.h"

namespace onyx::edn {

namespace {

Value empty_list() {
  auto* object = allocate<EmptyList>();
  object->form = form::kEmptyList;
  object->count = 0;
  return ValueAccess::adopt(Tag::list, object);
}

}  // namespace

Value list_conj(Value list, Value item) {
  auto* cons = allocate<Cons>();
  cons->form = form::kCons;
  cons->count = list.count() + 1;
  deepen(cons, item);
  cons->first = std::move(item);
  if (cons->count > 1) {
    cons->depth = std::max(cons->depth, list.depth());
    cons->rest = std::move(list);
  }
  return ValueAccess::adopt(Tag::list, cons);
}

Value Value::list(std::vector<Value> items) {
  Value list = empty_list();
  for (auto at = items.rbegin(); at != items.rend(); ++at)
    list = list_conj(std::move(list), std::move(*at));
  return list;
}

Value Value::rest() const {
  ONYX_CHECK(is_list(), "rest on {}", name_of(kind()));
  if (count() <= 1) return empty_list();
  return static_cast<Cons*>(bits_.wide.object)->rest;
}

}  // namespace onyx::edn
